package io.orderflow.domain;

import java.time.Instant;
import java.util.Map;

/**
 * Moves an order along.
 *
 * <pre>
 *   pending ──payment──▶ paid ──ship──▶ shipped ──deliver──▶ delivered
 *      │                   │
 *      └──────cancel───────┴──▶ cancelled
 * </pre>
 *
 * <p>What is asked for a second time changes nothing and is no error.
 */
public final class Fulfilment {

    /** What came of asking for a change. */
    public sealed interface Decision {
        /** @param order the changed order, or the same when there was nothing to change */
        record Accepted(Order order) implements Decision {}

        /** @param reason why not, for the person who asked */
        record Refused(String reason) implements Decision {}
    }

    private Fulfilment() {}

    /** @param trackingNumber or null */
    public static Decision ship(Order order, String trackingNumber, Instant now) {
        return switch (order.status()) {
            case PAID -> {
                if (order.payment().status() == PaymentStatus.REFUNDED) {
                    yield new Decision.Refused("The order is refunded in full; nothing is to be shipped.");
                }
                var shipped = track(order, trackingNumber).changed(now).withStatus(OrderStatus.SHIPPED);
                yield new Decision.Accepted(
                        shipped.withEvent(EventType.ORDER_SHIPPED, tracking(shipped.trackingNumber()), now));
            }
            case SHIPPED -> changeTracking(order, trackingNumber, now);
            case PENDING -> new Decision.Refused("The order is not paid yet; it can be shipped once it is.");
            case DELIVERED -> new Decision.Refused("The order is delivered already.");
            case CANCELLED -> new Decision.Refused("The order is cancelled.");
        };
    }

    public static Decision deliver(Order order, Instant now) {
        return switch (order.status()) {
            case SHIPPED ->
                new Decision.Accepted(order.changed(now)
                        .withStatus(OrderStatus.DELIVERED)
                        .withEvent(EventType.ORDER_DELIVERED, Map.of(), now));
            case DELIVERED -> new Decision.Accepted(order);
            case PENDING, PAID -> new Decision.Refused("The order is not shipped yet; ship it first.");
            case CANCELLED -> new Decision.Refused("The order is cancelled.");
        };
    }

    /** Sets or corrects the tracking number of an order that is not cancelled, without an event. */
    public static Decision changeTracking(Order order, String trackingNumber, Instant now) {
        if (trackingNumber == null || trackingNumber.equals(order.trackingNumber())) {
            return new Decision.Accepted(order);
        }
        return order.status() == OrderStatus.CANCELLED
                ? new Decision.Refused("The order is cancelled.")
                : new Decision.Accepted(track(order, trackingNumber).changed(now));
    }

    /**
     * Cancels. The payment follows by itself: an intent that is not paid is cancelled at Stripe, a paid one refunded.
     */
    public static Decision cancel(Order order, Instant now) {
        return cancel(order, Map.of(), now);
    }

    static Decision cancel(Order order, Map<String, String> why, Instant now) {
        return switch (order.status()) {
            case PENDING, PAID ->
                new Decision.Accepted(order.changed(now)
                        .withStatus(OrderStatus.CANCELLED)
                        .withEvent(EventType.ORDER_CANCELLED, why, now));
            case CANCELLED -> new Decision.Accepted(order);
            case SHIPPED, DELIVERED -> new Decision.Refused("The order is on its way or delivered; refund it instead.");
        };
    }

    private static Order track(Order order, String trackingNumber) {
        return trackingNumber == null ? order : order.withTrackingNumber(trackingNumber);
    }

    private static Map<String, String> tracking(String trackingNumber) {
        return trackingNumber == null ? Map.of() : Map.of("trackingNumber", trackingNumber);
    }
}
