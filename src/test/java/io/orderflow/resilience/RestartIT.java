package io.orderflow.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** How the app ends and starts. A start after {@code kill -9} takes up what was left, without help. */
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

    @Test
    void shouldFinishWhatIsInFlightAndRefuseWhatIsNewWhenItEnds() throws Exception {
        try (var stage = Stage.open(0.1, Map.of());
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given: an order whose intent is just being opened
            stage.app.start();
            var slow = stage.sandbox.fault(Map.of(
                    "service",
                    "stripe",
                    "operation",
                    "payment_intents.create",
                    "kind",
                    "latency",
                    "delayMillis",
                    2000));
            var purchase = stage.shop.purchase();
            var answer = callers.submit(() -> stage.shop.postOnce(purchase));
            awaitStruck(stage, slow);

            // When
            var end = callers.submit(() -> stage.app.terminate(Duration.ofSeconds(30)));
            var late = stage.shop.purchase();
            var refused = stage.shop.postOnce(late);
            while (refused.status() != 503) {
                refused = stage.shop.postOnce(stage.shop.purchase());
            }

            // Then
            assertThat(refused.retryAfter()).isNotNull();
            assertThat(refused.body().path("type").asText()).isEqualTo("urn:orderflow:problem:unavailable");
            assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(201);
            Stage.report("end", List.of("ended " + end.get() + " after SIGTERM"));
        }
    }

    @Test
    void shouldStartAndTakeOrdersWhileTheQueueCannotBeReached() {
        try (var stage = Stage.open(0.1, Map.of())) {
            // Given
            var away = stage.sandbox.fault(Map.of("service", "sqs", "kind", "status", "status", 500));

            // When
            stage.app.start();
            var purchase = stage.shop.place(stage.shop.purchase());

            // Then
            stage.judge.judge(List.of(purchase), MINUTE);
            stage.sandbox.endFault(away);
        }
    }

    @Test
    void shouldStartWhileTheIssuerIsAwayAndTakeTokensOnceItIsBack() throws Exception {
        try (var stage = Stage.open(0.1, Map.of());
                var http = HttpClient.newHttpClient()) {
            // Given
            var token = stage.sandbox.accessToken("shop", "orders:read");
            var away = stage.sandbox.fault(Map.of("service", "oauth", "kind", "status", "status", 500));

            // When
            stage.app.start();
            var refused = list(http, stage, token);
            var withKey = stage.shop.postOnce(stage.shop.purchase());
            stage.sandbox.endFault(away);

            // Then
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(withKey.status()).isEqualTo(201);
            var end = Instant.now().plusSeconds(20);
            while (list(http, stage, token).statusCode() != 200) {
                assertThat(Instant.now()).isBefore(end);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
    }

    private static HttpResponse<String> list(HttpClient http, Stage stage, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(stage.app.base().resolve("/api/orders"))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void awaitStruck(Stage stage, String fault) {
        var end = Instant.now().plusSeconds(20);
        while (stage.sandbox.faults().path(fault).path("struck").asInt() == 0) {
            assertThat(Instant.now()).as("struck: " + fault).isBefore(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
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
