package io.orderflow.domain;

import static io.orderflow.domain.Orders.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orderflow.domain.PaymentSnapshot.IntentStatus;
import io.orderflow.domain.PaymentSnapshot.RefundSeen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PaymentChecksTest {

    private static final Duration FIRST = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final PaymentChecks CHECKS = new PaymentChecks(FIRST, LONGEST, Duration.ofHours(24));
    private static final PaymentChecks FOR_EVER = new PaymentChecks(FIRST, LONGEST, null);

    @Test
    void shouldAskEverMoreRarelyAndOnceMoreWhenTheWaitEnds() {
        // Given
        var order = CHECKS.planned(Orders.payable(), NOON);
        var asked = new ArrayList<Instant>();

        // When
        while (order.payment().checkAt().isBefore(NOON.plus(Duration.ofHours(40)))) {
            var now = order.payment().checkAt();
            asked.add(now);
            order = CHECKS.checked(CHECKS.takenUp(order, now.plusSeconds(300)), now);
        }

        // Then
        assertThat(asked.getFirst()).isEqualTo(NOON.plus(FIRST));
        assertThat(asked).contains(NOON.plus(Duration.ofHours(24))).hasSizeBetween(8, 20);
        for (int i = 1; i < asked.size(); i++) {
            assertThat(Duration.between(asked.get(i - 1), asked.get(i))).isLessThanOrEqualTo(LONGEST);
        }
        assertThat(DeliveryRules.dueAt(order)).isPresent();
    }

    @Test
    void shouldNotAskAboutWhatIsSettled() {
        // Given
        var pending = new RefundSeen("re_1", "r1", 1000, null, Refund.State.PENDING);
        var made = new RefundSeen("re_1", "r1", 1000, null, Refund.State.SUCCEEDED);
        var planned = CHECKS.planned(Orders.payable(), NOON);

        // When
        var paid = CHECKS.planned(PaymentRules.observe(planned, Orders.snapshot(IntentStatus.SUCCEEDED), NOON), NOON);
        var refunding = CHECKS.planned(
                PaymentRules.observe(paid, Orders.snapshot(IntentStatus.SUCCEEDED, pending), NOON), NOON);
        var refunded = CHECKS.planned(
                PaymentRules.observe(refunding, Orders.snapshot(IntentStatus.SUCCEEDED, made), NOON), NOON);

        // Then
        assertThat(paid.payment().checkAt()).isNull();
        assertThat(refunding.payment().checkAt()).isEqualTo(NOON.plus(FIRST));
        assertThat(refunded.payment().checkAt()).isNotNull();
        assertThat(CHECKS.checked(refunded, NOON.plus(Duration.ofDays(10)))
                        .payment()
                        .checkAt())
                .isEqualTo(NOON.plus(Duration.ofDays(15)));
        assertThat(CHECKS.checked(refunded, NOON.plus(Duration.ofDays(31)))
                        .payment()
                        .checkAt())
                .isNull();
    }

    @Test
    void shouldKeepAPlanThatIsMade() {
        // Given
        var planned = CHECKS.planned(Orders.payable(), NOON);

        // Then
        assertThat(CHECKS.planned(planned, NOON.plusSeconds(60))).isSameAs(planned);
        assertThat(CHECKS.isDue(planned, NOON.plus(FIRST).minusMillis(1))).isFalse();
        assertThat(CHECKS.isDue(planned, NOON.plus(FIRST))).isTrue();
    }

    @Test
    void shouldCancelWhatNobodyPays() {
        // Given
        var end = NOON.plus(Duration.ofHours(24));

        // When
        var early = CHECKS.expired(Orders.payable(), end.minusMillis(1));
        var late = CHECKS.expired(Orders.payable(), end);

        // Then
        assertThat(early).isEqualTo(Orders.payable());
        assertThat(late.status()).isEqualTo(OrderStatus.CANCELLED);
        assertThat(late.events().getLast().type()).isEqualTo(EventType.ORDER_CANCELLED);
        assertThat(late.events().getLast().data()).isEqualTo(Map.of("reason", "unpaid"));
        assertThat(CHECKS.expired(late, end)).isSameAs(late);
        assertThat(FOR_EVER.expired(Orders.payable(), end)).isEqualTo(Orders.payable());
    }

    @Test
    void shouldNotCancelWhatIsPaidOrAboutToBe() {
        // Given
        var years = NOON.plus(Duration.ofDays(1000));
        var processing = PaymentRules.observe(Orders.payable(), Orders.snapshot(IntentStatus.PROCESSING), NOON);

        // Then
        assertThat(CHECKS.expired(processing, years)).isSameAs(processing);
        assertThat(CHECKS.expired(Orders.paid(), years)).isEqualTo(Orders.paid());
    }

    @Test
    void shouldNotCancelWhatNobodyCouldPay() {
        // Given
        var end = NOON.plus(Duration.ofHours(24));
        var refused = PaymentRules.refused(
                Orders.accepted(), Orders.accepted().events().getFirst(), "Currency not enabled", NOON);

        // Then
        assertThat(CHECKS.expired(Orders.accepted(), end)).isEqualTo(Orders.accepted());
        assertThat(CHECKS.expired(refused, end).status()).isEqualTo(OrderStatus.CANCELLED);
    }

    @Test
    void shouldCheckOnceMoreWhatMayHaveATwin() {
        // Given: an intent that was opened under a second key
        var order = Orders.accepted();
        var task = new Task(order.events().getFirst().id(), "stripe");
        for (int i = 0; i < 2; i++) {
            var claimed = DeliveryRules.claim(
                            order, List.of(Orders.STRIPE), any -> true, new Claim("t" + i, NOON.plusSeconds(45)), NOON)
                    .orElseThrow();
            Outcome outcome = i == 0 ? new Outcome.Parked("http-500", "Oops", NOON, true) : new Outcome.Done("pi_1");
            order = DeliveryRules.settle(claimed.order(), "t" + i, Map.of(task, outcome), List.of(Orders.STRIPE), NOON);
        }
        var paid = PaymentRules.observe(
                PaymentRules.opened(order, "pi_1", NOON), Orders.snapshot(IntentStatus.SUCCEEDED), NOON);

        // When
        var planned = CHECKS.planned(paid, NOON);
        var sought = CHECKS.planned(PaymentRules.twinsSought(planned), NOON);

        // Then
        assertThat(planned.payment().checkAt()).isNotNull();
        assertThat(sought.payment().checkAt()).isNull();
    }

    @Test
    void shouldRefuseDurationsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PaymentChecks(LONGEST, FIRST, null))
                .withMessageContaining("first-check");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PaymentChecks(FIRST, LONGEST, Duration.ZERO))
                .withMessageContaining("cancel-unpaid-after");
    }

    @Test
    void shouldWaitForAnIntentOnlyWhileTheOrderStands() {
        // Given
        var accepted = CHECKS.planned(Orders.accepted(), NOON);
        var cancelled = ((Fulfilment.Decision.Accepted) Fulfilment.cancel(accepted, NOON)).order();

        // Then
        assertThat(accepted.payment().checkAt()).isNotNull();
        assertThat(CHECKS.checked(cancelled, NOON).payment().checkAt()).isNull();
    }
}
