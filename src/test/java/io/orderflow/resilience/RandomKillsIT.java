package io.orderflow.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The app is killed at moments of chance while callers are at work; {@code -Dkills} and {@code -Dseed} say how often and when. */
class RandomKillsIT {

    private static final double TIME_SCALE = 0.1;
    private static final int KILLS = Integer.getInteger("kills", 10);
    private static final long SEED = Long.getLong("seed", 20260101);

    @Test
    void shouldDoEverythingOnceWheneverItIsKilled() throws Exception {
        var name = "random-kills, seed " + SEED;
        try (var stage = Stage.open(TIME_SCALE, Map.of());
                var crowd = new Crowd(stage.shop, 12, SEED, 100)) {
            // Given
            var random = new Random(SEED);
            stage.app.start();

            // When
            for (int kill = 0; kill < KILLS; kill++) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(3700)));
                stage.app.kill();
                stage.app.start();
            }
            var purchases = crowd.end();

            // Then
            assertThat(purchases).hasSizeGreaterThan(3 * KILLS);
            var verdict = stage.judge.judge(purchases, Duration.ofMinutes(2));
            Stage.report(name, List.of(KILLS + " kills", verdict.toString()));
        } catch (AssertionError e) {
            throw new AssertionError(name + ", " + KILLS + " kills: " + e.getMessage(), e);
        }
    }
}
