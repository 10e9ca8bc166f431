package io.orderflow.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    @ValueSource(strings = {"", "too short", "                                        "})
    void shouldRefuseASecretThatIsTooShort(String secret) {
        // Then
        assertThatThrownBy(() -> hashes(NEW, secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ORDERFLOW_KEY_HASH_SECRET must have at least 32 characters");
    }

    private static KeyHashes hashes(String... secrets) {
        return new KeyHashes(new SecurityConfig() {
            @Override
            public Optional<String> bootstrapApiKey() {
                return Optional.empty();
            }

            @Override
            public String client() {
                return "default";
            }

            @Override
            public List<String> keyHashSecret() {
                return List.of(secrets);
            }

            @Override
            public Duration keyCache() {
                return Duration.ofSeconds(5);
            }

            @Override
            public String audience() {
                return "orderflow";
            }

            @Override
            public Map<String, String> clients() {
                return Map.of();
            }

            @Override
            public Map<String, Set<String>> grants() {
                return Map.of();
            }
        });
    }
}
