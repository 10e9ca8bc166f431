package io.orderflow.domain;

import java.util.Locale;

/**
 * Where the payment of an order stands: the states of a machine that only moves forward. What was learnt late, twice or
 * in the wrong order leaves it where it is.
 *
 * <table>
 *   <caption>The next state, by what is learnt; – stays</caption>
 *   <tr><th></th><th>opened</th><th>refused</th><th>processing</th><th>declined</th><th>canceled</th><th>succeeded</th>
 *       <th>refunded</th><th>disputed</th></tr>
 *   <tr><th>pending</th><td>–</td><td>failed</td><td>processing</td><td>failed</td><td>cancelled</td>
 *       <td>succeeded</td><td>–</td><td>–</td></tr>
 *   <tr><th>processing</th><td>–</td><td>–</td><td>–</td><td>failed</td><td>cancelled</td><td>succeeded</td><td>–</td>
 *       <td>–</td></tr>
 *   <tr><th>failed</th><td>pending</td><td>–</td><td>processing</td><td>–</td><td>cancelled</td><td>succeeded</td>
 *       <td>–</td><td>–</td></tr>
 *   <tr><th>cancelled</th><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td></tr>
 *   <tr><th>succeeded, partially_refunded, refunded</th><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td>
 *       <td>by the amount: succeeded (nothing), partially_refunded, refunded (all)</td><td>disputed</td></tr>
 *   <tr><th>disputed</th><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td><td>–</td></tr>
 * </table>
 *
 * <p>{@code failed} is not the end: another card can still succeed. {@code cancelled} is, because Stripe lets nobody
 * pay a cancelled intent. {@code disputed} is left by a person, at Stripe.
 */
public enum PaymentStatus {
    PENDING,
    PROCESSING,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    PARTIALLY_REFUNDED,
    REFUNDED,
    DISPUTED;

    /** The state after {@code signal}: the same where the table has a dash. */
    public PaymentStatus after(PaymentSignal signal) {
        return switch (this) {
            case PENDING, PROCESSING, FAILED -> unpaid(signal);
            case SUCCEEDED, PARTIALLY_REFUNDED, REFUNDED -> paid(signal);
            case CANCELLED, DISPUTED -> this;
        };
    }

    private PaymentStatus unpaid(PaymentSignal signal) {
        return switch (signal) {
            case PaymentSignal.Opened _ -> this == FAILED ? PENDING : this;
            case PaymentSignal.Refused _ -> this == PENDING ? FAILED : this;
            case PaymentSignal.Processing _ -> PROCESSING;
            case PaymentSignal.Declined _ -> FAILED;
            case PaymentSignal.Canceled _ -> CANCELLED;
            case PaymentSignal.Succeeded _ -> SUCCEEDED;
            case PaymentSignal.Refunded _, PaymentSignal.Disputed _ -> this;
        };
    }

    private PaymentStatus paid(PaymentSignal signal) {
        return switch (signal) {
            case PaymentSignal.Refunded(var refunded, var total) -> {
                if (refunded == 0) {
                    yield SUCCEEDED;
                }
                yield refunded < total ? PARTIALLY_REFUNDED : REFUNDED;
            }
            case PaymentSignal.Disputed _ -> DISPUTED;
            case PaymentSignal.Opened _,
                    PaymentSignal.Refused _,
                    PaymentSignal.Processing _,
                    PaymentSignal.Declined _,
                    PaymentSignal.Canceled _,
                    PaymentSignal.Succeeded _ -> this;
        };
    }

    /** Whether the customer may still pay, or is about to have paid. */
    public boolean isOpen() {
        return switch (this) {
            case PENDING, PROCESSING, FAILED -> true;
            case SUCCEEDED, PARTIALLY_REFUNDED, REFUNDED, DISPUTED, CANCELLED -> false;
        };
    }

    /** As written in the API and in the ledger: small letters. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
