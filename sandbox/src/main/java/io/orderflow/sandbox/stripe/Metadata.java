package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;

/** The caller's own keys on an object. Source: Stripe's page "Metadata". */
final class Metadata {

    private static final int MAX_KEYS = 50;

    private Metadata() {}

    /** Applies the {@code metadata} of a request, if it has one, to {@code document}. */
    static void apply(ObjectNode document, Params params) {
        if (params.unsets("metadata")) {
            document.putObject("metadata");
        }
        params.group("metadata").ifPresent(given -> document.set("metadata", merged(document, given)));
    }

    /** The metadata of {@code document} with {@code given} on top: a key with an empty value goes away. */
    static ObjectNode merged(ObjectNode document, Params given) {
        var merged = Json.object();
        merged.setAll((ObjectNode) document.get("metadata"));
        given.tree().properties().forEach(entry -> {
            if (entry.getValue().asText().isEmpty()) {
                merged.remove(entry.getKey());
            } else {
                merged.set(entry.getKey(), entry.getValue());
            }
        });
        if (merged.size() > MAX_KEYS) {
            throw ApiError.invalid("You can only specify up to " + MAX_KEYS + " keys in metadata.")
                    .param("metadata");
        }
        return merged;
    }
}
