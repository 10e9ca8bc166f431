package io.orderflow.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** With the leases as they are in production: a start after {@code kill -9} takes up what was left, without help. */
class RestartIT {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void shouldResumeWithinAMinuteOfAStartAfterAKill() {
        try (var stage = Stage.open(1, Map.of())) {
            // Given: one order whose mail is under way, and one whose row is
            stage.app.start();
            var mailed = stage.shop.purchase();
            var mail = stage.sandbox.fault(
                    Map.of("service", "sendgrid", "operation", "mail.send", "kind", "hold", "times", 1));
            var row = stage.sandbox.fault(
                    Map.of("service", "google-sheets", "operation", "spreadsheets.values.batchUpdate", "kind", "hold"));
            stage.shop.place(mailed);
            awaitHeld(stage, mail);
            awaitHeld(stage, row);
            stage.app.kill();
            stage.sandbox.dropHeld(mail);
            stage.sandbox.dropHeld(row);

            // When
            stage.app.begin();
            var start = Instant.now();
            stage.app.awaitReady();
            var ready = Duration.between(start, Instant.now());
            var verdict = stage.judge.judge(List.of(mailed), MINUTE.minus(ready));

            // Then
            var took = Duration.between(start, Instant.now());
            assertThat(took).isLessThan(MINUTE);
            Stage.report(
                    "restart",
                    List.of(
                            "ready after " + ready + ", all of it done " + took + " after the start",
                            verdict.toString()));
        }
    }

    private static void awaitHeld(Stage stage, String fault) {
        var end = Instant.now().plusSeconds(20);
        while (stage.sandbox.faults().path(fault).path("held").asInt() == 0) {
            assertThat(Instant.now()).as("held: " + fault).isBefore(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
