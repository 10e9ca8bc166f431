package io.orderflow.domain;

import java.util.Optional;
import java.util.stream.Stream;

/** What can happen to an order. */
public enum EventType {
    ORDER_CREATED("order.created"),
    ORDER_SHIPPED("order.shipped"),
    ORDER_DELIVERED("order.delivered"),
    ORDER_CANCELLED("order.cancelled"),
    PAYMENT_SUCCEEDED("payment.succeeded"),
    PAYMENT_FAILED("payment.failed"),
    PAYMENT_REFUNDED("payment.refunded"),
    PAYMENT_DISPUTED("payment.disputed"),
    /** Asks Stripe for a refund. Not announced: {@link #PAYMENT_REFUNDED} follows when the money has moved. */
    REFUND_REQUESTED("payment.refund_requested");

    private final String text;

    EventType(String text) {
        this.text = text;
    }

    /** The constant that is written {@code text} outside, if there is one. */
    public static Optional<EventType> of(String text) {
        return Stream.of(values()).filter(value -> value.text.equals(text)).findFirst();
    }

    /** As written in routes, messages and the ledger. */
    @Override
    public String toString() {
        return text;
    }
}
