package io.orderflow.delivery;

import com.stripe.exception.IdempotencyException;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.http.base.HttpOperationFailedException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * What a failed call says of itself.
 *
 * @param cause a short code, the same for all failures of a kind: {@code http-503}, {@code card_declined}; it is part of
 *     the key of an index, which must not become too long
 * @param message for the operator
 * @param retryAfter how long the third party asked to be left alone
 * @param isFinal whether the third party refused for good
 * @param needsNewKey whether the third party has bound the idempotency key to this failure, or to a request with
 *     other parameters, and would refuse it again
 */
record Failure(String cause, String message, Optional<Duration> retryAfter, boolean isFinal, boolean needsNewKey) {

    private static final String RETRY_AFTER = "Retry-After";
    private static final int LONGEST_MESSAGE = 300;
    private static final int LONGEST_CAUSE = 64;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    /** What a 4xx may say and still heal: timeout, too early, too many, or a payment that is just changing its state. */
    private static final Set<Integer> PASSING = Set.of(408, 409, 425, 429);

    Failure {
        var known = cause == null ? "unknown" : cause;
        cause = known.substring(0, Math.min(known.length(), LONGEST_CAUSE));
    }

    static Failure of(Throwable thrown) {
        return switch (telling(thrown)) {
            case HttpOperationFailedException http ->
                new Failure(
                        "http-" + http.getStatusCode(),
                        shortened(http.getStatusCode() + " " + nullToEmpty(http.getResponseBody())),
                        retryAfter(
                                http.getResponseHeaders() == null
                                        ? null
                                        : http.getResponseHeaders().get(RETRY_AFTER)),
                        isFinal(http.getStatusCode()),
                        false);
            case StripeException stripe ->
                new Failure(
                        stripe.getCode() != null ? stripe.getCode() : stripeCause(stripe),
                        shortened(nullToEmpty(stripe.getMessage())),
                        retryAfter(Optional.ofNullable(stripe.getStripeError())
                                .map(StripeObject::getLastResponse)
                                .flatMap(response -> response.headers().firstValue(RETRY_AFTER))
                                .orElse(null)),
                        stripe.getStatusCode() != null
                                && isFinal(stripe.getStatusCode())
                                && !(stripe instanceof IdempotencyException)
                                && !"payment_intent_unexpected_state".equals(stripe.getCode()),
                        stripe instanceof IdempotencyException
                                || (stripe.getStatusCode() != null && stripe.getStatusCode() >= 500));
            case AwsServiceException aws ->
                new Failure(
                        aws.awsErrorDetails() == null
                                ? "http-" + aws.statusCode()
                                : aws.awsErrorDetails().errorCode(),
                        shortened(nullToEmpty(aws.getMessage())),
                        retryAfter(Optional.ofNullable(aws.awsErrorDetails())
                                .map(AwsErrorDetails::sdkHttpResponse)
                                .flatMap(response -> response.firstMatchingHeader(RETRY_AFTER))
                                .orElse(null)),
                        isFinal(aws.statusCode()) && !aws.isThrottlingException(),
                        false);
            default -> new Failure(name(root(thrown)), shortened(text(thrown)), Optional.empty(), false, false);
        };
    }

    /** The third party's own exception, out of what Camel and its breaker have wrapped around it. */
    private static Throwable telling(Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpOperationFailedException
                    || cause instanceof StripeException
                    || cause instanceof AwsServiceException) {
                return cause;
            }
        }
        return thrown;
    }

    private static boolean isFinal(int status) {
        return status >= 400 && status < 500 && !PASSING.contains(status);
    }

    private static String stripeCause(StripeException stripe) {
        return stripe.getStatusCode() == null ? name(root(stripe)) : "http-" + stripe.getStatusCode();
    }

    private static Optional<Duration> retryAfter(String header) {
        if (header == null || !header.matches("\\d{1,9}")) {
            return Optional.empty();
        }
        var asked = Duration.ofSeconds(Long.parseLong(header));
        return Optional.of(asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER);
    }

    private static Throwable root(Throwable thrown) {
        var root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    /** {@code SocketTimeoutException} as {@code socket-timeout}. */
    private static String name(Throwable thrown) {
        return thrown.getClass()
                .getSimpleName()
                .replaceAll("(Exception|Error)$", "")
                .replaceAll("([a-z])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT);
    }

    private static String text(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }

    private static String nullToEmpty(String text) {
        return text == null ? "" : text;
    }

    private static String shortened(String text) {
        var line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE - 1) + "…";
    }
}
