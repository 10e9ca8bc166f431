package io.orderflow.domain;

import static io.orderflow.domain.Orders.MAIL;
import static io.orderflow.domain.Orders.NOON;
import static io.orderflow.domain.Orders.STRIPE;
import static io.orderflow.domain.Orders.SUBSCRIPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErasureRulesTest {

    private static final Instant LATER = NOON.plus(Duration.ofHours(1));
    private static final Erasure ERASURE = new Erasure(LATER, "default/ops", "Asked for");

    @Test
    void shouldLeaveWhatTheBooksNeed() {
        // Given
        var order = cancelled();

        // When
        var erased = ErasureRules.erased(order, ERASURE);

        // Then
        assertThat(erased.toString()).doesNotContain("Jane", "jane@", "Main Street", "Springfield", "62701");
        assertThat(erased.details().customer().id()).isEqualTo("customer-1");
        assertThat(erased.details().items()).isEqualTo(order.details().items());
        assertThat(erased.total()).isEqualTo(order.total());
        assertThat(erased.details().shippingAddress().country()).isEqualTo("US");
        assertThat(Orders.eventTypes(erased)).isEqualTo(Orders.eventTypes(order));
        assertThat(erased.version()).isEqualTo(order.version() + 1);
        assertThat(erased.erasure()).isEqualTo(ERASURE);
    }

    @Test
    void shouldChangeNothingTheSecondTime() {
        // Given
        var erased = ErasureRules.erased(cancelled(), ERASURE);

        // When
        var again = ErasureRules.erased(erased, new Erasure(LATER.plusSeconds(60), "default/other", "Again"));

        // Then
        assertThat(again).isSameAs(erased);
    }

    @ParameterizedTest
    @EnumSource(OrderStatus.class)
    void shouldNeedTheDataUntilTheOrderIsShippedOrCancelled(OrderStatus status) {
        // When
        var needed = ErasureRules.isNeeded(Orders.paid().withStatus(status));

        // Then
        assertThat(needed).isEqualTo(status == OrderStatus.PENDING || status == OrderStatus.PAID);
    }

    @Test
    void shouldAbandonTheMailsThatAreOwedAndNothingElse() {
        // Given
        var order = DeliveryRules.prepare(cancelled(), SUBSCRIPTIONS, NOON);

        // When
        var erased = ErasureRules.erased(order, ERASURE);

        // Then
        assertThat(states(erased, MAIL)).containsOnly(Delivery.State.ABANDONED);
        assertThat(states(erased, STRIPE)).containsOnly(Delivery.State.PENDING);
        assertThat(DeliveryRules.due(erased, LATER))
                .extracting(Task::integration)
                .containsOnly("stripe");
    }

    @Test
    void shouldSendNoMailOfWhatHappensLater() {
        // Given
        var later = ErasureRules.erased(cancelled(), ERASURE).withEvent(EventType.PAYMENT_SUCCEEDED, Map.of(), LATER);

        // When
        var prepared = DeliveryRules.prepare(later, SUBSCRIPTIONS, LATER);

        // Then
        assertThat(states(prepared, MAIL)).isNotEmpty().containsOnly(Delivery.State.ABANDONED);
    }

    @Test
    void shouldKeepThatAMailWasSentAndNotWhatWasSaidOfIt() {
        // Given
        var order = buried("550 jane@example.com is unknown");
        var task = new Task(order.events().getFirst().id(), "sendgrid");
        var told = List.of(new Receipt("r-1", Receipt.Kind.BOUNCE, LATER, "550 jane@example.com is unknown"));
        var bounced = DeliveryRules.taken(order, task, "m-1", told, LATER);

        // When
        var erased = ErasureRules.erased(bounced, ERASURE);
        var toldAgain = DeliveryRules.taken(
                erased,
                task,
                "m-1",
                List.of(new Receipt("r-2", Receipt.Kind.DROPPED, LATER, "jane@example.com")),
                LATER);

        // Then
        assertThat(toldAgain.toString()).doesNotContain("jane@");
        assertThat(DeliveryRules.delivery(toldAgain, task).orElseThrow().receipts())
                .extracting(Receipt::id)
                .containsExactly("r-1", "r-2");
    }

    @Test
    void shouldNotLetADeadMailBeReplayedOrItsOrderCorrected() {
        // Given
        var order = buried("550");
        var task = new Task(order.events().getFirst().id(), "sendgrid");
        var erased = ErasureRules.erased(order, ERASURE);

        // Then
        assertThat(DeadLetterRules.dead(erased)).isEmpty();
        assertThat(DeadLetterRules.verdict(erased, task, SUBSCRIPTIONS))
                .isInstanceOf(DeadLetterRules.Verdict.Refused.class);
        assertThat(DeadLetterRules.obstacle(erased, new Correction("john@example.com", null)))
                .isPresent();
    }

    @Test
    void shouldTakeNoMoreOfALateSenderThanThatTheMailWasSent() {
        // Given
        var claimed = DeliveryRules.claim(
                        cancelled(), List.of(MAIL), each -> true, new Claim("a", NOON.plusSeconds(45)), NOON)
                .orElseThrow();
        var task = claimed.tasks().getFirst();

        // When
        var erased = ErasureRules.erased(claimed.order(), ERASURE);
        var failed = settled(erased, task, new Outcome.Buried("400", "jane@example.com", Outcome.End.REFUSED));
        var sent = settled(erased, task, new Outcome.Done("m-1"));

        // Then
        assertThat(failed.toString()).doesNotContain("jane@");
        assertThat(DeliveryRules.delivery(failed, task).orElseThrow().state()).isEqualTo(Delivery.State.ABANDONED);
        assertThat(DeliveryRules.delivery(sent, task).orElseThrow().state()).isEqualTo(Delivery.State.DONE);
    }

    private static Order settled(Order order, Task task, Outcome outcome) {
        return DeliveryRules.settle(order, "a", Map.of(task, outcome), SUBSCRIPTIONS, LATER);
    }

    @Test
    void shouldForgetWhatACorrectionChanged() {
        // Given
        var order = buried("550");
        var action = new Action(
                "a-1",
                Action.Kind.CORRECTED,
                LATER,
                "default/ops",
                "A typing error",
                order.events().getFirst().id(),
                "sendgrid",
                Map.of());
        var corrected = DeadLetterRules.corrected(order, new Correction("jo@example.com", null), action);

        // When
        var erased = ErasureRules.erased(corrected, ERASURE);

        // Then
        assertThat(corrected.actions().getFirst().changes()).isNotEmpty();
        assertThat(erased.actions().getFirst().changes()).isEmpty();
        assertThat(erased.actions().getFirst().by()).isEqualTo("default/ops");
    }

    private static Order cancelled() {
        return ((Fulfilment.Decision.Accepted) Fulfilment.cancel(Orders.payable(), NOON)).order();
    }

    /** A cancelled order whose confirmation was refused. */
    private static Order buried(String error) {
        var claimed = DeliveryRules.claim(
                        cancelled(), List.of(MAIL), each -> true, new Claim("a", NOON.plusSeconds(45)), NOON)
                .orElseThrow();
        return DeliveryRules.settle(
                claimed.order(),
                "a",
                Map.of(claimed.tasks().getFirst(), new Outcome.Buried("400", error, Outcome.End.REFUSED)),
                SUBSCRIPTIONS,
                NOON);
    }

    private static List<Delivery.State> states(Order order, Subscription to) {
        return order.events().stream()
                .flatMap(event -> event.deliveries().entrySet().stream())
                .filter(entry -> entry.getKey().equals(to.integration()))
                .map(entry -> entry.getValue().state())
                .collect(Collectors.toList());
    }
}
