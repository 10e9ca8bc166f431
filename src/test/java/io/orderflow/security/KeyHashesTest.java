package io.orderflow.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHashesTest {

    private static final String OLD = "o".repeat(32);
    private static final String NEW = "n".repeat(32);

    @Test
    void shouldKnowAKeyByItsHashAndNoOther() {
        // Given
        var hashes = hashes(NEW);
        var key = KeyText.random();

        // When
        var hash = hashes.hash(key);

        // Then
        assertThat(hash).doesNotContain(key.text()).hasSize(44);
        assertThat(hashes.isOne(key, List.of("A".repeat(44), hash))).isTrue();
        assertThat(hashes.isOne(KeyText.random(key.id()), List.of(hash))).isFalse();
        assertThat(hashes.isOne(key, List.of())).isFalse();
    }

    @Test
    void shouldKnowHashesUnderEverySecretWhileTheyAreRotated() {
        // Given
        var key = KeyText.random();
        var made = hashes(OLD).hash(key);

        // Then
        assertThat(hashes(NEW, OLD).isOne(key, List.of(made))).isTrue();
        assertThat(hashes(NEW, OLD).hash(key)).isEqualTo(hashes(NEW).hash(key)).isNotEqualTo(made);
        assertThat(hashes(NEW).isOne(key, List.of(made))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"too short", "                                        "})
    void shouldRefuseASecretThatIsTooShort(String secret) {
        // Then
        assertThatThrownBy(() -> hashes(NEW, secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ORDERFLOW_KEY_HASH_SECRET must have at least 32 characters");
    }

    private static KeyHashes hashes(String... secrets) {
        return new KeyHashes(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SecurityConfig.class)
                .withDefaultValue("orderflow.security.client", "default")
                .withDefaultValue("orderflow.security.key-hash-secret", String.join(",", secrets))
                .build()
                .getConfigMapping(SecurityConfig.class));
    }
}
