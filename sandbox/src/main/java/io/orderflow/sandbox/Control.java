package io.orderflow.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * The sandbox's own endpoints, for tests and people:
 *
 * <ul>
 *   <li>{@code GET /}: the effects, calls, webhooks and faults as a page
 *   <li>{@code GET /sandbox/health}: 503 until every service is ready
 *   <li>{@code GET|POST|DELETE /sandbox/faults}, {@code DELETE /sandbox/faults/{id}}: what a fault holds then goes on;
 *       with {@code ?held=drop} it is dropped
 *   <li>{@code GET /sandbox/effects}, {@code GET /sandbox/effects/{service}}: what was really done
 *   <li>{@code GET /sandbox/calls}: how often each operation was asked for; {@code DELETE} starts from 0
 *   <li>{@code GET /sandbox/webhooks}: sent and owed
 *   <li>{@code POST /sandbox/reset}: forgets effects, faults, calls and webhooks
 * </ul>
 *
 * <p>Some services have more, each under {@code /sandbox/} and its own name and described where it is written:
 * {@code sendgrid.SendGrid}, {@code google.PersonAtTheSheet} and {@code oauth.OAuthIssuer}.
 */
final class Control {

    private final World world;
    private final Webhooks webhooks;
    private final List<Service> services;
    private final BooleanSupplier ready;
    private final Reply page = Reply.html(resource("page.html"));

    Control(World world, Webhooks webhooks, List<Service> services, BooleanSupplier ready) {
        this.world = world;
        this.webhooks = webhooks;
        this.services = services;
        this.ready = ready;
    }

    void mount(Router router) {
        router.get("/").handler(context -> send(context, page));
        router.get("/sandbox/health")
                .handler(context -> send(
                        context,
                        ready.getAsBoolean()
                                ? Reply.json(200, Map.of("status", "UP"))
                                : Reply.json(503, Map.of("status", "STARTING"))));
        router.get("/sandbox/faults")
                .handler(context -> send(context, Reply.json(200, world.faults().list())));
        router.post("/sandbox/faults").handler(this::addFault);
        router.delete("/sandbox/faults").handler(context -> {
            world.faults().clear();
            send(context, Reply.empty(204));
        });
        router.delete("/sandbox/faults/:id").handler(context -> {
            var drop = "drop".equals(context.request().getParam("held"));
            send(context, Reply.empty(world.faults().remove(context.pathParam("id"), drop) ? 204 : 404));
        });
        mountEffects(router);
        router.get("/sandbox/calls")
                .handler(context -> send(context, Reply.json(200, world.calls().snapshot())));
        router.delete("/sandbox/calls").handler(context -> {
            world.calls().reset();
            send(context, Reply.empty(204));
        });
        router.get("/sandbox/webhooks")
                .handler(context -> send(context, Reply.json(200, webhooks.all().toList())));
        router.post("/sandbox/reset").handler(context -> {
            world.faults().clear();
            world.calls().reset();
            webhooks.reset();
            Future.join(services.stream().map(Service::resetLater).toList())
                    .onSuccess(done -> send(context, Reply.empty(204)))
                    .onFailure(cause -> fail(context, cause));
        });
    }

    private void mountEffects(Router router) {
        router.get("/sandbox/effects").handler(context -> {
            var all = new TreeMap<String, Object>();
            answer(
                    context,
                    Future.all(services.stream()
                                    .map(service ->
                                            service.effectsLater().onSuccess(done -> all.put(service.name(), done)))
                                    .toList())
                            .map(all));
        });
        router.get("/sandbox/effects/:service").handler(context -> services.stream()
                .filter(service -> service.name().equals(context.pathParam("service")))
                .findFirst()
                .ifPresentOrElse(
                        service -> answer(context, service.effectsLater()),
                        () -> send(
                                context,
                                Reply.json(
                                        404,
                                        Map.of(
                                                "error",
                                                "No such service",
                                                "services",
                                                services.stream()
                                                        .map(Service::name)
                                                        .toList())))));
    }

    private void addFault(RoutingContext context) {
        try {
            var rule = Json.MAPPER.readValue(context.body().buffer().getBytes(), Faults.Rule.class);
            var names = services.stream().map(Service::name).sorted().toList();
            if (names.contains(rule.service())) {
                send(context, Reply.json(201, Map.of("id", world.faults().add(rule))));
            } else {
                send(context, Reply.json(400, Map.of("error", "service: one of " + String.join(", ", names))));
            }
        } catch (ValueInstantiationException e) {
            // What the rule itself says of its values.
            send(
                    context,
                    Reply.json(400, Map.of("error", String.valueOf(e.getCause().getMessage()))));
        } catch (JsonProcessingException e) {
            send(context, Reply.json(400, Map.of("error", e.getOriginalMessage())));
        } catch (java.io.IOException e) {
            send(context, Reply.json(400, Map.of("error", String.valueOf(e.getMessage()))));
        }
    }

    private static byte[] resource(String name) {
        try (var file = Control.class.getResourceAsStream("/" + name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(RoutingContext context, Future<?> body) {
        body.onSuccess(value -> send(context, Reply.json(200, value))).onFailure(cause -> fail(context, cause));
    }

    private void fail(RoutingContext context, Throwable cause) {
        world.report(context.request().path() + " failed", cause);
        send(context, Reply.json(500, Map.of("error", String.valueOf(cause.getMessage()))));
    }

    private static void send(RoutingContext context, Reply reply) {
        if (context.response().closed()) {
            return;
        }
        reply.headers().forEach(context.response()::putHeader);
        context.response().setStatusCode(reply.status()).end(io.vertx.core.buffer.Buffer.buffer(reply.body()));
    }
}
