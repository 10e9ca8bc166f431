package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A refusal in the error format of Google's APIs ("AIP-193: Errors"). */
final class GoogleError extends RuntimeException {

    /** The canonical codes that occur here, each with its HTTP status and its name in the older error format. */
    enum Code {
        INVALID_ARGUMENT(400, "badRequest"),
        UNAUTHENTICATED(401, "authError"),
        PERMISSION_DENIED(403, "forbidden"),
        NOT_FOUND(404, "notFound"),
        RESOURCE_EXHAUSTED(429, "rateLimitExceeded"),
        INTERNAL(500, "backendError"),
        UNIMPLEMENTED(501, "notImplemented"),
        UNAVAILABLE(503, "backendError"),
        DEADLINE_EXCEEDED(504, "backendError");

        final int status;
        final String reason;

        Code(int status, String reason) {
            this.status = status;
            this.reason = reason;
        }

        static Code of(int status) {
            for (var code : values()) {
                if (code.status == status) {
                    return code;
                }
            }
            return status < 500 ? INVALID_ARGUMENT : INTERNAL;
        }
    }

    private final Code code;
    private final List<ObjectNode> details = new ArrayList<>();
    private String authenticate;

    GoogleError(Code code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static GoogleError invalid(String message) {
        return new GoogleError(Code.INVALID_ARGUMENT, message);
    }

    /** The same refusal of one part of a batch, which its message then names. */
    GoogleError in(String part) {
        var named = new GoogleError(code, "Invalid " + part + ": " + getMessage());
        named.details.addAll(details);
        return named;
    }

    GoogleError with(ObjectNode detail) {
        details.add(detail);
        return this;
    }

    GoogleError info(String reason, Map<String, String> metadata) {
        var detail = Json.object()
                .put("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                .put("reason", reason)
                .put("domain", "googleapis.com");
        if (!metadata.isEmpty()) {
            detail.set("metadata", Json.MAPPER.valueToTree(metadata));
        }
        return with(detail);
    }

    GoogleError authenticate(String challenge) {
        authenticate = challenge;
        return this;
    }

    Reply reply() {
        return reply(code.status);
    }

    Reply reply(int status) {
        var error = Json.object().put("code", status).put("message", getMessage());
        error.putArray("errors")
                .addObject()
                .put("message", getMessage())
                .put("domain", "global")
                .put("reason", code.reason);
        error.put("status", code.name());
        if (!details.isEmpty()) {
            error.set("details", Json.MAPPER.valueToTree(details));
        }
        var reply = answer(status, Json.object().set("error", error));
        return authenticate == null ? reply : reply.with("WWW-Authenticate", authenticate);
    }

    /** An answer with the content type that Google's APIs name. */
    static Reply answer(int status, Object body) {
        return Reply.json(status, body).with("Content-Type", "application/json; charset=UTF-8");
    }
}
