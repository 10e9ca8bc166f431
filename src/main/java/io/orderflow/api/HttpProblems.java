package io.orderflow.api;

import com.fasterxml.jackson.databind.ObjectMapper;
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
        router.errorHandler(403, context -> send(context, Problem.forbidden()));
        router.errorHandler(404, context -> send(context, Problem.notFound("resource")));
        router.errorHandler(405, context -> send(context, Problem.methodNotAllowed()));
        router.errorHandler(413, context -> send(context, Problem.tooLarge("At most 64 KiB are taken.")));
        router.errorHandler(415, context -> send(context, Problem.unsupportedMediaType()));
        router.errorHandler(500, context -> send(context, Problem.internal()));
    }

    private void send(RoutingContext context, Problem problem) {
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
