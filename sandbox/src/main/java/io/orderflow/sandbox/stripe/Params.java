package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.orderflow.sandbox.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The parameters of one request, or a group within them. They come form-encoded, with brackets for what is nested:
 * {@code metadata[order_id]=1&expand[]=latest_charge}. Every leaf is text; an empty one means "unset".
 */
record Params(ObjectNode tree) {

    private static final Pattern NAME = Pattern.compile("([^\\[\\]]+)((?:\\[[^\\[\\]]*])*)");
    private static final Pattern SEGMENT = Pattern.compile("\\[([^\\[\\]]*)]");

    /** Reads form-encoded pairs into {@code tree}; later ones win. */
    static Params parse(String... forms) {
        var tree = Json.object();
        for (var form : forms) {
            for (var pair : form.split("&")) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    put(
                            tree,
                            segments(decode(equals < 0 ? pair : pair.substring(0, equals))),
                            decode(equals < 0 ? "" : pair.substring(equals + 1)));
                }
            }
        }
        return new Params(tree);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiError.invalid("Invalid URL encoding in the request: " + text);
        }
    }

    private static List<String> segments(String name) {
        var whole = NAME.matcher(name);
        if (!whole.matches()) {
            return List.of(name);
        }
        var segments = new ArrayList<String>();
        segments.add(whole.group(1));
        var nested = SEGMENT.matcher(whole.group(2));
        while (nested.find()) {
            segments.add(nested.group(1));
        }
        return segments;
    }

    private static void put(ObjectNode tree, List<String> segments, String value) {
        var group = tree;
        for (int i = 0; i < segments.size() - 1; i++) {
            var name = segments.get(i);
            if (i == segments.size() - 2 && segments.get(i + 1).isEmpty()) {
                var items = group.get(name) instanceof ArrayNode known ? known : group.putArray(name);
                items.add(value);
                return;
            }
            group = group.get(name) instanceof ObjectNode known ? known : group.putObject(name);
        }
        group.put(segments.getLast(), value);
    }

    boolean has(String name) {
        return tree.has(name);
    }

    /** Whether the parameter is there, and empty: the caller wants the field unset. */
    boolean unsets(String name) {
        return tree.get(name) instanceof TextNode text && text.asText().isEmpty();
    }

    Optional<String> text(String name) {
        return tree.get(name) instanceof TextNode text && !text.asText().isEmpty()
                ? Optional.of(text.asText())
                : Optional.empty();
    }

    /** Only after a {@link Schema} has found it to be a whole number. */
    OptionalLong whole(String name) {
        return text(name).map(text -> OptionalLong.of(Long.parseLong(text))).orElseGet(OptionalLong::empty);
    }

    boolean flag(String name) {
        return text(name).map(Boolean::parseBoolean).orElse(false);
    }

    Optional<Params> group(String name) {
        return tree.get(name) instanceof ObjectNode group ? Optional.of(new Params(group)) : Optional.empty();
    }

    /** A list, written with empty brackets or with numbers in them. */
    List<String> items(String name) {
        var items = new ArrayList<String>();
        var node = tree.get(name);
        if (node != null && node.isContainerNode()) {
            node.forEach(item -> items.add(item.asText()));
        }
        return items;
    }

    /** The same text for the same parameters, in whatever order they came. */
    String canonical() {
        return canonical(tree).toString();
    }

    private static JsonNode canonical(JsonNode node) {
        if (!(node instanceof ObjectNode group)) {
            return node;
        }
        var sorted = new TreeMap<String, JsonNode>();
        group.properties().forEach(entry -> sorted.put(entry.getKey(), canonical(entry.getValue())));
        return Json.object().setAll(sorted);
    }
}
