package io.orderflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Where one service registers its operations. */
public final class Endpoints {

    private final World world;
    private final Service service;
    private final Router router;

    Endpoints(World world, Service service, Router router) {
        this.world = world;
        this.service = service;
        this.router = router;
    }

    /**
     * Answers {@code method} on {@code path} (Vert.x syntax, {@code :name} for a parameter) with {@code work}, counted
     * and struck by faults as {@code operation}.
     */
    public void on(HttpMethod method, String path, String operation, Consumer<Call> work) {
        on(method, path, call -> operation, work);
    }

    /** The same, where only the request itself tells which operation it asks for. */
    public void on(HttpMethod method, String path, Function<RoutingContext, String> operation, Consumer<Call> work) {
        claim(method, path, context -> Optional.of(operation.apply(context)), work);
    }

    /** The same on a path that several services share: a request without an operation is left to the next of them. */
    public void claim(
            HttpMethod method, String path, Function<RoutingContext, Optional<String>> operation, Consumer<Call> work) {
        router.route(method, path).handler(context -> operation
                .apply(context)
                .ifPresentOrElse(name -> new Call(world, service, name, context).run(work), context::next));
    }

    /**
     * The body of a request to one of the sandbox's own endpoints; an empty object without one.
     *
     * @throws IllegalArgumentException when it is no JSON
     */
    public static JsonNode body(RoutingContext context) {
        var body = context.body().buffer();
        try {
            return body == null || body.length() == 0 ? Json.object() : Json.read(body.getBytes());
        } catch (IOException e) {
            throw new IllegalArgumentException("The body is no JSON: " + e.getMessage(), e);
        }
    }

    /**
     * Answers one of the sandbox's own endpoints, for tests and people: neither counted nor struck by faults. An
     * {@link IllegalArgumentException} is answered with 400 and its message.
     */
    public void control(HttpMethod method, String path, Function<RoutingContext, Reply> work) {
        router.route(method, path).handler(context -> {
            Reply reply;
            try {
                reply = work.apply(context);
            } catch (IllegalArgumentException e) {
                reply = Reply.json(400, Map.of("error", String.valueOf(e.getMessage())));
            }
            reply.headers().forEach(context.response()::putHeader);
            context.response().setStatusCode(reply.status()).end(Buffer.buffer(reply.body()));
        });
    }
}
