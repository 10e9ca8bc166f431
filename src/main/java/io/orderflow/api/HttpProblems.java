package io.orderflow.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.security.ForbiddenException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URISyntaxException;
import org.jboss.logging.Logger;

/** Gives the answers that the HTTP layer makes by itself, before any route runs, the shape of all others. */
@ApplicationScoped
public class HttpProblems {

    private static final Logger LOG = Logger.getLogger(HttpProblems.class);

    private final ObjectMapper mapper;
    private final Contract contract;
    private final GracefulShutdown shutdown;
    private final RequestLimits limits;

    HttpProblems(ObjectMapper mapper, Contract contract, GracefulShutdown shutdown, RequestLimits limits) {
        this.mapper = mapper;
        this.contract = contract;
        this.shutdown = shutdown;
        this.limits = limits;
    }

    void install(@Observes Router router) {
        router.errorHandler(400, context -> send(context, Problem.ofStatus(400, "Bad request")));
        router.errorHandler(401, context -> send(context, Problem.unauthorized()));
        router.route().order(HttpOrder.SCREEN).handler(this::screen).failureHandler(this::failed);
        // Where people look first; what is there to see, is told there.
        router.get("/").order(HttpOrder.START_PAGE).handler(context -> context.redirect("/q/swagger-ui/"));
        router.errorHandler(403, this::refuse);
        router.errorHandler(404, context -> send(context, Problem.notFound("resource")));
        router.errorHandler(405, context -> {
            context.response().putHeader("Allow", String.join(", ", contract.methods(context.normalizedPath())));
            send(context, Problem.methodNotAllowed());
        });
        router.errorHandler(
                413, context -> send(context, limits.tooLarge(context.request().path())));
        router.errorHandler(415, context -> send(context, Problem.unsupportedMediaType()));
        router.errorHandler(500, context -> send(context, Problem.internal()));
    }

    /** What no permission names is refused to everybody; who is known is told whether it exists at all. */
    private void refuse(RoutingContext context) {
        var path = context.normalizedPath();
        var exists = path.startsWith("/q/") || !contract.methods(path).isEmpty();
        send(context, exists ? Problem.forbidden() : Problem.notFound("resource"));
    }

    /** Quarkus would answer these without a body, or with its own. Whoever has gone is not answered. */
    private void failed(RoutingContext context) {
        var failure = context.failure();
        if (failure instanceof ForbiddenException) {
            refuse(context);
        } else if (failure instanceof Problem problem) {
            send(context, problem);
        } else if (context.statusCode() == 413) {
            send(context, limits.tooLarge(context.request().path()));
        } else if (context.statusCode() == 400) {
            send(context, Problem.ofStatus(400, "Bad request"));
        } else if (failure == null || failure instanceof SecurityException) {
            context.next();
        } else if (!(failure instanceof HttpClosedException)) {
            LOG.errorf(failure, "%s %s failed", context.request().method(), context.normalizedPath());
            send(context, Problem.internal());
        }
    }

    /** Before anything else looks at the request. A HEAD is a GET whose answer's body the server leaves out. */
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
        if (!isUri(request.uri())) {
            send(context, Problem.malformedTarget());
            return;
        }
        var exceeded = limits.exceededBy(request);
        if (exceeded.isPresent()) {
            send(context, exceeded.get());
        } else if (request.path().startsWith("/api/") && request.method() == HttpMethod.HEAD) {
            context.reroute(HttpMethod.GET, request.uri());
        } else {
            limits.endWhenSlow(context, this);
            context.next();
        }
    }

    /** As Quarkus would find out by itself, and answer without a body, were {@code vertx.disableURIValidation} not set. */
    private static boolean isUri(String target) {
        try {
            new URI(target);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
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
