package io.orderflow.domain;

import java.time.Instant;

/** What came of one task. */
public sealed interface Outcome {

    /** @param externalId what the third party calls the effect, or null */
    record Done(String externalId) implements Outcome {}

    /**
     * Did not have its effect; is due again later.
     *
     * @param newKey whether the next attempt needs another idempotency key
     */
    record Parked(String cause, String error, Instant nextAt, boolean newKey) implements Outcome {}

    /** Was not even tried: a breaker, a bulkhead or an expiring claim kept the call back. */
    record KeptBack(String why, Instant nextAt) implements Outcome {}

    /**
     * May have had its effect.
     *
     * @param retryAt when it would be due again, if the subscription allows it
     */
    record Unknown(String cause, String error, Instant retryAt) implements Outcome {}

    /** Given up, with the dead letter written. */
    record Buried(String cause, String error, End end) implements Outcome {}

    /** Why a delivery is given up. */
    enum End {
        /** The third party refused for good: it has not had its effect. */
        REFUSED,
        /** It has used up its attempts or its time without having its effect. */
        EXHAUSTED,
        /** The same, and the last attempt may have had its effect. */
        UNKNOWN
    }
}
