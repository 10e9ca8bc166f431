package io.orderflow.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a person may do about a delivery that was given up. Each change is one write of the order, and leaves word of
 * who did it and why.
 */
public final class DeadLetterRules {

    /** Whether a dead letter can be replayed. */
    public sealed interface Verdict {
        /** @param warnings what a person should know before */
        record Replayable(List<String> warnings) implements Verdict {}

        /** @param reason why not, for the person who asked */
        record Refused(String reason) implements Verdict {}
    }

    /** How far a replayed delivery has got. */
    public sealed interface Progress {
        /** It is not known yet. */
        record Open() implements Progress {}

        /** It has had its effect. */
        record Done() implements Progress {}

        /** @param why it has not, or may not have had it */
        record Failed(String why) implements Progress {}

        /** @param why it is no longer this replay's: another person took it on */
        record Left(String why) implements Progress {}
    }

    private static final String STRIPE = "stripe";

    private DeadLetterRules() {}

    /** The deliveries that wait for a person, in the order of the events. */
    public static List<Task> dead(Order order) {
        return order.events().stream()
                .filter(event -> event.deliveries() != null)
                .flatMap(event -> event.deliveries().entrySet().stream()
                        .filter(entry -> entry.getValue().isGivenUp())
                        .map(entry -> new Task(event.id(), entry.getKey())))
                .toList();
    }

    /** Whether a delivery is, or may have been, a dead letter. */
    public static boolean isLetter(Delivery delivery) {
        return switch (delivery.state()) {
            case ABANDONED -> true;
            case DEAD, PENDING, SENDING, UNKNOWN -> delivery.isGivenUp() || delivery.replay() != null;
            // One that became done by what its receiver told of it ends with the attempt before that.
            case DONE ->
                delivery.replay() != null
                        || delivery.isUndelivered()
                        || delivery.endedWith(Delivery.State.DEAD)
                        || delivery.endedWith(Delivery.State.UNKNOWN);
        };
    }

    /** Whether a delivery can be sent again. */
    public static Verdict verdict(Order order, Task task, Collection<Subscription> subscriptions) {
        var delivery = DeliveryRules.delivery(order, task);
        var event = DeliveryRules.event(order, task.eventId());
        var subscription = subscriptions.stream()
                .filter(to -> to.integration().equals(task.integration()))
                .findFirst();
        if (delivery.isEmpty()) {
            return new Verdict.Refused("There is no such delivery.");
        }
        return notDead(delivery.get())
                .or(() -> ErasureRules.isForbidden(order, task) ? Optional.of(ErasureRules.WHY) : Optional.empty())
                .or(() -> subscription.isEmpty()
                        ? Optional.of("No route tells " + task.integration() + " any more.")
                        : Optional.empty())
                .or(() -> task.integration().equals(STRIPE)
                        ? PaymentRules.obstacle(order, event.orElseThrow())
                        : Optional.empty())
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Replayable(
                        warnings(order, event.orElseThrow(), delivery.get(), subscription.orElseThrow())));
    }

    /** The same once the order is corrected: what was sent to a wrong address can be sent to the right one. */
    public static Verdict verdict(
            Order order, Task task, Collection<Subscription> subscriptions, Correction correction) {
        var isReaddressed = correction.customerEmail() != null
                && !correction.customerEmail().equals(order.details().customer().email());
        return isReaddressed
                        && DeliveryRules.delivery(order, task)
                                .filter(Delivery::isUndelivered)
                                .isPresent()
                ? new Verdict.Replayable(List.of())
                : verdict(order, task, subscriptions);
    }

    private static Optional<String> notDead(Delivery delivery) {
        return switch (delivery.state()) {
            case DEAD -> Optional.empty();
            case PENDING, SENDING -> Optional.of("It is not dead any more: it is being delivered again.");
            case DONE -> Optional.of("It is not dead any more: it has had its effect.");
            case UNKNOWN ->
                delivery.isGivenUp()
                        ? Optional.empty()
                        : Optional.of(
                                "It is not dead: whether it has had its effect is unknown, and it is sent again.");
            case ABANDONED -> Optional.of("It was abandoned.");
        };
    }

    private static List<String> warnings(Order order, Event event, Delivery delivery, Subscription subscription) {
        var warnings = new ArrayList<String>();
        if (delivery.unknowns() > 0 && subscription.isRecordedFirst()) {
            warnings.add("It may have had its effect: the answer to an attempt was lost, and "
                    + subscription.integration() + " does not recognise a repeat.");
        }
        if (event.type() == EventType.REFUND_REQUESTED) {
            order.payment()
                    .refund(event.data().get("refundId"))
                    .ifPresent(refund -> warnings.add(money(order, refund)));
        }
        if (order.status() == OrderStatus.CANCELLED && event.type() != EventType.ORDER_CANCELLED) {
            warnings.add("The order is cancelled since.");
        }
        if (waits(order, event, subscription.integration())) {
            warnings.add("It waits for an earlier event of the order, of which " + subscription.integration()
                    + " is still to be told.");
        }
        return List.copyOf(warnings);
    }

    private static String money(Order order, Refund refund) {
        var since = order.payment().refunds().stream()
                .filter(other -> other.requestedAt().isAfter(refund.requestedAt()))
                .count();
        return "It moves money: " + order.money(refund.amount()) + " go back to the customer. "
                + (refund.state() == Refund.State.FAILED ? "Its caller was told that Stripe refuses it; " : "")
                + since + " refunds of the order were asked for since.";
    }

    private static boolean waits(Order order, Event event, String integration) {
        return order.events().stream()
                .takeWhile(earlier -> !earlier.id().equals(event.id()))
                .flatMap(earlier -> DeliveryRules.delivery(order, new Task(earlier.id(), integration)).stream())
                .anyMatch(Delivery::isOpen);
    }

    /** Whether a person's {@code id} had a delivery tried again, perhaps before others did. */
    public static boolean wasReplayedBy(Order order, Task task, String id) {
        return DeliveryRules.delivery(order, task)
                        .filter(delivery -> delivery.isReplayOf(id))
                        .isPresent()
                || order.actions().stream()
                        .anyMatch(action -> action.id().equals(id)
                                && action.eventId().equals(task.eventId())
                                && action.integration().equals(task.integration()));
    }

    /**
     * Has a delivery sent again: due now, with the patience of a new one. Stripe saves what it refused under the
     * idempotency key, so that is a new one, unless an answer was lost.
     *
     * @param action whose id names the replay; the same order when that was done before
     */
    public static Order replayed(Order order, Action action) {
        var task = new Task(action.eventId(), action.integration());
        var delivery = DeliveryRules.delivery(order, task).orElseThrow();
        if (wasReplayedBy(order, task, action.id())) {
            return order;
        }
        var asked = action.integration().equals(STRIPE)
                ? PaymentRules.askedAgain(
                        order, DeliveryRules.event(order, action.eventId()).orElseThrow())
                : order;
        return DeliveryRules.withDelivery(asked, task, delivery.replayed(action.id(), action.at()))
                .withAction(action);
    }

    /** Why a delivery cannot be left undone for good, if so. */
    public static Optional<String> obstacleToAbandon(Order order, Task task) {
        return task.integration().equals(STRIPE)
                ? PaymentRules.obstacleToAbandon(
                        order,
                        DeliveryRules.event(order, task.eventId()).orElseThrow(),
                        DeliveryRules.delivery(order, task).orElseThrow())
                : Optional.empty();
    }

    /** Leaves a delivery undone for good. A refund that Stripe is not asked for any more has failed. */
    public static Order abandoned(Order order, Action action) {
        var task = new Task(action.eventId(), action.integration());
        var delivery = DeliveryRules.delivery(order, task).orElseThrow();
        var event = DeliveryRules.event(order, task.eventId()).orElseThrow();
        var given = action.integration().equals(STRIPE) && event.type() == EventType.REFUND_REQUESTED
                ? PaymentRules.refused(order, event, action.reason(), action.at())
                : order;
        return DeliveryRules.withDelivery(given, task, delivery.abandoned()).withAction(action);
    }

    /** Why an order cannot be corrected so, if it cannot. */
    public static Optional<String> obstacle(Order order, Correction correction) {
        if (order.isErased()) {
            return Optional.of(ErasureRules.WHY);
        }
        return correction.shippingAddress() != null
                        && switch (order.status()) {
                            case PENDING, PAID -> false;
                            case SHIPPED, DELIVERED, CANCELLED -> true;
                        }
                ? Optional.of("The order is " + order.status() + "; its shipping address cannot be changed any more.")
                : Optional.empty();
    }

    /** Corrects the order, which people see, and has the delivery sent again. */
    public static Order corrected(Order order, Correction correction, Action action) {
        var changes = correction.changes(order.details());
        var corrected = changes.isEmpty()
                ? order
                : order.withDetails(order.details().corrected(correction)).changed(action.at());
        return replayed(corrected, action.withChanges(changes));
    }

    /**
     * How far a replay has got with one delivery.
     *
     * @param patience for how long it may take, from the replay
     */
    public static Progress progress(Order order, Task task, String replayId, Duration patience, Instant now) {
        var found = DeliveryRules.delivery(order, task);
        if (found.isEmpty() || !found.get().isReplayOf(replayId)) {
            return new Progress.Left("It was replayed by another since.");
        }
        var delivery = found.get();
        return switch (delivery.state()) {
            case DONE -> new Progress.Done();
            case DEAD -> new Progress.Failed("It is dead again: " + delivery.error());
            case ABANDONED -> new Progress.Left("It was abandoned.");
            case UNKNOWN -> new Progress.Failed("Whether it has had its effect is unknown: " + delivery.error());
            case PENDING, SENDING -> {
                if (delivery.attemptsSinceStart() > 0) {
                    yield new Progress.Failed("An attempt failed: " + delivery.error());
                }
                yield now.isAfter(delivery.replay().at().plus(patience))
                        ? new Progress.Failed(
                                "It was not done in time" + (delivery.error() == null ? "." : ": " + delivery.error()))
                        : new Progress.Open();
            }
        };
    }
}
