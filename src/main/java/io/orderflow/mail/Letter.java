package io.orderflow.mail;

import io.orderflow.delivery.OrderEvent;
import io.orderflow.domain.Event;
import io.orderflow.domain.Money;
import io.orderflow.domain.Order;
import io.orderflow.domain.OrderStatus;
import java.math.BigDecimal;

/**
 * What the templates of one mail are given, in words and formatted amounts.
 *
 * <p>A mail can be late (an outage, a replay). Where its advice would then be wrong, it goes by the order as it is now
 * and not as it was at the event.
 */
sealed interface Letter {

    OrderView order();

    record Created(OrderView order) implements Letter {}

    /** @param cancelled whether the order will not be sent, and the payment is to be returned */
    record Paid(OrderView order, String paidOn, boolean cancelled) implements Letter {}

    /** @param reason what the bank or Stripe said, for the customer to read; or null */
    record PaymentFailed(OrderView order, String reason, Since since) implements Letter {}

    /**
     * @param due what will be returned; of meaning with {@link Settlement#DUE} only
     * @param unpaid whether it was cancelled because nobody paid it
     */
    record Cancelled(OrderView order, Settlement settlement, String due, boolean unpaid) implements Letter {}

    /** @param soFar all that has been refunded of the order; the same as {@code amount} when this was the first */
    record Refunded(OrderView order, String amount, String refundedOn, String soFar) implements Letter {}

    /** @param trackingNumber or null */
    record Shipped(OrderView order, String shippedOn, String trackingNumber) implements Letter {}

    /** What has become of an order since its payment failed. */
    enum Since {
        OPEN,
        PAID,
        CANCELLED
    }

    /** What becomes of the payment of a cancelled order. */
    enum Settlement {
        NOTHING_TAKEN,
        DUE,
        RETURNED,
        DISPUTED
    }

    /** @throws IllegalArgumentException when customers get no mail of such an event */
    static Letter of(OrderEvent told) {
        var event = told.event();
        var order = told.order();
        var formats = new Formats(order.details().shippingAddress().country());
        var view = OrderView.of(order, formats);
        var day = formats.date(event.at());
        return switch (event.type()) {
            case ORDER_CREATED -> new Created(view);
            case PAYMENT_SUCCEEDED -> new Paid(view, day, order.status() == OrderStatus.CANCELLED);
            case PAYMENT_FAILED -> new PaymentFailed(view, event.data().get("reason"), since(order));
            case ORDER_CANCELLED -> cancelled(event, order, view, formats);
            case PAYMENT_REFUNDED -> refunded(event, order, view, formats);
            case ORDER_SHIPPED -> new Shipped(view, day, trackingNumber(event, order));
            case ORDER_DELIVERED, PAYMENT_DISPUTED, REFUND_REQUESTED ->
                throw new IllegalArgumentException("There is no mail of " + event.type());
        };
    }

    private static Since since(Order order) {
        if (order.status() == OrderStatus.CANCELLED) {
            return Since.CANCELLED;
        }
        return order.payment().wasPaid() ? Since.PAID : Since.OPEN;
    }

    private static Letter cancelled(Event event, Order order, OrderView view, Formats formats) {
        var settlement =
                switch (order.payment().status()) {
                    case PENDING, PROCESSING, FAILED, CANCELLED -> Settlement.NOTHING_TAKEN;
                    case SUCCEEDED, PARTIALLY_REFUNDED -> Settlement.DUE;
                    case REFUNDED -> Settlement.RETURNED;
                    case DISPUTED -> Settlement.DISPUTED;
                };
        var due = order.total().minus(order.money(order.payment().refunded()));
        return new Cancelled(
                view,
                settlement,
                formats.amount(due),
                "unpaid".equals(event.data().get("reason")));
    }

    private static Letter refunded(Event event, Order order, OrderView view, Formats formats) {
        var amount = Money.ofMajor(new BigDecimal(event.data().get("amount")), order.currency())
                .minor();
        // A refund that the bank has refused since is no longer part of the sum.
        var soFar = Math.max(amount, order.payment().refunded());
        return new Refunded(
                view,
                formats.amount(order.money(amount)),
                formats.date(event.at()),
                formats.amount(order.money(soFar)));
    }

    /** The order's own is newer: a wrong number can be corrected after the event. */
    private static String trackingNumber(Event event, Order order) {
        return order.trackingNumber() == null ? event.data().get("trackingNumber") : order.trackingNumber();
    }
}
