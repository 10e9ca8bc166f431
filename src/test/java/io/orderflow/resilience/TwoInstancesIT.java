package io.orderflow.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.testing.AppProcess;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Two instances on one world. The webhooks go to the first; the second is killed again and again, and at last for good. */
class TwoInstancesIT {

    private static final double TIME_SCALE = 0.1;
    private static final int KILLS = 3;
    private static final long SEED = Long.getLong("seed", 20260102);

    @Test
    void shouldDoEverythingOnceWhenOneOfTwoInstancesIsKilled() throws Exception {
        try (var stage = Stage.open(TIME_SCALE, Map.of());
                var second = stage.another(TIME_SCALE, Map.of())) {
            // Given
            var random = new Random(SEED);
            stage.app.start();
            second.start();
            var shop = stage.shopOf(alternating(stage.app, second));

            // When
            try (var crowd = new Crowd(shop, 4, SEED, 100)) {
                for (int kill = 1; kill <= KILLS; kill++) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1000 + random.nextInt(3000)));
                    second.kill();
                    if (kill < KILLS) {
                        second.start();
                    }
                }
                var purchases = crowd.end();

                // Then
                assertThat(purchases).hasSizeGreaterThan(10 * KILLS);
                var verdict = stage.judge.judge(purchases, Duration.ofMinutes(2));
                assertThat(shop.unexpected()).isEmpty();
                Stage.report(
                        "two-instances, seed " + SEED, List.of(KILLS + " kills of one of two", verdict.toString()));
            }
        }
    }

    private static java.util.function.Supplier<URI> alternating(AppProcess one, AppProcess other) {
        var calls = new AtomicInteger();
        return () -> calls.incrementAndGet() % 2 == 0 || !other.isAlive() ? one.base() : other.base();
    }
}
