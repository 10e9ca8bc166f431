package io.orderflow.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One integration is down for a day, of which each second lasts {@code -Doutage.scale} seconds here, while orders
 * arrive. What is scaled: the redelivery schedule, up to its six hours, the breakers' pauses, and the age at which a
 * delivery is given up. What is not: timeouts, and so the leases that must outlast them.
 */
class OutageIT {

    private static final double TIME_SCALE = Double.parseDouble(System.getProperty("outage.scale", "0.0005"));
    private static final Duration DAY = scaled(Duration.ofHours(24));

    /** The longest delay of the schedule, with its jitter, and then some for the work itself. */
    private static final Duration UNTIL_DRAINED = scaled(Duration.ofHours(8)).plusSeconds(60);

    private static final int STRIPE_CALLS_PER_SECOND = 25;

    /** Each is looked at every quarter of an hour of the outage, which the scale makes several times a second. */
    private static final Duration BETWEEN_ORDERS = Duration.ofSeconds(1);

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private static Duration scaled(Duration real) {
        return Duration.ofMillis((long) (real.toMillis() * TIME_SCALE));
    }

    static Stream<String> integrations() {
        return Stream.of(System.getProperty("outage.of", "stripe").split(","));
    }

    @ParameterizedTest
    @MethodSource("integrations")
    void shouldDrainInOrderAfterADayWithout(String integration) throws Exception {
        try (var stage = Stage.open(TIME_SCALE, settings());
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            stage.app.start();
            var warm = stage.shop.place(stage.shop.purchase());
            stage.judge.judge(List.of(warm), Duration.ofSeconds(30));

            // When
            var down = stage.sandbox.fault(Map.of("service", integration, "kind", "status", "status", 503));
            var purchases = trade(stage, callers, integration);
            var others = laggards(stage, purchases, integration);
            stage.sandbox.endFault(down);
            var busiest = watch(stage, callers);
            if (integration.equals("stripe")) {
                // Those who could not pay during the outage.
                purchases.stream().filter(purchase -> !purchase.isCancelled).forEach(purchase -> {
                    stage.shop.place(purchase);
                    stage.shop.pay(purchase, "pm_card_visa");
                });
            }
            purchases.add(warm);
            var verdict = stage.judge.judge(purchases, UNTIL_DRAINED);

            // Then
            assertThat(others)
                    .as("deliveries of other integrations that waited")
                    .isEmpty();
            assertThat(busiest.get(30, TimeUnit.SECONDS)).isLessThanOrEqualTo(2 * STRIPE_CALLS_PER_SECOND);
            Stage.report(
                    "outage of " + integration,
                    List.of(
                            "24 h as " + DAY.toSeconds() + " s, then drained",
                            "most calls of one Stripe endpoint in a second: " + busiest.get(),
                            verdict.toString()));
        }
    }

    private static Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        settings.put("orderflow.delivery.lease", real(6));
        settings.put("orderflow.delivery.call-timeout", real(3));
        settings.put("orderflow.delivery.api-patience", real(1));
        settings.put("orderflow.delivery.http-timeout", "1500ms");
        settings.put("camel.component.stripe.read-timeout", "1500");
        settings.put("orderflow.worker.due-period", "100ms");
        settings.put("orderflow.google.call-timeout", real(1.5));
        settings.put("orderflow.google.lease", real(8));
        settings.put("orderflow.google.patience", real(6));
        settings.put("orderflow.google.interval", real(0.3));
        settings.put("orderflow.google.audit", real(5));
        settings.put("orderflow.stripe.calls-per-second", String.valueOf(STRIPE_CALLS_PER_SECOND));
        return settings;
    }

    /** A duration that is this many seconds after scaling. */
    private static String real(double seconds) {
        return Math.round(seconds / TIME_SCALE * 1000) + "ms";
    }

    /** A day's trade: some pay, some of them are shipped, some cancel. */
    private static List<Purchase> trade(Stage stage, ExecutorService callers, String down) throws Exception {
        var purchases = new ArrayList<Purchase>();
        var acts = new ArrayList<Future<?>>();
        var end = Instant.now().plus(DAY);
        for (int i = 0; Instant.now().isBefore(end); i++) {
            var purchase = stage.shop.purchase();
            var fate = i % 4;
            purchases.add(purchase);
            acts.add(callers.submit(() -> {
                var answer = stage.shop.post(purchase);
                assertThat(answer.took()).isLessThan(LONGEST_ANSWER);
                if (fate == 0) {
                    stage.shop.cancel(purchase);
                } else if (fate < 3 && !down.equals("stripe")) {
                    stage.shop.pay(purchase, "pm_card_visa");
                    stage.shop.awaitPaid(purchase);
                    if (fate == 1) {
                        stage.shop.ship(purchase);
                    }
                }
            }));
            LockSupport.parkNanos(BETWEEN_ORDERS.toNanos());
        }
        for (var act : acts) {
            act.get(1, TimeUnit.MINUTES);
        }
        return purchases;
    }

    /** What the integrations that are well still owe, some seconds after the last order. */
    private static List<String> laggards(Stage stage, List<Purchase> purchases, String down) {
        var late = List.<String>of();
        var end = Instant.now().plusSeconds(15);
        do {
            late = purchases.stream()
                    .flatMap(purchase ->
                            stage.shop.timeline(purchase).path("events").valueStream())
                    .flatMap(event -> event.path("deliveries").valueStream())
                    .filter(delivery -> !delivery.path("integration").asText().equals(down))
                    .filter(delivery -> !delivery.path("state").asText().equals("done"))
                    .map(JsonNode::toString)
                    .toList();
        } while (!late.isEmpty() && Instant.now().isBefore(end));
        return late;
    }

    /** The most calls of one of Stripe's endpoints in a second, from now until there are none for a while. */
    private static Future<Long> watch(Stage stage, ExecutorService callers) {
        return callers.submit(() -> {
            var most = 0L;
            for (int second = 0; second < 20; second++) {
                var before = stage.sandbox.calls().path("stripe");
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                for (var call : stage.sandbox.calls().path("stripe").properties()) {
                    most = Math.max(
                            most,
                            call.getValue().asLong()
                                    - before.path(call.getKey()).asLong());
                }
            }
            return most;
        });
    }
}
