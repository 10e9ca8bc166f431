package io.orderflow.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * When Stripe is asked about a payment of which nothing is heard, and how long an order waits to be paid. A webhook that
 * was lost heals so by itself.
 *
 * @param firstAfter how long after an order was placed Stripe is first asked
 * @param longest between two questions; each waits half as long again as the order is old
 * @param unpaidAfter how long an order that can be paid waits since it last changed, before it is cancelled; null for ever
 */
public record PaymentChecks(Duration firstAfter, Duration longest, Duration unpaidAfter) {

    /** For how long a bank may take back a refund that it had made: Stripe's page "Refund and cancel payments". */
    private static final Duration REFUNDS_MAY_FAIL = Duration.ofDays(30);

    /** @throws IllegalArgumentException naming what makes no sense */
    public PaymentChecks {
        if (!isPositive(firstAfter) || firstAfter.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "orderflow.payments.first-check: above 0, at most longest-check; it is " + firstAfter);
        }
        if (unpaidAfter != null && !isPositive(unpaidAfter)) {
            throw new IllegalArgumentException(
                    "orderflow.payments.cancel-unpaid-after: above 0, or absent; it is " + unpaidAfter);
        }
    }

    private static boolean isPositive(Duration duration) {
        return duration.compareTo(Duration.ZERO) > 0;
    }

    /** The order with the next check planned while news can still come, and with none when it cannot. */
    public Order planned(Order order, Instant now) {
        if (!isOpen(order, now)) {
            return at(order, null);
        }
        return order.payment().checkAt() == null ? at(order, next(order, now)) : order;
    }

    /** Whether Stripe is to be asked about the order's payment now. */
    public boolean isDue(Order order, Instant now) {
        return order.payment().checkAt() != null && !order.payment().checkAt().isAfter(now);
    }

    /**
     * The order with its check taken up: should nothing come of it, it is due again at {@code retryAt}.
     */
    public Order takenUp(Order order, Instant retryAt) {
        return at(order, isOpen(order, retryAt) ? retryAt : null);
    }

    /** The order after Stripe was asked: the next check is later, or never. */
    public Order checked(Order order, Instant now) {
        return at(order, isOpen(order, now) ? next(order, now) : null);
    }

    /** The order, cancelled when nobody has paid it for too long. What is being paid is waited for. */
    public Order expired(Order order, Instant now) {
        return isExpired(order, now)
                        && Fulfilment.cancel(order, Map.of("reason", "unpaid"), now)
                                instanceof Fulfilment.Decision.Accepted(var cancelled)
                ? cancelled
                : order;
    }

    private boolean isExpired(Order order, Instant now) {
        return unpaidAfter != null
                && order.status() == OrderStatus.PENDING
                && switch (order.payment().status()) {
                    case PENDING, FAILED ->
                        canBePaid(order) && !order.updatedAt().plus(unpaidAfter).isAfter(now);
                    case PROCESSING, SUCCEEDED, CANCELLED, PARTIALLY_REFUNDED, REFUNDED, DISPUTED -> false;
                };
    }

    /** An order without an intent has not been given a chance: unless Stripe has refused it, its intent still comes. */
    private static boolean canBePaid(Order order) {
        return order.payment().intentId() != null || order.payment().status() == PaymentStatus.FAILED;
    }

    /** Whether something may still come of the payment that nobody has told us. */
    private static boolean isOpen(Order order, Instant now) {
        return isPending(order) || lastRefund(order, now).isPresent();
    }

    private static boolean isPending(Order order) {
        var payment = order.payment();
        var isAwaited = payment.intentId() != null || order.status() == OrderStatus.PENDING;
        return (isAwaited && payment.status().isOpen())
                || PaymentRules.mayHaveTwins(order)
                || payment.refunds().stream().anyMatch(refund -> refund.state() == Refund.State.PENDING);
    }

    /** When the last refund was asked for that the bank may still take back. */
    private static Optional<Instant> lastRefund(Order order, Instant now) {
        return order.payment().refunds().stream()
                .filter(refund -> refund.state() == Refund.State.SUCCEEDED)
                .map(Refund::requestedAt)
                .filter(at -> at.plus(REFUNDS_MAY_FAIL).isAfter(now))
                .max(Comparator.naturalOrder());
    }

    /** A refund that was made is asked about ever more rarely, without a longest pause. */
    private Instant next(Order order, Instant now) {
        if (!isPending(order)) {
            var since = lastRefund(order, now).orElse(now);
            return now.plus(max(firstAfter, Duration.between(since, now).dividedBy(2)));
        }
        var age = Duration.between(order.createdAt(), now).dividedBy(2);
        var pause = age.compareTo(longest) > 0 ? longest : max(firstAfter, age);
        var next = now.plus(pause);
        var end = unpaidAfter == null ? next : order.updatedAt().plus(unpaidAfter);
        return end.isAfter(now) && end.isBefore(next) ? end : next;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static Order at(Order order, Instant checkAt) {
        return Objects.equals(order.payment().checkAt(), checkAt)
                ? order
                : order.withPayment(order.payment().withCheckAt(checkAt));
    }
}
