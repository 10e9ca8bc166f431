package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Puts objects in place of their ids, as {@code expand[]} asks. Source: Stripe's page "Expanding responses".
 *
 * <p>A shape is the name of an object, or {@code list of} one.
 */
final class Expansion {

    /** The shape of an answer in which nothing can be expanded. */
    static final String NOTHING = "";

    private static final String LIST_OF = "list of ";
    private static final int MAX_DEPTH = 4;

    /** What stands in a field once expanded, made from the object that has the field. */
    private record Field(String shape, Function<ObjectNode, JsonNode> loader) {}

    private final Map<String, Map<String, Field>> fields = new HashMap<>();

    Expansion(Ledger ledger) {
        reference("payment_intent", "latest_charge", "charge", ledger.charges());
        reference("payment_intent", "payment_method", "payment_method", ledger.methods());
        reference("payment_intent", "customer", "customer", ledger.customers());
        reference("charge", "payment_intent", "payment_intent", ledger.intents());
        reference("charge", "customer", "customer", ledger.customers());
        reference("refund", "charge", "charge", ledger.charges());
        reference("refund", "payment_intent", "payment_intent", ledger.intents());
        reference("dispute", "charge", "charge", ledger.charges());
        reference("dispute", "payment_intent", "payment_intent", ledger.intents());
        field("charge", "refunds", listOf("refund"), charge -> {
            var id = Document.text(charge, "id");
            var newestFirst = ledger.refunds().ofIntent(Document.text(charge, "payment_intent")).stream()
                    .filter(refund -> Document.is(refund, "charge", id))
                    .toList()
                    .reversed();
            return Listing.list("/v1/charges/" + id + "/refunds", newestFirst, false);
        });
    }

    static String listOf(String object) {
        return LIST_OF + object;
    }

    private void reference(String owner, String name, String object, Documents documents) {
        field(
                owner,
                name,
                object,
                document -> document.get(name) instanceof TextNode id
                        ? documents
                                .find(id.asText())
                                .<JsonNode>map(Document::wire)
                                .orElse(id)
                        : document.get(name));
    }

    private void field(String owner, String name, String shape, Function<ObjectNode, JsonNode> loader) {
        fields.computeIfAbsent(owner, key -> new HashMap<>()).put(name, new Field(shape, loader));
    }

    /** Refuses what cannot be expanded in an answer of {@code shape}. */
    void check(String shape, List<String> paths) {
        for (var path : paths) {
            var segments = path.split("\\.");
            if (segments.length > MAX_DEPTH) {
                throw ApiError.invalid(
                        "You cannot expand more than " + MAX_DEPTH + " levels of a property. Property: " + path);
            }
            var current = shape;
            for (var segment : segments) {
                current = below(current, segment);
            }
        }
    }

    private String below(String shape, String segment) {
        if (shape.startsWith(LIST_OF)) {
            if (!segment.equals("data")) {
                throw ApiError.invalid("This property cannot be expanded (" + segment
                        + "). You may want to try expanding 'data." + segment + "' instead.");
            }
            return shape.substring(LIST_OF.length());
        }
        var field = fields.getOrDefault(shape, Map.of()).get(segment);
        if (field == null) {
            throw ApiError.invalid("This property cannot be expanded (" + segment + ").");
        }
        return field.shape();
    }

    /** Expands within {@code answer}, which must be a copy made for this answer. */
    void apply(String shape, ObjectNode answer, List<String> paths) {
        paths.forEach(path -> apply(shape, answer, List.of(path.split("\\.")), 0));
    }

    private void apply(String shape, ObjectNode node, List<String> segments, int depth) {
        if (depth == segments.size()) {
            return;
        }
        var segment = segments.get(depth);
        var next = below(shape, segment);
        if (shape.startsWith(LIST_OF)) {
            node.get("data").forEach(item -> apply(next, (ObjectNode) item, segments, depth + 1));
            return;
        }
        if (!(node.get(segment) instanceof ObjectNode)) {
            node.set(segment, fields.get(shape).get(segment).loader().apply(node));
        }
        if (node.get(segment) instanceof ObjectNode expanded) {
            apply(next, expanded, segments, depth + 1);
        }
    }
}
