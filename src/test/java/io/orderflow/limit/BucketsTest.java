package io.orderflow.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.orderflow.testing.AppProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** Two instances with one real Redis, which ends and comes back. */
class BucketsTest {

    private static final Limit LIMIT = new Limit("test", 10, 1);

    private final int port = AppProcess.freePort();
    private final String who = UUID.randomUUID().toString();
    private RedisServer redis;
    private Buckets one;
    private Buckets other;

    @BeforeEach
    void start() {
        startRedis();
        one = new Buckets(Optional.of("redis://127.0.0.1:" + port));
        other = new Buckets(Optional.of("redis://127.0.0.1:" + port));
    }

    @AfterEach
    void stop() throws IOException {
        one.close();
        other.close();
        redis.stop();
    }

    @Test
    void shouldCountTogetherWithTheOtherInstances() {
        // When
        awaitShared(who);
        for (int i = 0; i < 8; i++) {
            take(one, who);
            take(other, who);
        }

        // Then
        assertThat(take(one, who)).isNegative();
        assertThat(take(other, who)).isNegative();
    }

    @Test
    void shouldCountByItselfWhileRedisIsAwayAndTogetherAgainAfterwards() throws IOException {
        // Given
        awaitShared(who);
        while (take(one, who) >= 0) {
            assertThat(take(other, who)).isLessThan(10);
        }

        // When
        redis.stop();

        // Then
        assertThat(take(one, who)).as("a bucket of its own").isEqualTo(9);
        assertThat(take(other, who)).isEqualTo(9);

        // When
        startRedis();

        // Then
        awaitShared("after");
    }

    @Test
    void shouldStartWithoutRedisAndFindItLater() throws IOException {
        // Given
        redis.stop();
        var early = new Buckets(Optional.of("redis://127.0.0.1:" + port));

        // Then
        assertThat(take(early, who)).isEqualTo(9);
        startRedis();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var someone = UUID.randomUUID().toString();
            take(early, someone);
            assertThat(take(one, someone)).isEqualTo(8);
        });
        early.close();
    }

    /** Until what one takes is missing for the other. */
    private void awaitShared(String prefix) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var someone = prefix + UUID.randomUUID();
            take(one, someone);
            assertThat(take(other, someone)).isEqualTo(8);
        });
    }

    /** What is left, or -1 when there was nothing. */
    private static long take(Buckets buckets, String who) {
        var probe = buckets.take(LIMIT, who)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return probe.isConsumed() ? probe.getRemainingTokens() : -1;
    }

    private void startRedis() {
        try {
            redis = RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .build();
            redis.start();
        } catch (IOException e) {
            abort("The Redis that comes with the tests does not run on this machine: " + e.getMessage());
        }
    }
}
