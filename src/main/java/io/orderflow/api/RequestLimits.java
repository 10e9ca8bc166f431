package io.orderflow.api;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How large a request may be, and how long its body may take. What is beyond {@code quarkus.http.limits.*} the server
 * refuses without a word; so those are larger. A body that does not say how large it is meets the limits of the route and
 * of the server.
 */
@ApplicationScoped
class RequestLimits {

    /** As {@code quarkus.http.limits.max-body-size}, of webhooks. */
    private static final int LARGEST_EVENT = 1024 * 1024;

    /** Of path and query, in characters. */
    private static final int LONGEST_TARGET = 8 * 1024;

    private static final int MOST_HEADERS = 100;

    /** Of all header fields together, in characters. */
    private static final int LARGEST_HEADERS = 16 * 1024;

    private final Vertx vertx;
    private final Duration bodyTimeout;

    RequestLimits(Vertx vertx, @ConfigProperty(name = "orderflow.http.body-timeout") Duration bodyTimeout) {
        this.vertx = vertx;
        this.bodyTimeout = bodyTimeout;
    }

    /** What is too large about a request, if anything. */
    Optional<Problem> exceededBy(HttpServerRequest request) {
        var length = request.getHeader("Content-Length");
        if (length != null && length.matches("\\d+") && isMore(length, largestBody(request.path()))) {
            return Optional.of(tooLarge(request.path()));
        }
        if (request.uri().length() > LONGEST_TARGET) {
            return Optional.of(Problem.targetTooLong("Path and query may have " + LONGEST_TARGET + " characters."));
        }
        if (request.headers().entries().size() > MOST_HEADERS || size(request.headers()) > LARGEST_HEADERS) {
            return Optional.of(Problem.headersTooLarge("There may be " + MOST_HEADERS + " header fields, with "
                    + LARGEST_HEADERS + " characters in all."));
        }
        return Optional.empty();
    }

    /** For a body that is larger than a path takes. */
    Problem tooLarge(String path) {
        return Problem.tooLarge("At most " + largestBody(path) / 1024 + " KiB are taken.");
    }

    /**
     * Closes the connection when the body is not there in time, also when the request has its answer without it; else
     * answers 408 before.
     */
    void endWhenSlow(RoutingContext context, HttpProblems problems) {
        var request = context.request();
        if (!hasBody(request)) {
            return;
        }
        var timer = vertx.setTimer(bodyTimeout.toMillis(), id -> {
            if (request.isEnded()) {
                return;
            }
            if (context.response().ended()) {
                end(request);
                return;
            }
            if (request.version() != HttpVersion.HTTP_2) {
                context.response().putHeader("Connection", "close");
            }
            context.addEndHandler(end -> end(request));
            problems.send(
                    context, Problem.tooSlow("The body must be here within " + bodyTimeout.toSeconds() + " seconds."));
        });
        context.addEndHandler(end -> {
            // HTTP/2 bounds what may be on its way in a stream that nobody reads.
            if (request.isEnded() || request.version() == HttpVersion.HTTP_2) {
                vertx.cancelTimer(timer);
            } else {
                // Thrown away as it comes, for as long as it may take.
                request.resume();
            }
        });
    }

    private static void end(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
        } else {
            request.connection().close();
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        // HTTP/2 needs no header to announce one.
        if (request.version() == HttpVersion.HTTP_2) {
            return !request.isEnded();
        }
        var length = request.getHeader("Content-Length");
        return length == null ? request.headers().contains("Transfer-Encoding") : !length.equals("0");
    }

    private static int largestBody(String path) {
        return path.startsWith("/api/") ? Contract.LARGEST_BODY : LARGEST_EVENT;
    }

    private static int size(MultiMap headers) {
        return headers.entries().stream()
                .mapToInt(header -> header.getKey().length() + header.getValue().length())
                .sum();
    }

    private static boolean isMore(String number, int limit) {
        return number.length() > 9 || Integer.parseInt(number) > limit;
    }
}
