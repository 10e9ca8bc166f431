package io.orderflow.domain;

import java.util.Locale;

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

    /** As written in the API and in the ledger: small letters. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
