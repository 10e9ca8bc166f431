package io.orderflow.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
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
        router.route(method, path)
                .handler(context -> new Call(world, service, operation.apply(context), context).run(work));
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
