package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.function.Function;

/**
 * One operation of the API.
 *
 * @param path below {@code /stripe}, in Vert.x syntax
 * @param name what fault rules and call counts name it by
 * @param shape what it answers, which says what can be expanded
 * @param browser whether the publishable key may ask for it
 * @param work answers the object, or throws {@link ApiError}
 */
record Operation(
        HttpMethod method,
        String path,
        String name,
        Schema schema,
        String shape,
        boolean browser,
        Function<Request, ObjectNode> work) {

    /** What every retrieval by id takes. */
    static final Schema RETRIEVE = Schema.of(Schema.items("expand"));

    static Operation get(String path, String name, Schema schema, String shape, Function<Request, ObjectNode> work) {
        return new Operation(HttpMethod.GET, path, name, schema, shape, false, work);
    }

    static Operation post(String path, String name, Schema schema, String shape, Function<Request, ObjectNode> work) {
        return new Operation(HttpMethod.POST, path, name, schema, shape, false, work);
    }

    /** The same operation, open to the publishable key too. */
    Operation alsoInBrowsers() {
        return new Operation(method, path, name, schema, shape, true, work);
    }
}
