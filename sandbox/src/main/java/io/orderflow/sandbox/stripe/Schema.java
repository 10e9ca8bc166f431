package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The parameters that one operation takes. What breaks the schema is refused before the operation begins, so that
 * Stripe does not save the refusal under an idempotency key.
 */
final class Schema {

    /** What a parameter may hold. */
    sealed interface Kind {

        /** Text of at most {@code max} characters. */
        record Text(int max) implements Kind {}

        record Whole() implements Kind {}

        record Flag() implements Kind {}

        record Email() implements Kind {}

        record OneOf(List<String> values) implements Kind {}

        record Items() implements Kind {}

        record Group(Schema schema) implements Kind {}

        /** A point in time, or a range of it: {@code created[gte]}. */
        record Time() implements Kind {}

        /** Stripe's page "Metadata": at most 50 keys, of at most 40 characters, with values of at most 500. */
        record Metadata() implements Kind {}

        /** Has no effect here, and is accepted unread. */
        record Unread() implements Kind {}

        /** Would have an effect that is not modelled: refused rather than ignored. */
        record Unmodelled() implements Kind {}
    }

    /** One parameter. */
    record Param(String name, Kind kind, boolean required, boolean unsettable) {

        Param mandatory() {
            return new Param(name, kind, true, unsettable);
        }

        /** An empty value unsets the field, instead of being refused. */
        Param orUnset() {
            return new Param(name, kind, required, true);
        }
    }

    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s.]+");
    private static final int METADATA_KEYS = 50;
    private static final int METADATA_KEY_LENGTH = 40;
    private static final int METADATA_VALUE_LENGTH = 500;

    private final Map<String, Param> params = new LinkedHashMap<>();

    private Schema(List<Param> params) {
        params.forEach(param -> this.params.put(param.name(), param));
    }

    static Schema of(Param... params) {
        return new Schema(List.of(params));
    }

    /** This schema with more parameters. */
    Schema and(Param... more) {
        var all = new ArrayList<>(params.values());
        all.addAll(List.of(more));
        return new Schema(all);
    }

    static Param text(String name) {
        return text(name, 5000);
    }

    static Param text(String name, int max) {
        return new Param(name, new Kind.Text(max), false, false);
    }

    static Param whole(String name) {
        return new Param(name, new Kind.Whole(), false, false);
    }

    static Param flag(String name) {
        return new Param(name, new Kind.Flag(), false, false);
    }

    static Param email(String name) {
        return new Param(name, new Kind.Email(), false, false);
    }

    static Param oneOf(String name, String... values) {
        return new Param(name, new Kind.OneOf(List.of(values)), false, false);
    }

    static Param items(String name) {
        return new Param(name, new Kind.Items(), false, false);
    }

    static Param group(String name, Param... params) {
        return new Param(name, new Kind.Group(Schema.of(params)), false, false);
    }

    static Param time(String name) {
        return new Param(name, new Kind.Time(), false, false);
    }

    static Param metadata() {
        return new Param("metadata", new Kind.Metadata(), false, true);
    }

    static Param unread(String name) {
        return new Param(name, new Kind.Unread(), false, true);
    }

    static Param unmodelled(String name) {
        return new Param(name, new Kind.Unmodelled(), false, true);
    }

    /**
     * Refuses what breaks this schema.
     *
     * @throws ApiError with the first thing found
     */
    void check(Params given) {
        check(given.tree(), "");
    }

    private void check(ObjectNode given, String group) {
        var unknown = new ArrayList<String>();
        given.fieldNames().forEachRemaining(name -> {
            if (!params.containsKey(name)) {
                unknown.add(path(group, name));
            }
        });
        if (!unknown.isEmpty()) {
            throw ApiError.unknown(unknown);
        }
        for (var param : params.values()) {
            var value = given.get(param.name());
            if (value == null) {
                if (param.required()) {
                    throw ApiError.missing(path(group, param.name()));
                }
            } else if (!(value instanceof TextNode text && text.asText().isEmpty())) {
                check(param, value, path(group, param.name()));
            } else if (!param.unsettable()) {
                throw empty(path(group, param.name()));
            }
        }
    }

    private static String path(String group, String name) {
        return group.isEmpty() ? name : group + "[" + name + "]";
    }

    private static ApiError empty(String path) {
        return ApiError.invalid("You passed an empty string for '" + path + "'. We assume empty values are an attempt"
                        + " to unset a field; however '" + path + "' cannot be unset. You should remove '" + path
                        + "' from your request or supply a non-empty value.")
                .code("parameter_invalid_empty")
                .param(path);
    }

    private static void check(Param param, JsonNode value, String path) {
        switch (param.kind()) {
            case Kind.Text(int max) -> {
                var text = leaf(value, "string", path);
                if (text.length() > max) {
                    throw ApiError.invalid(
                                    "Invalid string: " + shortened(text) + "; must be at most " + max + " characters")
                            .param(path);
                }
            }
            case Kind.Whole() -> whole(value, path);
            case Kind.Flag() -> {
                var text = leaf(value, "boolean", path);
                if (!text.equals("true") && !text.equals("false")) {
                    throw ApiError.invalid("Invalid boolean: " + text).param(path);
                }
            }
            case Kind.Email() -> {
                var text = leaf(value, "string", path);
                if (!EMAIL.matcher(text).matches()) {
                    throw ApiError.invalid("Invalid email address: " + text)
                            .code("email_invalid")
                            .param(path);
                }
            }
            case Kind.OneOf(List<String> values) -> {
                if (!values.contains(leaf(value, "string", path))) {
                    throw ApiError.invalid("Invalid " + path + ": must be one of " + choice(values))
                            .param(path);
                }
            }
            case Kind.Items() -> {
                if (!value.isContainerNode()) {
                    throw ApiError.invalid("Invalid array").param(path);
                }
                value.forEach(item -> leaf(item, "string", path));
            }
            case Kind.Group(Schema schema) -> schema.check(group(value, path), path);
            case Kind.Time() -> {
                if (value instanceof ObjectNode range) {
                    Schema.of(whole("gt"), whole("gte"), whole("lt"), whole("lte"))
                            .check(range, path);
                } else {
                    whole(value, path);
                }
            }
            case Kind.Metadata() -> metadata(group(value, path), path);
            case Kind.Unread() -> {}
            case Kind.Unmodelled() ->
                throw ApiError.invalid("The sandbox does not model the parameter " + path + ".")
                        .param(path);
        }
    }

    private static void whole(JsonNode value, String path) {
        var text = leaf(value, "integer", path);
        if (!WHOLE.matcher(text).matches()) {
            throw ApiError.invalid("Invalid integer: " + text)
                    .code("parameter_invalid_integer")
                    .param(path);
        }
    }

    private static void metadata(ObjectNode metadata, String path) {
        if (metadata.size() > METADATA_KEYS) {
            throw ApiError.invalid("You can only specify up to " + METADATA_KEYS
                            + " keys in metadata, but you passed in " + metadata.size() + " keys.")
                    .param(path);
        }
        metadata.properties().forEach(entry -> {
            var key = entry.getKey();
            var value = leaf(entry.getValue(), "string", path(path, key));
            if (key.length() > METADATA_KEY_LENGTH) {
                throw ApiError.invalid("Metadata keys can have up to " + METADATA_KEY_LENGTH
                                + " characters, but you passed in a key that is " + key.length()
                                + " characters. Invalid key: " + key)
                        .param(path);
            }
            if (value.length() > METADATA_VALUE_LENGTH) {
                throw ApiError.invalid("Metadata values can have up to " + METADATA_VALUE_LENGTH
                                + " characters, but you passed in a value that is " + value.length()
                                + " characters. Invalid value: " + value)
                        .param(path(path, key));
            }
        });
    }

    private static String leaf(JsonNode value, String kind, String path) {
        if (!(value instanceof TextNode text)) {
            throw ApiError.invalid("Invalid " + kind + ": " + shortened(value.toString()))
                    .param(path);
        }
        return text.asText();
    }

    private static ObjectNode group(JsonNode value, String path) {
        if (!(value instanceof ObjectNode group)) {
            throw ApiError.invalid("Invalid object").param(path);
        }
        return group;
    }

    private static String choice(List<String> values) {
        return values.size() < 2
                ? String.join("", values)
                : String.join(", ", values.subList(0, values.size() - 1)) + ", or " + values.getLast();
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 20) + "..." + text.substring(text.length() - 10);
    }
}
