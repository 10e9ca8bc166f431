package io.orderflow.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.security.ForbiddenException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Gives the answers that the HTTP layer makes by itself, before any route runs, the shape of all others. */
@ApplicationScoped
public class HttpProblems {

    /** As {@code quarkus.http.limits.max-body-size}, which the server enforces without a word. */
    private static final int LARGEST_EVENT = 1024 * 1024;

    private final ObjectMapper mapper;
    private final Contract contract;
    private final GracefulShutdown shutdown;

    HttpProblems(ObjectMapper mapper, Contract contract, GracefulShutdown shutdown) {
        this.mapper = mapper;
        this.contract = contract;
        this.shutdown = shutdown;
    }

    void install(@Observes Router router) {
        router.errorHandler(400, context -> send(context, Problem.ofStatus(400, "Bad request")));
        router.errorHandler(401, context -> send(context, Problem.unauthorized()));
        router.route().order(Integer.MIN_VALUE).handler(this::screen).failureHandler(context -> {
            if (context.failure() instanceof ForbiddenException) {
                refuse(context);
            } else if (context.failure() instanceof Problem problem) {
                send(context, problem);
            } else {
                context.next();
            }
        });
        // Where people look first; what is there to see, is told there.
        router.get("/").order(Integer.MIN_VALUE + 1).handler(context -> context.redirect("/q/swagger-ui/"));
        router.errorHandler(403, this::refuse);
        router.errorHandler(404, context -> send(context, Problem.notFound("resource")));
        router.errorHandler(405, context -> {
            context.response().putHeader("Allow", String.join(", ", contract.methods(context.normalizedPath())));
            send(context, Problem.methodNotAllowed());
        });
        router.errorHandler(
                413, context -> send(context, tooLarge(limit(context.request().path()))));
        router.errorHandler(415, context -> send(context, Problem.unsupportedMediaType()));
        router.errorHandler(500, context -> send(context, Problem.internal()));
    }

    /** What no permission names is refused to everybody; who is known is told whether it exists at all. */
    private void refuse(RoutingContext context) {
        var path = context.normalizedPath();
        var exists = path.startsWith("/q/") || !contract.methods(path).isEmpty();
        send(context, exists ? Problem.forbidden() : Problem.notFound("resource"));
    }

    /**
     * Before anything else looks at the request. A body that does not say how large it is meets the limits of the route
     * and of the server. A HEAD is a GET whose answer's body the server leaves out.
     */
    private void screen(RoutingContext context) {
        var request = context.request();
        // Health tells by itself that the instance is going.
        if (!request.path().startsWith("/q/health") && !shutdown.admits(context)) {
            // HTTP/2 knows no such header (RFC 9113, section 8.2.2).
            if (request.version() != HttpVersion.HTTP_2) {
                context.response().putHeader("Connection", "close");
            }
            send(
                    context,
                    Problem.unavailable("This instance is shutting down. Repeat the request; another will take it."));
            return;
        }
        var limit = limit(request.path());
        var length = request.getHeader("Content-Length");
        if (length != null && length.matches("\\d+") && isMore(length, limit)) {
            send(context, tooLarge(limit));
        } else if (isApi(request.path()) && request.method() == HttpMethod.HEAD) {
            context.reroute(HttpMethod.GET, request.uri());
        } else {
            context.next();
        }
    }

    private static boolean isApi(String path) {
        return path.startsWith("/api/");
    }

    private static int limit(String path) {
        return isApi(path) ? Contract.LARGEST_BODY : LARGEST_EVENT;
    }

    private static Problem tooLarge(int limit) {
        return Problem.tooLarge("At most " + limit / 1024 + " KiB are taken.");
    }

    private static boolean isMore(String number, int limit) {
        return number.length() > 9 || Integer.parseInt(number) > limit;
    }

    /** Answers a request with a problem. */
    public void send(RoutingContext context, Problem problem) {
        if (context.response().ended()) {
            return;
        }
        try {
            if (problem.retryAfterSeconds() != null) {
                context.response().putHeader("Retry-After", String.valueOf(problem.retryAfterSeconds()));
            }
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader("Content-Type", "application/problem+json")
                    .end(mapper.writeValueAsString(problem.details()));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            context.response().setStatusCode(problem.status()).end();
        }
    }
}
