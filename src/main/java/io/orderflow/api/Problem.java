package io.orderflow.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.orderflow.domain.Violation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.List;

/**
 * A request that is not answered as asked, thrown out of a route and rendered by its error policy as problem details
 * (RFC 9457).
 */
@RegisterForReflection
public final class Problem extends RuntimeException {

    /** Problem details as sent. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @RegisterForReflection
    public record Details(String type, String title, int status, String detail, List<Violation> errors) {}

    private final transient Details details;
    private final transient Duration retryAfter;

    private Problem(String type, String title, int status, String detail, List<Violation> errors, Duration retryAfter) {
        super(title + (detail == null ? "" : ": " + detail), null, false, false);
        this.details = new Details("urn:orderflow:problem:" + type, title, status, detail, errors);
        this.retryAfter = retryAfter;
    }

    private static Problem of(String type, String title, int status, String detail) {
        return new Problem(type, title, status, detail, List.of(), null);
    }

    /** The body or a parameter breaks the contract. */
    public static Problem invalid(List<Violation> errors) {
        return new Problem(
                "invalid-request",
                "The request is not valid",
                400,
                errors.size() == 1 ? "One field breaks a rule." : errors.size() + " fields break a rule.",
                errors,
                null);
    }

    public static Problem malformed(String detail) {
        return of("malformed-json", "The body is no JSON that can be read", 400, detail);
    }

    public static Problem badSignature(String detail) {
        return of("bad-signature", "The signature does not hold", 400, detail);
    }

    public static Problem unauthorized() {
        return of(
                "unauthorized",
                "Who is asking is not known",
                401,
                "Send a valid API key in the header X-API-Key, or a token: Authorization: Bearer …");
    }

    public static Problem forbidden() {
        return of("forbidden", "Not allowed", 403, "The API key or token has not the scope that this needs.");
    }

    /** The caller may not do so much of what it asks for. */
    public static Problem forbidden(List<Violation> errors) {
        return new Problem("forbidden", "Not allowed", 403, "That is more than you may do yourself.", errors, null);
    }

    public static Problem notFound(String what) {
        return of("not-found", "Not found", 404, "There is no such " + what + ".");
    }

    public static Problem methodNotAllowed() {
        return of("method-not-allowed", "The method is not allowed here", 405, null);
    }

    public static Problem conflict(String detail) {
        return conflict("order", detail);
    }

    /** @param what does not allow it */
    public static Problem conflict(String what, String detail) {
        return of("conflict", "The " + what + " does not allow this now", 409, detail);
    }

    public static Problem changedMeanwhile(long version) {
        return of(
                "precondition-failed",
                "The order has changed",
                412,
                "Its version is " + version + " now. Get it again, and send its ETag as If-Match.");
    }

    public static Problem tooLarge(String detail) {
        return of("too-large", "The request is too large", 413, detail);
    }

    static Problem targetTooLong(String detail) {
        return of("uri-too-long", "The URL is too long", 414, detail);
    }

    static Problem headersTooLarge(String detail) {
        return of("headers-too-large", "The header is too large", 431, detail);
    }

    static Problem tooSlow(String detail) {
        return of("request-timeout", "The request took too long to come", 408, detail);
    }

    /** The server could make nothing of path or query. */
    static Problem malformedTarget() {
        return of(
                "malformed-url",
                "The URL cannot be read",
                400,
                "Path and query must be as RFC 3986 says: % is followed by two hexadecimal digits, and what is not a letter, a"
                        + " digit or one of -._~ is percent-encoded in them.");
    }

    /**
     * The caller has used up what it may.
     *
     * @param retryAfter whole seconds
     */
    public static Problem tooManyRequests(Duration retryAfter) {
        return new Problem(
                "too-many-requests",
                "Too many requests",
                429,
                "Come again after the seconds in Retry-After. RateLimit-Policy says how often you may.",
                List.of(),
                retryAfter);
    }

    public static Problem unsupportedMediaType() {
        return of("unsupported-media-type", "The body is not JSON", 415, "Send it as Content-Type: application/json.");
    }

    public static Problem unprocessable(String type, String detail, List<Violation> errors) {
        return new Problem(type, "The request cannot be done", 422, detail, errors, null);
    }

    /** @param what the key belongs to, of which there is another already */
    public static Problem keyReused(String what) {
        return unprocessable(
                "idempotency-key-reused",
                "The Idempotency-Key belongs to a different " + what + ". Use a new key.",
                List.of(new Violation("Idempotency-Key", "was used for a different " + what)));
    }

    public static Problem preconditionRequired() {
        return of(
                "precondition-required",
                "A precondition is required",
                428,
                "Send the ETag of the order that the change is meant for as If-Match.");
    }

    public static Problem internal() {
        return of(
                "internal",
                "Something went wrong here",
                500,
                "Nothing was answered for. Repeat the request with the same Idempotency-Key.");
    }

    /** Something that is needed does not answer; the caller may come again. */
    public static Problem unavailable(String detail) {
        return new Problem("unavailable", "Not available now", 503, detail, List.of(), Duration.ofSeconds(5));
    }

    /** For a status that the HTTP layer chose by itself. */
    static Problem ofStatus(int status, String reason) {
        return of("http-" + status, reason, status, null);
    }

    public int status() {
        return details.status();
    }

    public Details details() {
        return details;
    }

    /** The value of the header Retry-After in seconds, or null. */
    public Long retryAfterSeconds() {
        return retryAfter == null ? null : retryAfter.toSeconds();
    }
}
