package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Short forms for documents. */
final class Document {

    private Document() {}

    /** A document written as JSON in the source. */
    static ObjectNode of(String json) {
        try {
            return (ObjectNode) Json.read(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document as Stripe sends it: without the sandbox's own fields. */
    static ObjectNode wire(ObjectNode document) {
        var wire = Json.object();
        document.properties().forEach(field -> {
            if (!field.getKey().startsWith("_")) {
                wire.set(field.getKey(), field.getValue());
            }
        });
        return wire;
    }

    /** The text of a field; null when the field is missing or null. */
    static String text(ObjectNode document, String field) {
        var value = document.get(field);
        return value == null || value.isNull() ? null : value.asText();
    }

    static long amount(ObjectNode document, String field) {
        return document.get(field).asLong();
    }

    static boolean is(ObjectNode document, String field, String value) {
        return value.equals(text(document, field));
    }
}
