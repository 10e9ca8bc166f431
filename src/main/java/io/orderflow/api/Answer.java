package io.orderflow.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;

/**
 * What an endpoint answers, before it is written by the route {@code answer}.
 *
 * @param content to be written as JSON, or null
 * @param etag or null
 * @param location where what was made is found, or null
 * @param contentType of the body, or null without one
 * @param retryAfter in seconds, or null
 */
@RegisterForReflection
public record Answer(int status, Object content, String etag, String location, String contentType, Long retryAfter) {

    private static final String JSON = "application/json";

    public static Answer ok(Object content) {
        return new Answer(200, content, null, null, JSON, null);
    }

    public static Answer of(int status, Object content) {
        return new Answer(status, content, null, null, JSON, null);
    }

    public static Answer noContent() {
        return new Answer(204, null, null, null, null, null);
    }

    public static Answer problem(Problem problem) {
        return new Answer(
                problem.status(),
                problem.details(),
                null,
                null,
                "application/problem+json",
                problem.retryAfterSeconds());
    }

    public Answer withEtag(long version) {
        return new Answer(status, content, "\"" + version + "\"", location, contentType, retryAfter);
    }

    public Answer withLocation(String path) {
        return new Answer(status, content, etag, path, contentType, retryAfter);
    }

    /** Asks the caller to come again after {@code delay}. */
    public Answer withRetryAfter(Duration delay) {
        return new Answer(status, content, etag, location, contentType, Math.max(1, delay.toSeconds()));
    }
}
