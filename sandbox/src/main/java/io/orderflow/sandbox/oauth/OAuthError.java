package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;

/** A refusal, by the name that RFC 6749 or OpenID Connect gives it. */
final class OAuthError extends RuntimeException {

    private static final String INVALID_CLIENT = "invalid_client";

    private final String error;

    private OAuthError(String error, String description) {
        super(description, null, false, false);
        this.error = error;
    }

    static OAuthError of(String error, String description) {
        return new OAuthError(error, description);
    }

    static OAuthError invalidRequest(String description) {
        return new OAuthError("invalid_request", description);
    }

    static OAuthError invalidGrant(String description) {
        return new OAuthError("invalid_grant", description);
    }

    static OAuthError invalidScope(Iterable<String> allowed) {
        return new OAuthError("invalid_scope", "Allowed are: " + String.join(" ", allowed));
    }

    /** An unknown client or a wrong secret; which of both is not told. */
    static OAuthError invalidClient() {
        return new OAuthError(INVALID_CLIENT, "Client authentication failed.");
    }

    String error() {
        return error;
    }

    /** The answer of the token endpoint (RFC 6749, section 5.2). */
    Reply reply() {
        return error.equals(INVALID_CLIENT)
                ? body(401, error, getMessage()).with("WWW-Authenticate", "Basic realm=\"orderflow-sandbox\"")
                : body(400, error, getMessage());
    }

    static Reply body(int status, String error, String description) {
        return Reply.json(status, Json.object().put("error", error).put("error_description", description))
                .with("Cache-Control", "no-store")
                .with("Pragma", "no-cache");
    }
}
