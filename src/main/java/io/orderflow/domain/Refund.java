package io.orderflow.domain;

import java.time.Instant;
import java.util.Locale;

/**
 * One refund of an order's payment.
 *
 * @param id ours, from the caller's idempotency key; for a refund made at Stripe itself, Stripe's id
 * @param amount in minor units of the order's currency
 * @param reason as Stripe takes it, or null
 * @param stripeId Stripe's id once it is known, or null
 */
public record Refund(String id, long amount, String reason, State state, String stripeId, Instant requestedAt) {

    /** Where a refund stands. */
    public enum State {
        /** Asked for here; Stripe has not confirmed it. */
        REQUESTED,
        /** Stripe has it; the bank has not. */
        PENDING,
        SUCCEEDED,
        FAILED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Refund failed() {
        return new Refund(id, amount, reason, State.FAILED, stripeId, requestedAt);
    }

    Refund requested() {
        return new Refund(id, amount, reason, State.REQUESTED, stripeId, requestedAt);
    }

    /** Whether this amount can no longer be refunded a second time. */
    boolean counts() {
        return state != State.FAILED;
    }
}
