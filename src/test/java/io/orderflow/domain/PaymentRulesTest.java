package io.orderflow.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.domain.PaymentRules.RefundDecision;
import io.orderflow.domain.PaymentSnapshot.IntentStatus;
import io.orderflow.domain.PaymentSnapshot.RefundSeen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PaymentRulesTest {

    @Test
    void shouldBecomePaidWhenStripeSaysSo() {
        // When
        var order = Orders.paid();

        // Then
        assertThat(order.status()).isEqualTo(OrderStatus.PAID);
        assertThat(order.payment().status()).isEqualTo(PaymentStatus.SUCCEEDED);
        assertThat(Orders.eventTypes(order)).containsExactly(EventType.ORDER_CREATED, EventType.PAYMENT_SUCCEEDED);
        assertThat(order.version()).isEqualTo(3);
    }

    @Test
    void shouldChangeNothingWhenToldTwice() {
        // Given
        var order = Orders.paid();

        // When
        var again = PaymentRules.observe(order, Orders.snapshot(IntentStatus.SUCCEEDED), Orders.NOON);

        // Then
        assertThat(again).isSameAs(order);
    }

    @Test
    void shouldTellADeclineOnceAndStillTakeAnotherCard() {
        // Given
        var declined = new PaymentSnapshot(
                "pi_1", IntentStatus.REQUIRES_PAYMENT_METHOD, "Your card was declined.", "ch_1", false, List.of());

        // When
        var failed = PaymentRules.observe(Orders.payable(), declined, Orders.NOON);
        var again = PaymentRules.observe(failed, declined, Orders.NOON);
        var paid = PaymentRules.observe(again, Orders.snapshot(IntentStatus.SUCCEEDED), Orders.NOON);

        // Then
        assertThat(failed.payment().status()).isEqualTo(PaymentStatus.FAILED);
        assertThat(again).isSameAs(failed);
        assertThat(Orders.eventTypes(paid))
                .containsExactly(EventType.ORDER_CREATED, EventType.PAYMENT_FAILED, EventType.PAYMENT_SUCCEEDED);
        assertThat(paid.payment().failure()).isNull();
    }

    @Test
    void shouldNotBeMovedByAnIntentThatItIsNotPaidBy() {
        // Given
        var twin = new PaymentSnapshot("pi_2", IntentStatus.SUCCEEDED, null, null, false, List.of());

        // Then
        assertThat(PaymentRules.observe(Orders.payable(), twin, Orders.NOON)).isEqualTo(Orders.payable());
        assertThat(PaymentRules.observe(Orders.accepted(), twin, Orders.NOON)).isEqualTo(Orders.accepted());
        assertThat(PaymentRules.isTwin(Orders.payable(), twin)).isTrue();
        assertThat(PaymentRules.isTwin(Orders.accepted(), twin)).isFalse();
    }

    @Test
    void shouldKeepTheFirstIntentThatWasOpened() {
        // When
        var order = PaymentRules.opened(Orders.payable(), "pi_2", Orders.NOON);

        // Then
        assertThat(order.payment().intentId()).isEqualTo("pi_1");
    }

    @Test
    void shouldNotReviveACancelledOrderWhenItWasPaidMeanwhile() {
        // Given
        var cancelled = ((Fulfilment.Decision.Accepted) Fulfilment.cancel(Orders.payable(), Orders.NOON)).order();

        // When
        var paid = PaymentRules.observe(cancelled, Orders.snapshot(IntentStatus.SUCCEEDED), Orders.NOON);

        // Then
        assertThat(paid.status()).isEqualTo(OrderStatus.CANCELLED);
        assertThat(paid.payment().status()).isEqualTo(PaymentStatus.SUCCEEDED);
    }

    @Test
    void shouldCancelAnOrderWhoseIntentWasCancelledAtStripe() {
        // When
        var order = PaymentRules.observe(Orders.payable(), Orders.snapshot(IntentStatus.CANCELED), Orders.NOON);
        var again = PaymentRules.observe(order, Orders.snapshot(IntentStatus.CANCELED), Orders.NOON);

        // Then
        assertThat(order.status()).isEqualTo(OrderStatus.CANCELLED);
        assertThat(order.payment().status()).isEqualTo(PaymentStatus.CANCELLED);
        assertThat(Orders.eventTypes(order)).containsExactly(EventType.ORDER_CREATED, EventType.ORDER_CANCELLED);
        assertThat(again).isSameAs(order);
    }

    @Test
    void shouldCountRefundsAsTheySucceed() {
        // Given
        var part = new RefundSeen("re_1", "r1", 1000, null, Refund.State.SUCCEEDED);
        var pending = new RefundSeen("re_2", "r2", 1500, null, Refund.State.PENDING);
        var rest = new RefundSeen("re_2", "r2", 1500, null, Refund.State.SUCCEEDED);

        // When
        var partly = PaymentRules.observe(
                Orders.paid(), Orders.snapshot(IntentStatus.SUCCEEDED, part, pending), Orders.NOON);
        var fully = PaymentRules.observe(partly, Orders.snapshot(IntentStatus.SUCCEEDED, part, rest), Orders.NOON);

        // Then
        assertThat(partly.payment().status()).isEqualTo(PaymentStatus.PARTIALLY_REFUNDED);
        assertThat(partly.payment().refunded()).isEqualTo(1000);
        assertThat(fully.payment().status()).isEqualTo(PaymentStatus.REFUNDED);
        assertThat(Orders.eventTypes(fully))
                .containsExactly(
                        EventType.ORDER_CREATED,
                        EventType.PAYMENT_SUCCEEDED,
                        EventType.PAYMENT_REFUNDED,
                        EventType.PAYMENT_REFUNDED);
    }

    @Test
    void shouldTakeBackARefundThatTheBankRefused() {
        // Given
        var made = new RefundSeen("re_1", "r1", 2500, null, Refund.State.SUCCEEDED);
        var refused = new RefundSeen("re_1", "r1", 2500, null, Refund.State.FAILED);
        var refunded = PaymentRules.observe(Orders.paid(), Orders.snapshot(IntentStatus.SUCCEEDED, made), Orders.NOON);

        // When
        var order = PaymentRules.observe(refunded, Orders.snapshot(IntentStatus.SUCCEEDED, refused), Orders.NOON);

        // Then
        assertThat(order.payment().status()).isEqualTo(PaymentStatus.SUCCEEDED);
        assertThat(order.payment().refunded()).isZero();
    }

    @Test
    void shouldNeverRefundMoreThanWasPaidWhateverIsStillOnItsWay() {
        // Given
        var order = request(Orders.paid(), "r1", 2000L);

        // When
        var tooMuch = PaymentRules.requestRefund(order, "r2", 501L, null, Orders.NOON);
        var rest = PaymentRules.requestRefund(order, "r2", null, null, Orders.NOON);

        // Then
        assertThat(tooMuch)
                .isEqualTo(new RefundDecision.WrongAmount("is more than what is left to refund, which is 5.00 USD"));
        assertThat(rest).isInstanceOfSatisfying(RefundDecision.Accepted.class, accepted -> assertThat(
                        accepted.refund().amount())
                .isEqualTo(500));
    }

    @Test
    void shouldRecogniseARepeatedRefundAndRefuseItsKeyForAnother() {
        // Given
        var order = request(Orders.paid(), "r1", 1000L);

        // Then
        assertThat(PaymentRules.requestRefund(order, "r1", 1000L, null, Orders.NOON))
                .isInstanceOfSatisfying(RefundDecision.Accepted.class, accepted -> assertThat(accepted.order())
                        .isSameAs(order));
        assertThat(PaymentRules.requestRefund(order, "r1", 999L, null, Orders.NOON))
                .isEqualTo(new RefundDecision.KeyReused());
    }

    @Test
    void shouldRefuseToRefundWhatIsNotPaid() {
        // Then
        assertThat(PaymentRules.requestRefund(Orders.payable(), "r1", null, null, Orders.NOON))
                .isInstanceOf(RefundDecision.Refused.class);
    }

    @Test
    void shouldLeaveTheRefundOfACancelledOrderToItself() {
        // Given
        var cancelled = ((Fulfilment.Decision.Accepted) Fulfilment.cancel(Orders.paid(), Orders.NOON)).order();
        var refused = new RefundSeen("re_1", "r1", 2500, null, Refund.State.FAILED);

        // When
        var failed = PaymentRules.observe(cancelled, Orders.snapshot(IntentStatus.SUCCEEDED, refused), Orders.NOON);

        // Then
        assertThat(PaymentRules.requestRefund(cancelled, "r2", null, null, Orders.NOON))
                .isInstanceOf(RefundDecision.Refused.class);
        assertThat(PaymentRules.requestRefund(failed, "r2", null, null, Orders.NOON))
                .isInstanceOf(RefundDecision.Accepted.class);
    }

    @Test
    void shouldFailTheRefundThatStripeRefusesAndTakeItWhenAReplayMakesItAfterAll() {
        // Given
        var requested = request(Orders.paid(), "r1", 1000L);
        var made = new RefundSeen("re_1", "r1", 1000, null, Refund.State.SUCCEEDED);

        // When
        var refused = PaymentRules.refused(requested, requested.events().getLast(), "No funds", Orders.NOON);
        var replayed = PaymentRules.observe(refused, Orders.snapshot(IntentStatus.SUCCEEDED, made), Orders.NOON);

        // Then
        assertThat(refused.payment().refund("r1").orElseThrow().state()).isEqualTo(Refund.State.FAILED);
        assertThat(refused.payment().committed()).isZero();
        assertThat(replayed.payment().refunded()).isEqualTo(1000);
    }

    @Test
    void shouldSayThatAnOrderCannotBePaidWhenStripeRefusesToOpenItsPayment() {
        // When
        var refused = PaymentRules.refused(
                Orders.accepted(), Orders.accepted().events().getFirst(), "Currency not enabled", Orders.NOON);
        var replayed = PaymentRules.opened(refused, "pi_1", Orders.NOON);

        // Then
        assertThat(refused.payment().status()).isEqualTo(PaymentStatus.FAILED);
        assertThat(refused.payment().failure()).isEqualTo("Currency not enabled");
        assertThat(replayed.payment().status()).isEqualTo(PaymentStatus.PENDING);
        assertThat(replayed.payment().failure()).isNull();
    }

    @Test
    void shouldNotTellOfEveryStolenCardThatIsTried() {
        // Given
        var order = Orders.payable();

        // When
        for (int i = 0; i < 100; i++) {
            order = PaymentRules.observe(
                    order,
                    new PaymentSnapshot(
                            "pi_1", IntentStatus.REQUIRES_PAYMENT_METHOD, "Declined " + i, "ch_" + i, false, List.of()),
                    Orders.NOON);
        }

        // Then
        assertThat(order.payment().failure()).isEqualTo("Declined 99");
        assertThat(Collections.frequency(Orders.eventTypes(order), EventType.PAYMENT_FAILED))
                .isEqualTo(20);
    }

    /** Whatever the hints, their order and their repeats: the end is the same, and each event is told once. */
    @Property(tries = 300)
    void shouldEndInOneStateHoweverTheHintsCome(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 4) int repeats) {
        // Given
        var declined =
                new PaymentSnapshot("pi_1", IntentStatus.REQUIRES_PAYMENT_METHOD, "Declined", "ch_1", false, List.of());
        var refund = new RefundSeen("re_1", "r1", 1000, null, Refund.State.SUCCEEDED);
        var last = Orders.snapshot(IntentStatus.SUCCEEDED, refund);
        var hints = new ArrayList<>(Stream.of(
                        Orders.snapshot(IntentStatus.REQUIRES_PAYMENT_METHOD),
                        declined,
                        Orders.snapshot(IntentStatus.REQUIRES_ACTION),
                        Orders.snapshot(IntentStatus.PROCESSING),
                        Orders.snapshot(IntentStatus.SUCCEEDED),
                        last)
                .flatMap(hint -> Collections.nCopies(repeats, hint).stream())
                .toList());
        Collections.shuffle(hints, random);

        // When
        var order = Orders.payable();
        for (var hint : hints) {
            order = PaymentRules.observe(order, hint, Orders.NOON);
        }

        // Then
        assertThat(order.status()).isEqualTo(OrderStatus.PAID);
        assertThat(order.payment().status()).isEqualTo(PaymentStatus.PARTIALLY_REFUNDED);
        assertThat(order.payment().refunded()).isEqualTo(1000);
        assertThat(Orders.eventTypes(order))
                .containsOnlyOnce(EventType.PAYMENT_SUCCEEDED, EventType.PAYMENT_REFUNDED)
                .satisfies(types -> assertThat(Collections.frequency(types, EventType.PAYMENT_FAILED))
                        .isLessThanOrEqualTo(1));
    }

    private static Order request(Order order, String id, Long amount) {
        return ((RefundDecision.Accepted) PaymentRules.requestRefund(order, id, amount, null, Orders.NOON)).order();
    }
}
