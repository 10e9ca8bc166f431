package io.orderflow.domain;

/** What can be learnt of a payment. What becomes of the payment then, {@link PaymentStatus#after} says. */
public sealed interface PaymentSignal {

    /** Stripe has opened the intent that we asked for. */
    record Opened() implements PaymentSignal {}

    /** Stripe refuses for good to open one. */
    record Refused() implements PaymentSignal {}

    /** The customer has paid, and the bank has not said yet whether it goes through. */
    record Processing() implements PaymentSignal {}

    /** An attempt to pay has failed; another may follow. */
    record Declined() implements PaymentSignal {}

    /** The intent is cancelled: it can never be paid. */
    record Canceled() implements PaymentSignal {}

    /** The money was taken. */
    record Succeeded() implements PaymentSignal {}

    /**
     * The refunds have changed.
     *
     * @param refunded what has gone back by now, in minor units; less than before when the bank refuses a refund
     * @param total what was paid, in minor units
     */
    record Refunded(long refunded, long total) implements PaymentSignal {}

    /** The customer's bank asks for the money back. */
    record Disputed() implements PaymentSignal {}
}
