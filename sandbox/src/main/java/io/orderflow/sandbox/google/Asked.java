package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Json;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * One request after the front end has read it: the parameters and the body are known to be of the method's form.
 *
 * @param body the message in the body; an empty object where the method takes none
 */
record Asked(Operation.Target target, MultiMap query, JsonNode body, FieldMask mask) {

    /** The parameters of every method, from the discovery document. */
    private static final Set<String> SYSTEM_PARAMETERS = Set.of(
            "$.xgafv",
            "$alt",
            "$callback",
            "$fields",
            "$key",
            "$prettyPrint",
            "$quotaUser",
            "access_token",
            "alt",
            "callback",
            "fields",
            "key",
            "oauth_token",
            "prettyPrint",
            "quotaUser",
            "uploadType",
            "upload_protocol");

    private static final String OVERRIDE = "X-HTTP-Method-Override";
    private static final int LARGEST_BODY = 64 * 1024 * 1024;

    /**
     * The method of a request: another one than it was sent with when a header says so, as Google's clients do with a
     * GET whose URL would be longer than 2,048 characters.
     */
    static HttpMethod method(HttpServerRequest request) {
        var instead = request.getHeader(OVERRIDE);
        return request.method() == HttpMethod.POST && instead != null ? HttpMethod.valueOf(instead) : request.method();
    }

    /** The query, which is in the body when the method is not the one that the request was sent with. */
    private static MultiMap query(Call call) {
        if (method(call.request()) == call.request().method()) {
            return call.context().queryParams();
        }
        try {
            var query = MultiMap.caseInsensitiveMultiMap().addAll(call.context().queryParams());
            new QueryStringDecoder(new String(bytes(call), StandardCharsets.UTF_8), false)
                    .parameters()
                    .forEach(query::add);
            return query;
        } catch (IOException | IllegalArgumentException e) {
            throw Shape.invalid(List.of(new Shape.Violation("", "Invalid form in the body. " + e.getMessage())));
        }
    }

    /** @throws GoogleError when the request is not of the method's form */
    static Asked read(Call call, Operation.Target target) {
        var operation = target.operation();
        var query = query(call);
        var violations = new ArrayList<Shape.Violation>();
        for (var name : query.names()) {
            if (!operation.query.containsKey(name) && !SYSTEM_PARAMETERS.contains(name)) {
                violations.add(new Shape.Violation(
                        "",
                        "Invalid JSON payload received. Unknown name \"" + name
                                + "\": Cannot bind query parameter. Field '" + name
                                + "' could not be found in request message."));
            }
        }
        if (!violations.isEmpty()) {
            throw Shape.invalid(violations);
        }
        operation.query.forEach((name, shape) -> query.getAll(name)
                .forEach(value -> Shape.check(parameter(shape, value), shape, Shape.protoName(name))));
        var body = operation.body == null ? Json.object() : body(call);
        // In these two the message is a field of the request; the path of a fault names it.
        var inData = operation == Operation.VALUES_UPDATE || operation == Operation.VALUES_APPEND;
        if (operation.body != null) {
            Shape.check(body, operation.body, inData ? "data" : "");
        }
        var fields = Optional.ofNullable(query.get("fields")).orElse(query.get("$fields"));
        var mask = fields == null ? FieldMask.EVERYTHING : FieldMask.parse(fields, operation.answer);
        return new Asked(target, query, body, mask);
    }

    private static JsonNode parameter(Shape shape, String value) {
        return shape instanceof Shape.Flag && (value.equals("true") || value.equals("false"))
                ? BooleanNode.valueOf(Boolean.parseBoolean(value))
                : TextNode.valueOf(value);
    }

    private static JsonNode body(Call call) {
        try {
            var bytes = bytes(call);
            var body = bytes.length == 0 ? Json.object() : Json.read(bytes);
            if (!body.isObject()) {
                throw Shape.invalid(List.of(new Shape.Violation(
                        "", "Invalid JSON payload received. Unknown name \"\": Root element must be a message.")));
            }
            return body;
        } catch (IOException e) {
            var reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw Shape.invalid(List.of(new Shape.Violation("", "Invalid JSON payload received. " + reason)));
        }
    }

    private static byte[] bytes(Call call) throws IOException {
        var bytes = call.body();
        return call.header("Content-Encoding").orElse("").equalsIgnoreCase("gzip")
                ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readNBytes(LARGEST_BODY)
                : bytes;
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    boolean flag(String name) {
        return "true".equals(query.get(name));
    }

    List<String> ranges() {
        return query.getAll("ranges");
    }

    /** How the values of the answer are asked for, in the query. */
    Rendering rendering(String values, String dates) {
        return renderingOf(query.get(values), query.get(dates));
    }

    static Rendering renderingOf(String values, String dates) {
        return new Rendering(
                values == null ? Rendering.DEFAULT.values() : Rendering.Values.valueOf(values),
                dates == null ? Rendering.DEFAULT.dates() : Rendering.Dates.valueOf(dates));
    }
}
