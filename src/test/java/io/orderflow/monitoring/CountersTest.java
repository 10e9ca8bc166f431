package io.orderflow.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orderflow.domain.Claim;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Orders;
import io.orderflow.domain.Outcome;
import io.orderflow.domain.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Counters counters = new Counters(registry);

    @Test
    void shouldShowAcceptedOrdersFromTheStart() {
        // Then
        assertThat(registry.counter("orderflow.orders.accepted").count()).isZero();
    }

    @Test
    void shouldCountEachOutcomeUnderItsName() {
        // When
        counters.settled("sns", new Outcome.Done("id"));
        counters.settled("sns", new Outcome.Parked("http-503", "away", Orders.NOON, false));
        counters.settled("sns", new Outcome.KeptBack("breaker", Orders.NOON));
        counters.settled("sns", new Outcome.Unknown("timeout", "no answer", Orders.NOON));
        counters.settled("sns", new Outcome.Buried("http-400", "refused", Outcome.End.REFUSED));
        counters.settled("chat", new Outcome.Done(null));
        counters.settled("chat", new Outcome.Done(null));

        // Then
        assertThat(Map.of(
                        "done", deliveries("sns", "done"),
                        "parked", deliveries("sns", "parked"),
                        "kept-back", deliveries("sns", "kept-back"),
                        "unknown", deliveries("sns", "unknown"),
                        "dead", deliveries("sns", "dead")))
                .allSatisfy((outcome, count) -> assertThat(count).isEqualTo(1));
        assertThat(deliveries("chat", "done")).isEqualTo(2);
    }

    @Test
    void shouldCountAMailThatACrashLeftInTheAir() {
        // Given
        var until = Orders.NOON.plusSeconds(45);
        var interrupted = DeliveryRules.claim(
                        Orders.accepted(), Orders.SUBSCRIPTIONS, _ -> true, new Claim("first", until), Orders.NOON)
                .orElseThrow()
                .order();
        var found = DeliveryRules.prepare(interrupted, Orders.SUBSCRIPTIONS, until.plus(Duration.ofSeconds(1)));

        // When
        counters.interrupted(Orders.accepted(), interrupted);
        counters.interrupted(interrupted, found);

        // Then
        assertThat(deliveries("sendgrid", "unknown")).isEqualTo(1);
        assertThat(registry.find("orderflow.deliveries").counters()).hasSize(1);
    }

    @Test
    void shouldCountOnceWhatItsReceiverHasToldOfFirst() {
        // Given
        var sending = DeliveryRules.claim(
                        Orders.accepted(),
                        Orders.SUBSCRIPTIONS,
                        _ -> true,
                        new Claim("first", Orders.NOON.plusSeconds(45)),
                        Orders.NOON)
                .orElseThrow()
                .order();
        var mail = new Task(sending.events().getFirst().id(), "sendgrid");
        var told = DeliveryRules.taken(sending, mail, "mail-1", List.of(), Orders.NOON);

        // When
        counters.proven(sending, told);
        counters.proven(told, told);

        // Then
        assertThat(deliveries("sendgrid", "done")).isEqualTo(1);
        assertThat(registry.find("orderflow.deliveries").counters()).hasSize(1);
    }

    private double deliveries(String integration, String outcome) {
        return registry.get("orderflow.deliveries")
                .tags("integration", integration, "outcome", outcome)
                .counter()
                .count();
    }
}
