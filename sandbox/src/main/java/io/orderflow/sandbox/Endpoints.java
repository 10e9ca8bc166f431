package io.orderflow.sandbox;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
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
}
