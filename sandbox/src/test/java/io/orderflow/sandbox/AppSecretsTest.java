package io.orderflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppSecretsTest {

    @TempDir
    Path data;

    @Test
    void shouldMakeASecretOnceAndKeepIt() {
        // When
        var first = environment("one");
        var again = environment("one");
        var other = environment("other");

        // Then
        assertThat(first).matches("sandbox-[0-9a-f]{64}").isEqualTo(again).isNotEqualTo(other);
    }

    private String environment(String name) {
        try (var store = Store.open(data.resolve(name))) {
            return new AppSecrets(store).environment().get("ORDERFLOW_KEY_HASH_SECRET");
        }
    }
}
