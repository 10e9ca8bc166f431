package io.orderflow.domain;

import java.util.List;

/**
 * What Stripe said of a PaymentIntent when it was asked.
 *
 * @param failure what it says of the last failed attempt, or null
 * @param failureId identifies that attempt, or null
 * @param disputed whether a dispute was opened
 * @param refunds all refunds of it
 */
public record PaymentSnapshot(
        String intentId,
        IntentStatus status,
        String failure,
        String failureId,
        boolean disputed,
        List<RefundSeen> refunds) {

    /** The states of a PaymentIntent (Stripe's page "How PaymentIntents and SetupIntents work"). */
    public enum IntentStatus {
        REQUIRES_PAYMENT_METHOD,
        REQUIRES_CONFIRMATION,
        REQUIRES_ACTION,
        PROCESSING,
        REQUIRES_CAPTURE,
        SUCCEEDED,
        CANCELED
    }

    /**
     * One refund as Stripe has it.
     *
     * @param ourId the id under which it was asked for here, or null when it was made at Stripe itself
     * @param amount in minor units of the order's currency
     */
    public record RefundSeen(String stripeId, String ourId, long amount, String reason, Refund.State state) {}

    public PaymentSnapshot {
        refunds = List.copyOf(refunds);
    }
}
