package io.orderflow.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One request to one operation of a service.
 *
 * <p>Faults strike here, in two places: before the work (so that nothing was done) and between the work and its answer
 * (so that it was done and the caller cannot know).
 */
public final class Call {

    private static final byte[] HUGE = new byte[64 * 1024 * 1024];

    private final World world;
    private final Service service;
    private final String operation;
    private final RoutingContext context;
    private Watch watch = Watch.NONE;
    private String text;

    Call(World world, Service service, String operation, RoutingContext context) {
        this.world = world;
        this.service = service;
        this.operation = operation;
        this.context = context;
    }

    void run(Consumer<Call> work) {
        world.calls().count(service.name(), operation);
        try {
            watch = service.watch(this);
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        var fault = world.faults().beforeWork(service.name(), operation, this::text);
        if (fault.isEmpty()) {
            work(work);
            return;
        }
        var struck = fault.get().rule();
        switch (struck.kind()) {
            case HOLD ->
                fault.get().hold(held(() -> work(work), () -> {
                    watch.refused(Optional.empty());
                    reset();
                }));
            case LATENCY -> world.after(struck.delay(), () -> work(work));
            case STATUS -> refuse(service.failure(struck.status(), "Injected fault"));
            case RATE_LIMIT ->
                refuse(service.failure(429, "Injected rate limit")
                        .with("Retry-After", String.valueOf(struck.retryAfterSeconds())));
            case RESET -> {
                watch.refused(Optional.empty());
                reset();
            }
            default -> throw new IllegalStateException(struck.kind() + " does not strike before the work");
        }
    }

    private void refuse(Reply reply) {
        watch.refused(Optional.of(reply));
        send(reply);
    }

    private void work(Consumer<Call> work) {
        try {
            work.accept(this);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(RuntimeException e) {
        world.report(service.name() + " " + operation + " failed", e);
        var failure = service.failure(500, "The sandbox failed: " + e);
        watch.worked(failure, Optional.empty());
        send(failure);
    }

    /** Answers, unless a fault loses, delays or spoils the answer. */
    public void answer(Reply reply) {
        var fault = world.faults().afterWork(service.name(), operation, this::text);
        if (fault.isEmpty()) {
            watch.worked(reply, Optional.empty());
            send(reply);
            return;
        }
        var struck = fault.get().rule();
        var instead = struck.kind() == Faults.Kind.STATUS_AFTER
                ? Optional.of(service.failure(struck.status(), "Injected fault after the work"))
                : Optional.<Reply>empty();
        watch.worked(reply, instead);
        switch (struck.kind()) {
            case LOST_ANSWER -> reset();
            case HOLD_ANSWER -> fault.get().hold(held(() -> send(reply), this::reset));
            case LATE_ANSWER -> world.after(struck.delay(), () -> send(reply));
            case STATUS_AFTER -> send(instead.orElseThrow());
            case MALFORMED -> send(reply.withBody("{\"truncated\": \"".getBytes()));
            case HUGE -> send(reply.withBody(HUGE));
            default -> throw new IllegalStateException(struck.kind() + " does not strike after the work");
        }
    }

    private Faults.Held held(Runnable goOn, Runnable drop) {
        return new Faults.Held() {

            @Override
            public boolean isAwaited() {
                return !context.response().closed();
            }

            @Override
            public void goOn() {
                goOn.run();
            }

            @Override
            public void drop() {
                drop.run();
            }
        };
    }

    /** What a rule looks for its expressions in. */
    private String text() {
        if (text == null) {
            text = request().uri() + "\n" + new String(body(), StandardCharsets.UTF_8);
        }
        return text;
    }

    private void send(Reply reply) {
        watch.ended();
        var response = context.response();
        if (response.closed()) {
            return;
        }
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        response.end(Buffer.buffer(reply.body()));
    }

    private void reset() {
        watch.ended();
        context.request().connection().close();
    }

    public String operation() {
        return operation;
    }

    public RoutingContext context() {
        return context;
    }

    public HttpServerRequest request() {
        return context.request();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(request().getHeader(name));
    }

    public String pathParameter(String name) {
        return context.pathParam(name);
    }

    /** The raw bytes: what signatures are computed over. */
    public byte[] body() {
        var buffer = context.body().buffer();
        return buffer == null ? new byte[0] : buffer.getBytes();
    }

    /**
     * The body as JSON.
     *
     * @throws IOException when it is none
     */
    public JsonNode json() throws IOException {
        return Json.read(body());
    }
}
