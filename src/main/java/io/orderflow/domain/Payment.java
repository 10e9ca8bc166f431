package io.orderflow.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The payment of one order.
 *
 * @param intentId the one payable PaymentIntent, or null while Stripe has not answered
 * @param failure what Stripe said of the last failed attempt to pay, or null
 * @param failureId identifies that attempt, so that it is told once, or null
 * @param checkAt when Stripe is to be asked, should nothing be heard until then; null when nothing more is expected
 * @param twinsSought whether Stripe was searched for other intents of the order, and none was left that can be paid
 */
public record Payment(
        PaymentStatus status,
        String intentId,
        String failure,
        String failureId,
        List<Refund> refunds,
        Instant checkAt,
        boolean twinsSought) {

    public Payment {
        refunds = List.copyOf(refunds);
    }

    static Payment none() {
        return new Payment(PaymentStatus.PENDING, null, null, null, List.of(), null, false);
    }

    /** What has been refunded, in minor units. */
    public long refunded() {
        return sumOf(refund -> refund.state() == Refund.State.SUCCEEDED);
    }

    /** What has been refunded or will be, in minor units. */
    public long committed() {
        return sumOf(Refund::counts);
    }

    private long sumOf(java.util.function.Predicate<Refund> which) {
        return refunds.stream().filter(which).mapToLong(Refund::amount).sum();
    }

    public Optional<Refund> refund(String id) {
        return refunds.stream().filter(refund -> refund.id().equals(id)).findFirst();
    }

    /** Whether money was taken, whatever of it went back since. */
    public boolean wasPaid() {
        return switch (status) {
            case SUCCEEDED, PARTIALLY_REFUNDED, REFUNDED, DISPUTED -> true;
            case PENDING, PROCESSING, FAILED, CANCELLED -> false;
        };
    }

    Payment withStatus(PaymentStatus next) {
        return new Payment(next, intentId, failure, failureId, refunds, checkAt, twinsSought);
    }

    Payment withIntent(String id) {
        return new Payment(status, id, failure, failureId, refunds, checkAt, twinsSought);
    }

    Payment withFailure(String text, String id) {
        return new Payment(status, intentId, text, id, refunds, checkAt, twinsSought);
    }

    Payment withRefunds(List<Refund> next) {
        return new Payment(status, intentId, failure, failureId, next, checkAt, twinsSought);
    }

    Payment withCheckAt(Instant next) {
        return new Payment(status, intentId, failure, failureId, refunds, next, twinsSought);
    }

    Payment withTwinsSought() {
        return new Payment(status, intentId, failure, failureId, refunds, checkAt, true);
    }
}
