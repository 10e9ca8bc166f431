package io.orderflow.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.security.ForbiddenException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Gives the answers that the HTTP layer makes by itself, before any route runs, the shape of all others. */
@ApplicationScoped
public class HttpProblems {

    private final ObjectMapper mapper;

    HttpProblems(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    void install(@Observes Router router) {
        router.errorHandler(400, context -> send(context, Problem.ofStatus(400, "Bad request")));
        router.errorHandler(401, context -> send(context, Problem.unauthorized()));
        router.route()
                .order(Integer.MIN_VALUE)
                .handler(this::refuseWhatIsTooLarge)
                .failureHandler(context -> {
                    if (context.failure() instanceof ForbiddenException) {
                        send(context, Problem.forbidden());
                    } else {
                        context.next();
                    }
                });
        router.errorHandler(403, context -> send(context, Problem.forbidden()));
        router.errorHandler(404, context -> send(context, Problem.notFound("resource")));
        router.errorHandler(405, context -> send(context, Problem.methodNotAllowed()));
        router.errorHandler(413, context -> send(context, Problem.tooLarge("At most 64 KiB are taken.")));
        router.errorHandler(415, context -> send(context, Problem.unsupportedMediaType()));
        router.errorHandler(500, context -> send(context, Problem.internal()));
    }

    /** Before the body is read; one that does not say how large it is meets the limit of the HTTP server. */
    private void refuseWhatIsTooLarge(RoutingContext context) {
        var length = context.request().getHeader("Content-Length");
        var isApi = context.request().path().startsWith("/api/");
        if (isApi && length != null && length.matches("\\d+") && isMore(length, Contract.LARGEST_BODY)) {
            context.response().putHeader("Connection", "close");
            send(context, Problem.tooLarge("At most 64 KiB are taken."));
        } else {
            context.next();
        }
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
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader("Content-Type", "application/problem+json")
                    .end(mapper.writeValueAsString(problem.details()));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            context.response().setStatusCode(problem.status()).end();
        }
    }
}
