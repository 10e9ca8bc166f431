package io.orderflow.domain;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where an order stands. {@code cancelled} can be reached before {@code shipped} only. */
public enum OrderStatus {
    PENDING,
    PAID,
    SHIPPED,
    DELIVERED,
    CANCELLED;

    /** The constant that is written {@code text} outside, if there is one. */
    public static Optional<OrderStatus> of(String text) {
        return Stream.of(values())
                .filter(value -> value.toString().equals(text))
                .findFirst();
    }

    /** As written in the API and in the ledger: small letters. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
