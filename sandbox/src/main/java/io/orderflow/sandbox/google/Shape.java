package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.sandbox.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a message of the API looks like. Google's front end refuses a body with a field that the message does not have,
 * or with a value of another type, before the method sees it.
 */
sealed interface Shape {

    /** A message and its fields, by their names in JSON. */
    record Message(String type, Map<String, Shape> fields) implements Shape {}

    record Repeated(Shape element) implements Shape {}

    record Text() implements Shape {}

    record Whole() implements Shape {}

    record Flag() implements Shape {}

    record Choice(String type, List<String> values) implements Shape {}

    /** One row, or one column, of values: a list of anything. */
    record Line() implements Shape {}

    /** Anything. */
    record Any() implements Shape {}

    /** A field of the real API that this sandbox does not act on, and therefore refuses. */
    record Unsupported() implements Shape {}

    /** One objection, with the path of the field in the names of the protocol buffers. */
    record Violation(String field, String description) {}

    /**
     * Checks a body.
     *
     * @param path where the body is in the request: empty, or the name of the field that it fills
     * @throws GoogleError naming every violation
     */
    static void check(JsonNode body, Shape shape, String path) {
        var violations = new ArrayList<Violation>();
        collect(body, shape, path, violations);
        if (!violations.isEmpty()) {
            throw invalid(violations);
        }
    }

    static GoogleError invalid(List<Violation> violations) {
        return invalid(
                String.join(
                        "\n", violations.stream().map(Violation::description).toList()),
                violations);
    }

    /** A refusal whose reasons are in its details. */
    static GoogleError invalid(String message, List<Violation> violations) {
        var detail = Json.object().put("@type", "type.googleapis.com/google.rpc.BadRequest");
        detail.set("fieldViolations", Json.MAPPER.valueToTree(violations));
        return GoogleError.invalid(message).with(detail);
    }

    private static void collect(JsonNode value, Shape shape, String path, List<Violation> violations) {
        if (value.isNull()) {
            return;
        }
        switch (shape) {
            case Message(var type, var fields) -> {
                if (!value.isObject()) {
                    violations.add(wrong(path, "type.googleapis.com/" + type, value));
                    return;
                }
                value.properties().forEach(entry -> {
                    var field = fields.get(entry.getKey());
                    if (field == null) {
                        violations.add(unknown(entry.getKey(), path));
                    } else {
                        collect(entry.getValue(), field, join(path, entry.getKey()), violations);
                    }
                });
            }
            case Repeated(var element) -> {
                if (!value.isArray()) {
                    violations.add(noList(path, value));
                    return;
                }
                for (int i = 0; i < value.size(); i++) {
                    collect(value.get(i), element, path + "[" + i + "]", violations);
                }
            }
            case Text _ -> require(value.isTextual(), path, "TYPE_STRING", value, violations);
            case Whole _ -> require(isWhole(value), path, "TYPE_INT32", value, violations);
            case Flag _ -> require(value.isBoolean(), path, "TYPE_BOOL", value, violations);
            case Choice(var type, var names) ->
                require(
                        value.isTextual() && names.contains(value.textValue()),
                        path,
                        "type.googleapis.com/" + type,
                        value,
                        violations);
            case Line _ ->
                require(value.isArray(), path, "type.googleapis.com/google.protobuf.ListValue", value, violations);
            case Any _ -> {}
            case Unsupported _ ->
                violations.add(
                        new Violation(path, "The sandbox does not act on '" + path + "' and refuses to ignore it."));
        }
    }

    private static boolean isWhole(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt()
                || value.isTextual() && value.textValue().matches("-?\\d{1,9}");
    }

    private static void require(boolean fits, String path, String type, JsonNode value, List<Violation> violations) {
        if (!fits) {
            violations.add(wrong(path, type, value));
        }
    }

    private static Violation wrong(String path, String type, JsonNode value) {
        return new Violation(path, "Invalid value at '" + path + "' (" + type + "), " + value);
    }

    private static Violation unknown(String name, String path) {
        var place = path.isEmpty() ? "" : " at '" + path + "'";
        return new Violation(
                path, "Invalid JSON payload received. Unknown name \"" + name + "\"" + place + ": Cannot find field.");
    }

    private static Violation noList(String path, JsonNode value) {
        return new Violation(path, "Invalid value at '" + path + "' (a list), " + value);
    }

    private static String join(String path, String name) {
        var proto = protoName(name);
        return path.isEmpty() ? proto : path + "." + proto;
    }

    Pattern UPPER = Pattern.compile("[A-Z]");

    /** {@code valueInputOption} as {@code value_input_option}. */
    static String protoName(String jsonName) {
        return UPPER.matcher(jsonName).replaceAll(match -> "_" + match.group().toLowerCase(Locale.ROOT));
    }
}
