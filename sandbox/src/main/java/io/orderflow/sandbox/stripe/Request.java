package io.orderflow.sandbox.stripe;

import io.orderflow.sandbox.Call;
import java.util.Optional;

/**
 * One call that was let in.
 *
 * @param cause what an event that comes of it names as its origin
 */
record Request(Call call, Access access, Params params, Cause cause) {

    /** By which key the caller came in. */
    enum Access {
        SECRET,
        /** The key that a browser holds: for one intent at a time, and only with its client secret. */
        PUBLISHABLE
    }

    /** What brought an event about; both are null for what happened by itself. */
    record Cause(String request, String idempotencyKey) {

        static final Cause NONE = new Cause(null, null);
    }

    String path(String name) {
        return call.pathParameter(name);
    }

    Optional<String> text(String name) {
        return params.text(name);
    }
}
