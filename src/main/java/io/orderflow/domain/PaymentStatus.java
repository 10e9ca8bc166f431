package io.orderflow.domain;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the payment of an order stands. {@code failed} is not the end: another card can still succeed. */
public enum PaymentStatus {
    PENDING,
    PROCESSING,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    PARTIALLY_REFUNDED,
    REFUNDED,
    DISPUTED;

    /** The constant that is written {@code text} outside, if there is one. */
    public static Optional<PaymentStatus> of(String text) {
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
