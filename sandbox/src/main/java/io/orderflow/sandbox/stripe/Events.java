package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import io.orderflow.sandbox.Webhooks;
import io.orderflow.sandbox.World;
import java.net.URI;
import java.util.HashSet;
import java.util.stream.Stream;

/**
 * Keeps every event and sends it to the app. Each holds its object as it was at that moment; the order in which they
 * arrive is not promised (Stripe's page "Receive Stripe events in your webhook endpoint").
 */
final class Events implements Shelf {

    private static final Schema LIST_SCHEMA =
            Listing.SCHEMA.and(Schema.text("type"), Schema.items("types"), Schema.unmodelled("delivery_success"));

    private final World world;
    private final Webhooks webhooks;
    private final Ids ids;
    private final Store.Table table;

    Events(World world, Webhooks webhooks, Ids ids) {
        this.world = world;
        this.webhooks = webhooks;
        this.ids = ids;
        this.table = world.store().table("stripe-events");
    }

    void emit(String type, ObjectNode object, Request.Cause cause) {
        emit(type, object, null, cause);
    }

    /**
     * Records that something happened to {@code object} and tells the app.
     *
     * @param previous the former values of the fields that changed; null when the kind of event does not tell them
     */
    void emit(String type, ObjectNode object, ObjectNode previous, Request.Cause cause) {
        var event = Json.object()
                .put("id", ids.next("evt_"))
                .put("object", "event")
                .put("api_version", StripeService.API_VERSION)
                .put("created", world.clock().instant().getEpochSecond());
        var data = event.putObject("data");
        data.set("object", Document.wire(object));
        if (previous != null) {
            data.set("previous_attributes", previous);
        }
        event.put("livemode", false).put("pending_webhooks", 1);
        event.putObject("request").put("id", cause.request()).put("idempotency_key", cause.idempotencyKey());
        event.put("type", type);
        table.put(event.get("id").asText(), event);
        webhooks.send(
                StripeService.NAME, type, URI.create(world.settings().app() + "/webhooks/stripe"), event.toString());
    }

    Stream<Operation> operations() {
        return Stream.of(
                Operation.get("/v1/events", "events.list", LIST_SCHEMA, Expansion.NOTHING, this::list),
                Operation.get("/v1/events/:id", "events.retrieve", Operation.RETRIEVE, Expansion.NOTHING, this::get));
    }

    private ObjectNode list(Request request) {
        var types = new HashSet<>(request.params().items("types"));
        request.text("type").ifPresent(types::add);
        return Listing.page(
                request.params(),
                "event",
                "/v1/events",
                this,
                event -> types.isEmpty() || types.contains(Document.text(event, "type")));
    }

    private ObjectNode get(Request request) {
        return table.get(request.path("id")).orElseThrow(() -> ApiError.notFound("event", request.path("id"), "id"));
    }

    @Override
    public boolean has(String id) {
        return table.get(id).isPresent();
    }

    @Override
    public Stream<ObjectNode> before(String id) {
        return table.before(id);
    }

    void clear() {
        table.clear();
    }
}
