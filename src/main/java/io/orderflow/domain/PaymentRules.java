package io.orderflow.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Applies to an order what Stripe says of its payment, forward only: a snapshot that is older than what is known changes
 * nothing, and the same snapshot twice changes nothing the second time. So duplicates, order and delay of the hints
 * that lead here (webhooks, a caller's confirm, reconciliation) do not matter.
 * Which state follows which, {@link PaymentStatus} says.
 */
public final class PaymentRules {

    /** What came of asking for a refund. */
    public sealed interface RefundDecision {
        /** @param order with the refund recorded; the same as before when this refund was asked for already */
        record Accepted(Order order, Refund refund) implements RefundDecision {}

        /** The same idempotency key was used for another refund of this order. */
        record KeyReused() implements RefundDecision {}

        /** @param reason why the order cannot be refunded, for the person who asked */
        record Refused(String reason) implements RefundDecision {}

        /** @param detail what is wrong with the amount */
        record WrongAmount(String detail) implements RefundDecision {}
    }

    private static final int MAXIMUM_REFUNDS = 50;

    /** Whoever tries stolen cards on an order shall not fill it with events, nor its customer's mailbox. */
    private static final int MAXIMUM_FAILURES_TOLD = 20;

    private PaymentRules() {}

    /**
     * The order with the intent that was opened for it, unless it has one. Only the answer to our own request opens:
     * an intent that is merely heard of may be a twin, whose client secret nobody was given.
     */
    public static Order opened(Order order, String intentId, Instant now) {
        return order.payment().intentId() == null
                ? order.withPayment(order.payment()
                                .withIntent(intentId)
                                .withStatus(order.payment().status().after(new PaymentSignal.Opened()))
                                .withFailure(null, null))
                        .changed(now)
                : order;
    }

    /**
     * The order after Stripe has refused for good what an event asks of it: without a way to pay, or with a refund that
     * has failed. An operator may still mend it and replay the dead letter.
     *
     * @param reason what Stripe said
     */
    public static Order refused(Order order, Event event, String reason, Instant now) {
        return switch (event.type()) {
            case ORDER_CREATED ->
                order.payment().intentId() != null
                        ? order
                        : moved(order, new PaymentSignal.Refused(), now)
                                .map(failed ->
                                        failed.withPayment(failed.payment().withFailure(reason, null)))
                                .orElse(order);
            case REFUND_REQUESTED ->
                order.payment()
                        .refund(event.data().get("refundId"))
                        .filter(refund -> refund.state() == Refund.State.REQUESTED)
                        .map(refund -> withRefund(order, refund, refund.failed()))
                        .orElse(order);
            default -> order;
        };
    }

    /** The order when what Stripe had refused is asked for again: a refund's amount is no longer free for another. */
    static Order askedAgain(Order order, Event event) {
        return event.type() == EventType.REFUND_REQUESTED
                ? order.payment()
                        .refund(event.data().get("refundId"))
                        .filter(PaymentRules::isRefused)
                        .map(refund -> withRefund(order, refund, refund.requested()))
                        .orElse(order)
                : order;
    }

    /**
     * Why what an event asks of Stripe cannot be asked for again, if so.
     *
     * @param event whose delivery to Stripe was given up
     */
    static Optional<String> obstacle(Order order, Event event) {
        return switch (event.type()) {
            case ORDER_CREATED -> {
                if (order.status() == OrderStatus.CANCELLED) {
                    yield Optional.of("The order is cancelled; no payment is to be opened for it.");
                }
                yield order.payment().intentId() == null
                        ? Optional.empty()
                        : Optional.of("The order has a payment already, "
                                + order.payment().intentId() + ".");
            }
            case REFUND_REQUESTED ->
                order.payment()
                        .refund(event.data().get("refundId"))
                        .filter(PaymentRules::isRefused)
                        .flatMap(refund -> refusal(
                                        order,
                                        order.total().minor() - order.payment().committed())
                                .or(() -> wrongAmount(
                                                order,
                                                refund.amount(),
                                                order.total().minor()
                                                        - order.payment().committed())
                                        .map(detail -> "The amount " + detail + ".")));
            default -> Optional.empty();
        };
    }

    /**
     * Why what an event asks of Stripe cannot be left undone, if so. A refund that was perhaps made may not be called
     * failed: its amount could be given back twice.
     */
    static Optional<String> obstacleToAbandon(Order order, Event event, Delivery delivery) {
        return event.type() == EventType.REFUND_REQUESTED
                        && delivery.unknowns() > 0
                        && order.payment()
                                .refund(event.data().get("refundId"))
                                .filter(refund -> refund.state() == Refund.State.REQUESTED)
                                .isPresent()
                ? Optional.of(
                        "Whether Stripe has made this refund is unknown. Replay it: Stripe is asked for it first.")
                : Optional.empty();
    }

    private static boolean isRefused(Refund refund) {
        return refund.state() == Refund.State.FAILED && refund.stripeId() == null;
    }

    private static Order withRefund(Order order, Refund old, Refund next) {
        var refunds = new ArrayList<>(order.payment().refunds());
        refunds.set(refunds.indexOf(old), next);
        return order.withPayment(order.payment().withRefunds(refunds));
    }

    /** The order as the snapshot makes it; the same object when nothing is new, or when it is of another intent. */
    public static Order observe(Order order, PaymentSnapshot seen, Instant now) {
        if (!seen.intentId().equals(order.payment().intentId())) {
            return order;
        }
        return switch (seen.status()) {
            case REQUIRES_PAYMENT_METHOD -> seen.failure() == null ? order : failed(order, seen, now);
            case REQUIRES_CONFIRMATION, REQUIRES_ACTION -> order;
            case PROCESSING, REQUIRES_CAPTURE ->
                moved(order, new PaymentSignal.Processing(), now).orElse(order);
            case CANCELED -> canceled(order, now);
            case SUCCEEDED -> disputed(refunded(succeeded(order, now), seen, now), seen, now);
        };
    }

    /** Whether this intent was opened for an order that is paid by another one. It must be cancelled at Stripe. */
    public static boolean isTwin(Order order, PaymentSnapshot seen) {
        return order.payment().intentId() != null && !order.payment().intentId().equals(seen.intentId());
    }

    /** The order with its payment in the next state; nothing when the signal is no news. */
    private static Optional<Order> moved(Order order, PaymentSignal signal, Instant now) {
        var next = order.payment().status().after(signal);
        return next == order.payment().status()
                ? Optional.empty()
                : Optional.of(
                        order.withPayment(order.payment().withStatus(next)).changed(now));
    }

    /**
     * Whether Stripe may hold an intent of this order beside its own: one that was opened under an earlier key, whose
     * answer was an error. Nobody has its client secret, so nobody can pay it; it is cancelled all the same.
     */
    public static boolean mayHaveTwins(Order order) {
        return order.payment().intentId() != null
                && !order.payment().twinsSought()
                && DeliveryRules.delivery(
                                order, new Task(order.events().getFirst().id(), "stripe"))
                        .map(Delivery::keyNumber)
                        .filter(keys -> keys > 1)
                        .isPresent();
    }

    /** The order after Stripe was searched, and no such intent was left. */
    public static Order twinsSought(Order order) {
        return order.payment().twinsSought()
                ? order
                : order.withPayment(order.payment().withTwinsSought());
    }

    private static Order failed(Order order, PaymentSnapshot seen, Instant now) {
        var payment = order.payment();
        var next = payment.status().after(new PaymentSignal.Declined());
        var isKnown = payment.failure() != null && Objects.equals(payment.failureId(), seen.failureId());
        if (next != PaymentStatus.FAILED || isKnown) {
            return order;
        }
        var failed = order.withPayment(payment.withStatus(next).withFailure(seen.failure(), seen.failureId()))
                .changed(now);
        var told = order.events().stream()
                .filter(event -> event.type() == EventType.PAYMENT_FAILED)
                .count();
        return told < MAXIMUM_FAILURES_TOLD
                ? failed.withEvent(EventType.PAYMENT_FAILED, Map.of("reason", seen.failure()), now)
                : failed;
    }

    /** An order whose only intent is cancelled, at Stripe itself say, can never be paid: it is cancelled too. */
    private static Order canceled(Order order, Instant now) {
        var told = moved(order, new PaymentSignal.Canceled(), now).orElse(order);
        return told.status() == OrderStatus.PENDING
                        && Fulfilment.cancel(told, Map.of("reason", "payment_canceled"), now)
                                instanceof Fulfilment.Decision.Accepted(var cancelled)
                ? cancelled
                : told;
    }

    private static Order succeeded(Order order, Instant now) {
        return moved(order, new PaymentSignal.Succeeded(), now)
                .map(paid -> paid.withPayment(paid.payment().withFailure(null, null)))
                .map(paid -> paid.status() == OrderStatus.PENDING ? paid.withStatus(OrderStatus.PAID) : paid)
                .map(paid -> paid.withEvent(EventType.PAYMENT_SUCCEEDED, Map.of(), now))
                .orElse(order);
    }

    private static Order refunded(Order order, PaymentSnapshot seen, Instant now) {
        var result = order;
        for (var refund : seen.refunds()) {
            result = refund(result, refund, now);
        }
        return result;
    }

    private static Order refund(Order order, PaymentSnapshot.RefundSeen seen, Instant now) {
        var id = seen.ourId() == null ? seen.stripeId() : seen.ourId();
        var known = order.payment().refund(id);
        if (known.isPresent() && !isNews(known.get(), seen)) {
            return order;
        }
        var next = new Refund(
                id,
                seen.amount(),
                seen.reason(),
                seen.state(),
                seen.stripeId(),
                known.map(Refund::requestedAt).orElse(now));
        var refunds = new ArrayList<>(order.payment().refunds());
        known.ifPresentOrElse(old -> refunds.set(refunds.indexOf(old), next), () -> refunds.add(next));
        var before = order.payment().refunded();
        var payment = order.payment().withRefunds(refunds);
        if (payment.refunded() == before) {
            return order.withPayment(payment);
        }
        var changed = order.withPayment(payment.withStatus(afterRefunds(order, payment)))
                .changed(now);
        return seen.state() == Refund.State.SUCCEEDED
                ? changed.withEvent(
                        EventType.PAYMENT_REFUNDED,
                        Map.of(
                                "refundId",
                                id,
                                "amount",
                                order.money(seen.amount()).major().toPlainString()),
                        now)
                : changed;
    }

    private static boolean isNews(Refund known, PaymentSnapshot.RefundSeen seen) {
        return switch (known.state()) {
            case REQUESTED -> true;
            case PENDING -> seen.state() != Refund.State.PENDING;
            case SUCCEEDED -> seen.state() == Refund.State.FAILED;
            // One that Stripe had refused, and has made after all once an operator had it tried again.
            case FAILED -> known.stripeId() == null && seen.state() != Refund.State.FAILED;
        };
    }

    private static PaymentStatus afterRefunds(Order order, Payment payment) {
        return payment.status()
                .after(new PaymentSignal.Refunded(
                        payment.refunded(), order.total().minor()));
    }

    private static Order disputed(Order order, PaymentSnapshot seen, Instant now) {
        return seen.disputed()
                ? moved(order, new PaymentSignal.Disputed(), now)
                        .map(disputed -> disputed.withEvent(EventType.PAYMENT_DISPUTED, Map.of(), now))
                        .orElse(order)
                : order;
    }

    /**
     * Records that a refund is wanted; Stripe is asked by the delivery of the event that it leads to.
     *
     * @param refundId from the caller's idempotency key
     * @param amount in minor units, or null for all that is left
     * @param reason as Stripe takes it, or null
     */
    public static RefundDecision requestRefund(Order order, String refundId, Long amount, String reason, Instant now) {
        var earlier = order.payment().refund(refundId);
        if (earlier.isPresent()) {
            var same = (amount == null || amount == earlier.get().amount())
                    && Objects.equals(reason, earlier.get().reason());
            return same ? new RefundDecision.Accepted(order, earlier.get()) : new RefundDecision.KeyReused();
        }
        var left = order.total().minor() - order.payment().committed();
        return refusal(order, left)
                .<RefundDecision>map(RefundDecision.Refused::new)
                .or(() -> wrongAmount(order, amount, left).map(RefundDecision.WrongAmount::new))
                .orElseGet(() -> accepted(
                        order,
                        new Refund(refundId, amount == null ? left : amount, reason, Refund.State.REQUESTED, null, now),
                        now));
    }

    private static Optional<String> refusal(Order order, long left) {
        if (order.status() == OrderStatus.CANCELLED
                && order.payment().refunds().stream().allMatch(Refund::counts)
                && !isLeftToPeople(order)) {
            return Optional.of("The order is cancelled; what was paid is refunded by itself.");
        }
        return switch (order.payment().status()) {
            case PENDING, PROCESSING, FAILED, CANCELLED ->
                Optional.of("The order is not paid; there is nothing to refund. Cancel it instead.");
            case REFUNDED -> Optional.of("The order is refunded in full already.");
            case DISPUTED -> Optional.of("The payment is disputed; Stripe refunds no disputed payment.");
            case SUCCEEDED, PARTIALLY_REFUNDED -> {
                if (left == 0) {
                    yield Optional.of("Refunds of the full amount are on their way already.");
                }
                yield order.payment().refunds().size() >= MAXIMUM_REFUNDS
                        ? Optional.of("An order can be refunded in at most " + MAXIMUM_REFUNDS + " parts.")
                        : Optional.empty();
            }
        };
    }

    /** Whether a person has said that Stripe is not asked any more to give back what was paid for a cancelled order. */
    private static boolean isLeftToPeople(Order order) {
        return order.events().stream()
                .filter(event -> event.type() == EventType.ORDER_CANCELLED)
                .flatMap(event -> DeliveryRules.delivery(order, new Task(event.id(), "stripe")).stream())
                .anyMatch(delivery -> delivery.state() == Delivery.State.ABANDONED);
    }

    private static Optional<String> wrongAmount(Order order, Long amount, long left) {
        if (amount == null) {
            return Optional.empty();
        }
        if (amount > left) {
            return Optional.of("is more than what is left to refund, which is " + order.money(left));
        }
        return amount % order.currency().step() == 0
                ? Optional.empty()
                : Optional.of("must end in 0 at its last decimal, as payments in " + order.currency() + " do");
    }

    private static RefundDecision accepted(Order order, Refund refund, Instant now) {
        return new RefundDecision.Accepted(
                withRequest(order, refund).withEvent(EventType.REFUND_REQUESTED, Map.of("refundId", refund.id()), now),
                refund);
    }

    private static Order withRequest(Order order, Refund refund) {
        var refunds = new ArrayList<>(order.payment().refunds());
        refunds.add(refund);
        return order.withPayment(order.payment().withRefunds(refunds));
    }
}
