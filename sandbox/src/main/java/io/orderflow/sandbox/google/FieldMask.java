package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.sandbox.Json;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * The part of an answer that the {@code fields} parameter asks for, as Google's page "Use field masks" describes it:
 * {@code a,b.c,d/e,f(g,h),*}.
 *
 * @param children the selected fields; empty for everything below
 */
record FieldMask(Map<String, FieldMask> children) {

    static final FieldMask EVERYTHING = new FieldMask(Map.of());

    private static final String SEPARATORS = ",()/.";

    /**
     * Reads a mask for an answer of the given shape.
     *
     * @throws GoogleError when the mask is none, or names a field that the answer does not have
     */
    static FieldMask parse(String text, Shape shape) {
        var root = new FieldMask(new LinkedHashMap<>());
        var outer = new ArrayDeque<FieldMask>();
        outer.push(root);
        var current = root;
        var nameExpected = true;
        var tokens = new StringTokenizer(text.strip(), SEPARATORS, true);
        while (tokens.hasMoreTokens()) {
            var token = tokens.nextToken();
            if (SEPARATORS.contains(token)) {
                if (nameExpected) {
                    throw unknown(text);
                }
                switch (token) {
                    case "," -> current = outer.peek();
                    case "(" -> outer.push(current);
                    case ")" -> {
                        if (outer.size() == 1) {
                            throw unknown(text);
                        }
                        current = outer.pop();
                        continue;
                    }
                    default -> {}
                }
                nameExpected = true;
            } else {
                if (!nameExpected) {
                    throw unknown(text);
                }
                current = current.children.computeIfAbsent(token.strip(), name -> new FieldMask(new LinkedHashMap<>()));
                nameExpected = false;
            }
        }
        if (nameExpected || outer.size() != 1) {
            throw unknown(text);
        }
        root.check(shape, "");
        return root;
    }

    private void check(Shape shape, String path) {
        var inner = shape instanceof Shape.Repeated(var element) ? element : shape;
        children.forEach((name, mask) -> {
            var here = path.isEmpty() ? name : path + "." + name;
            if (name.equals("*")) {
                return;
            }
            switch (inner) {
                case Shape.Message message -> {
                    if (!message.fields().containsKey(name)) {
                        throw unknown(here);
                    }
                    mask.check(message.fields().get(name), here);
                }
                case Shape.Any _, Shape.Unsupported _ -> {}
                default -> throw unknown(here);
            }
        });
    }

    private static GoogleError unknown(String path) {
        return Shape.invalid(
                "Request contains an invalid argument.",
                List.of(new Shape.Violation(
                        path,
                        "Error expanding 'fields' parameter. Cannot find matching fields for path '" + path + "'.")));
    }

    /** Whether the field is wanted. */
    boolean selects(String... path) {
        var mask = this;
        for (var name : path) {
            if (mask.children.isEmpty() || mask.children.containsKey("*")) {
                return true;
            }
            mask = mask.children.get(name);
            if (mask == null) {
                return false;
            }
        }
        return true;
    }

    /** What remains of the value; its order stays. */
    JsonNode of(JsonNode value) {
        if (children.isEmpty() || children.containsKey("*")) {
            return value;
        }
        if (value.isArray()) {
            var kept = Json.array();
            value.forEach(element -> kept.add(of(element)));
            return kept;
        }
        var kept = Json.object();
        value.properties().forEach(entry -> {
            var mask = children.get(entry.getKey());
            if (mask != null) {
                kept.set(entry.getKey(), mask.of(entry.getValue()));
            }
        });
        return kept;
    }
}
