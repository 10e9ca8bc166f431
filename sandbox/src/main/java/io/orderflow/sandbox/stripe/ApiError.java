package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.util.List;
import java.util.Set;

/**
 * A refusal, as Stripe words it. Source: Stripe's pages "Errors" and "Error codes".
 *
 * <p>The {@code type} has four values on the wire; what the libraries call a rate-limit or an authentication error is
 * an {@code invalid_request_error} with its HTTP status.
 */
@SuppressWarnings("serial")
final class ApiError extends RuntimeException {

    private static final Set<String> DOCUMENTED_TYPES = Set.of("invalid_request_error", "card_error");

    private final int status;
    private final ObjectNode error;

    private ApiError(int status, String type, String message) {
        super(message, null, false, false);
        this.status = status;
        this.error = Json.object().put("type", type).put("message", message);
    }

    static ApiError invalid(String message) {
        return new ApiError(400, "invalid_request_error", message);
    }

    static ApiError invalid(int status, String message) {
        return new ApiError(status, "invalid_request_error", message);
    }

    /** A declined or unusable card: 402. */
    static ApiError card(String code, String message) {
        return new ApiError(402, "card_error", message).code(code);
    }

    static ApiError idempotency(String message) {
        return new ApiError(400, "idempotency_error", message);
    }

    static ApiError internal(int status, String message) {
        return new ApiError(status, "api_error", message);
    }

    static ApiError missing(String parameter) {
        return invalid("Missing required param: " + parameter + ".")
                .code("parameter_missing")
                .param(parameter);
    }

    static ApiError unknown(List<String> parameters) {
        return invalid("Received unknown parameter" + (parameters.size() > 1 ? "s" : "") + ": "
                        + String.join(", ", parameters))
                .code("parameter_unknown")
                .param(parameters.getFirst());
    }

    static ApiError exclusive(String first, String second) {
        return invalid("You may only specify one of these parameters: " + first + ", " + second + ".")
                .code("parameters_exclusive")
                .param(second);
    }

    /** What a path names does not exist: 404. */
    static ApiError notFound(String kind, String id, String parameter) {
        return invalid(404, "No such " + kind + ": '" + id + "'")
                .code("resource_missing")
                .param(parameter);
    }

    /** What a parameter names does not exist: 400. */
    static ApiError noSuch(String kind, String id, String parameter) {
        return invalid("No such " + kind + ": '" + id + "'")
                .code("resource_missing")
                .param(parameter);
    }

    ApiError code(String code) {
        error.put("code", code);
        if (DOCUMENTED_TYPES.contains(error.get("type").asText())) {
            error.put("doc_url", "https://stripe.com/docs/error-codes/" + code.replace('_', '-'));
        }
        return this;
    }

    ApiError param(String parameter) {
        error.put("param", parameter);
        return this;
    }

    ApiError with(String field, String value) {
        if (value != null) {
            error.put(field, value);
        }
        return this;
    }

    ApiError with(String field, ObjectNode value) {
        error.set(field, value);
        return this;
    }

    int status() {
        return status;
    }

    /** What is inside {@code {"error": …}}. */
    ObjectNode error() {
        return error;
    }
}
