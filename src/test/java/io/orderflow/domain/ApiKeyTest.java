package io.orderflow.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ApiKeyTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration DAY = Duration.ofHours(24);

    @Test
    void shouldEndWhenItExpires() {
        // Given
        var key = key(NOW.plusSeconds(10));

        // Then
        assertThat(key.status(NOW.plusSeconds(9))).isEqualTo(ApiKey.Status.ACTIVE);
        assertThat(key.validHashes(NOW.plusSeconds(9))).containsExactly("first");
        assertThat(key.status(NOW.plusSeconds(10))).isEqualTo(ApiKey.Status.EXPIRED);
        assertThat(key.validHashes(NOW.plusSeconds(10))).isEmpty();
    }

    @Test
    void shouldTakeBothSecretsUntilTheOverlapEnds() {
        // When
        var key = rotated(key(null), "second", DAY, NOW);

        // Then
        assertThat(key.validHashes(NOW)).containsExactly("second", "first");
        assertThat(key.overlapUntil(NOW)).contains(NOW.plus(DAY));
        assertThat(key.validHashes(NOW.plus(DAY).minusMillis(1))).containsExactly("second", "first");
        assertThat(key.validHashes(NOW.plus(DAY))).containsExactly("second");
        assertThat(key.overlapUntil(NOW.plus(DAY))).isEmpty();
        assertThat(key.rotatedBy()).isEqualTo("by second");
    }

    @Test
    void shouldKeepWhatAnotherRotationHasPromised() {
        // When
        var key = rotated(rotated(key(null), "second", DAY, NOW), "third", DAY.multipliedBy(2), NOW.plusSeconds(1));

        // Then
        assertThat(key.secrets())
                .containsExactly(
                        new ApiKey.Secret("third", null),
                        new ApiKey.Secret("second", NOW.plusSeconds(1).plus(DAY.multipliedBy(2))),
                        new ApiKey.Secret("first", NOW.plus(DAY)));
    }

    @Test
    void shouldEndEveryEarlierSecretAtOnceWithoutAnOverlap() {
        // When
        var key = rotated(rotated(key(null), "second", DAY, NOW), "third", Duration.ZERO, NOW);

        // Then
        assertThat(key.secrets()).containsExactly(new ApiKey.Secret("third", null));
    }

    @Test
    void shouldTakeTheSameSecretOnce() {
        // Given
        var key = rotated(rotated(key(null), "second", DAY, NOW), "third", DAY, NOW);

        // Then
        assertThat(rotated(key, "second", DAY, NOW.plusSeconds(1))).isEqualTo(key);
    }

    @Test
    void shouldHaveFiveSecretsAtMost() {
        // Given
        var full = IntStream.rangeClosed(2, ApiKey.MOST_SECRETS)
                .boxed()
                .reduce(key(null), (key, number) -> rotated(key, "n" + number, DAY, NOW), (a, b) -> b);

        // Then
        assertThat(full.validHashes(NOW)).hasSize(ApiKey.MOST_SECRETS);
        assertThat(full.rotated("more", DAY, "me", NOW)).isInstanceOf(ApiKey.Rotation.Refused.class);
        assertThat(rotated(full, "after", Duration.ZERO, NOW).validHashes(NOW)).containsExactly("after");
        assertThat(rotated(full, "later", DAY, NOW.plus(DAY)).validHashes(NOW.plus(DAY)))
                .containsExactly("later", "n" + ApiKey.MOST_SECRETS);
    }

    @Test
    void shouldStayRevokedAsItWasFirst() {
        // When
        var revoked = rotated(key(null), "second", DAY, NOW).revoked("me", NOW);

        // Then
        assertThat(revoked.status(NOW)).isEqualTo(ApiKey.Status.REVOKED);
        assertThat(revoked.validHashes(NOW)).isEmpty();
        assertThat(revoked.revoked("another", NOW.plusSeconds(1))).isEqualTo(revoked);
        assertThat(revoked.rotated("third", DAY, "me", NOW))
                .isEqualTo(new ApiKey.Rotation.Refused("The key is revoked. Make another one."));
    }

    private static ApiKey rotated(ApiKey key, String hash, Duration overlap, Instant now) {
        return ((ApiKey.Rotation.Rotated) key.rotated(hash, overlap, "by " + hash, now)).key();
    }

    private static ApiKey key(Instant expiresAt) {
        return new ApiKey(
                "3fJ0aPq9XyZ1",
                "Web shop",
                "web-shop",
                List.of("orders:read"),
                List.of(new ApiKey.Secret("first", null)),
                expiresAt,
                NOW,
                "default/bootstrap",
                null,
                null,
                null,
                null,
                null,
                1);
    }
}
