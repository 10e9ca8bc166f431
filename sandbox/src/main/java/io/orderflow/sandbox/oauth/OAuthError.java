package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;

/** A refusal by the token endpoint (RFC 6749, section 5.2). */
final class OAuthError extends RuntimeException {

    private final String error;
    private final boolean challenge;

    private OAuthError(String error, String description, boolean challenge) {
        super(description, null, false, false);
        this.error = error;
        this.challenge = challenge;
    }

    static OAuthError of(String error, String description) {
        return new OAuthError(error, description, false);
    }

    /** An unknown client or a wrong secret; which of both is not told. */
    static OAuthError invalidClient() {
        return new OAuthError("invalid_client", "Client authentication failed.", true);
    }

    Reply reply() {
        var reply = body(challenge ? 401 : 400, error, getMessage());
        return challenge ? reply.with("WWW-Authenticate", "Basic realm=\"orderflow-sandbox\"") : reply;
    }

    static Reply body(int status, String error, String description) {
        return Reply.json(status, Json.object().put("error", error).put("error_description", description))
                .with("Cache-Control", "no-store")
                .with("Pragma", "no-cache");
    }
}
