package io.orderflow.attack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Draws requests from the API contract: mostly what it asks for, with some of it replaced by what nobody expects. The same
 * seed draws the same requests.
 */
final class RandomRequests {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

    /** Of some of these every pattern of the contract lets one through. */
    private static final List<String> TEXTS = List.of(
            "USD",
            "jpy",
            "US",
            "DE",
            "sku-1",
            "customer-1",
            "Jane Doe",
            "jane@example.com",
            "pi_3MtwBwLkdIwHu7ix28a3tqPa",
            "shop",
            "2026-01-01T00:00:00Z",
            "1 Main Street",
            "orders:read",
            "stripe",
            "order.created");

    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            "=IMPORTXML(\"http://localhost/x\",\"//a\")",
            "+1+1",
            "@SUM(A1)",
            "<script>alert(1)</script>",
            "${jndi:ldap://localhost/x}",
            "${sys:user.home} ${env:STRIPE_SECRET_KEY} {{orderflow.stripe.secret-key}}",
            "#{7*7}{{7*7}}${7*7}",
            "'; DROP TABLE orders; --",
            "../../../../etc/passwd",
            "..%2f..%2f",
            "a\r\nX-Injected: yes",
            "\u0000",
            "\u202Egnp.exe",
            "\uD800",
            "Ａ\u0301\u200B",
            "x".repeat(300),
            "é".repeat(5000),
            "null",
            "-0",
            "NaN",
            "1e400");

    /** A request as it goes over the wire. */
    record Request(String method, String target, Map<String, String> headers, byte[] body) {

        @Override
        public String toString() {
            return "%s %s %s %s".formatted(method, target, headers, new String(body, StandardCharsets.UTF_8));
        }
    }

    private final Random random;
    private final JsonNode contract;
    private final List<Map.Entry<String, String>> operations = new ArrayList<>();

    RandomRequests(long seed) {
        random = new Random(seed);
        try {
            contract = new YAMLMapper()
                    .readTree(Path.of("src/main/openapi/openapi.yaml").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        contract.get("paths").properties().forEach(path -> METHODS.stream()
                .filter(path.getValue()::has)
                .forEach(method -> operations.add(Map.entry(path.getKey(), method))));
    }

    /**
     * The next one.
     *
     * @param orderIds of orders that exist
     */
    Request next(List<String> orderIds) {
        var operation = one(operations);
        var path = contract.get("paths").get(operation.getKey());
        var details = path.get(operation.getValue());
        var headers = new LinkedHashMap<String, String>();
        var query = new ArrayList<String>();
        var parameters = new ArrayList<JsonNode>();
        path.path("parameters").forEach(parameters::add);
        details.path("parameters").forEach(parameters::add);
        for (var reference : parameters) {
            var parameter = resolved(reference);
            var value = text(parameter.get("schema"), orderIds);
            switch (parameter.get("in").asText()) {
                case "query" -> query.add(parameter.get("name").asText() + "=" + encoded(value));
                case "header" -> headers.put(parameter.get("name").asText(), headerValue(value));
                default -> {}
            }
        }
        if (chance(10)) {
            query.add(encoded(one(HOSTILE)) + "=" + encoded(one(HOSTILE)));
        }
        var target = Pattern.compile("\\{[^}]*}")
                .matcher(operation.getKey())
                .replaceAll(match -> encoded(chance(60) ? one(orderIds) : one(chance(50) ? TEXTS : HOSTILE)));
        var method = chance(4) ? one(METHODS) : operation.getValue();
        var body = details.has("requestBody") ? body(details.get("requestBody"), orderIds) : new byte[0];
        if (body.length > 0) {
            headers.put(
                    "Content-Type",
                    chance(96) ? "application/json" : one(List.of("text/plain", "application/xml", "a")));
        }
        return new Request(
                method.toUpperCase(Locale.ROOT),
                target + (query.isEmpty() || chance(30) ? "" : "?" + String.join("&", query)),
                headers,
                body);
    }

    private byte[] body(JsonNode requestBody, List<String> orderIds) {
        var schema = resolved(requestBody.get("content").elements().next().get("schema"));
        var body = schema.has("examples") && chance(60)
                ? schema.get("examples").get(0).deepCopy()
                : value(schema, orderIds);
        for (int mutations = random.nextInt(3); mutations > 0; mutations--) {
            mutate(body, orderIds);
        }
        var text = written(body);
        return switch (random.nextInt(60)) {
            case 0 -> text.substring(0, random.nextInt(text.length() + 1)).getBytes(StandardCharsets.UTF_8);
            case 1 -> text.getBytes(StandardCharsets.UTF_16);
            case 2 -> ("[".repeat(3000) + text + "]".repeat(3000)).getBytes(StandardCharsets.UTF_8);
            case 3 -> text.replace("{", "{\"__proto__\":{\"a\":1},").getBytes(StandardCharsets.UTF_8);
            case 4 -> noise();
            default -> text.getBytes(StandardCharsets.UTF_8);
        };
    }

    private byte[] noise() {
        var bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Replaces, takes away or adds one field or element somewhere in it. */
    private void mutate(JsonNode node, List<String> orderIds) {
        switch (node) {
            case ObjectNode object
            when !object.isEmpty() -> {
                var names = new ArrayList<String>();
                object.fieldNames().forEachRemaining(names::add);
                var name = one(names);
                if (chance(50) && object.get(name).isContainerNode()) {
                    mutate(object.get(name), orderIds);
                } else if (chance(70)) {
                    object.set(name, junk());
                } else if (chance(50)) {
                    object.remove(name);
                } else {
                    object.set(
                            one(List.of("status", "paymentStatus", "id", "client", "version", one(HOSTILE))), junk());
                }
            }
            case ArrayNode array
            when !array.isEmpty() -> {
                var index = random.nextInt(array.size());
                if (chance(50)) {
                    mutate(array.get(index), orderIds);
                } else {
                    array.set(index, junk());
                }
            }
            default -> {}
        }
    }

    private JsonNode junk() {
        return switch (random.nextInt(9)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.numberNode(random.nextLong());
            case 3 -> JSON.numberNode(-random.nextDouble());
            case 4 -> JSON.arrayNode().add(one(HOSTILE));
            case 5 -> JSON.objectNode().put(one(HOSTILE), one(HOSTILE));
            case 6 -> JSON.textNode(one(TEXTS));
            default -> JSON.textNode(one(HOSTILE));
        };
    }

    private JsonNode value(JsonNode reference, List<String> orderIds) {
        var schema = resolved(reference);
        for (var choices : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.has(choices)) {
                return value(
                        schema.get(choices)
                                .get(random.nextInt(schema.get(choices).size())),
                        orderIds);
            }
        }
        return switch (type(schema)) {
            case "object" -> {
                var object = JSON.objectNode();
                schema.path("properties").properties().stream()
                        .filter(property -> chance(85))
                        .forEach(property -> object.set(property.getKey(), value(property.getValue(), orderIds)));
                yield object;
            }
            case "array" -> {
                var array = JSON.arrayNode();
                for (int size = random.nextInt(4); size > 0; size--) {
                    array.add(value(schema.get("items"), orderIds));
                }
                yield array;
            }
            case "integer" -> JSON.numberNode(one(List.of(1, 2, 3, 100, 0, -1, Integer.MAX_VALUE)));
            case "number" -> JSON.numberNode(one(List.of(1.0, 12.5, 0.01, 0.001, -1.0, 1e15)));
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            default -> JSON.textNode(text(schema, orderIds));
        };
    }

    private static String type(JsonNode schema) {
        var type = schema.path("type");
        return type.isArray() ? type.get(0).asText() : type.asText(schema.has("properties") ? "object" : "string");
    }

    private String text(JsonNode reference, List<String> orderIds) {
        var schema = resolved(reference);
        if (chance(8)) {
            return one(HOSTILE);
        }
        if (schema.has("enum")) {
            return schema.get("enum")
                    .get(random.nextInt(schema.get("enum").size()))
                    .asText();
        }
        if (schema.path("format").asText().equals("uuid")) {
            return chance(70) ? one(orderIds) : new UUID(random.nextLong(), random.nextLong()).toString();
        }
        if (type(schema).equals("integer")) {
            return String.valueOf(random.nextInt(120));
        }
        if (schema.has("pattern")) {
            var pattern = Pattern.compile(schema.get("pattern").asText());
            var fitting =
                    TEXTS.stream().filter(text -> pattern.matcher(text).find()).toList();
            return fitting.isEmpty() ? one(TEXTS) : one(fitting);
        }
        return one(TEXTS);
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? resolved(contract.at(node.get("$ref").asText().substring(1))) : node;
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** What a client library lets through. */
    private static String headerValue(String text) {
        return text.replaceAll("[^\\x20-\\x7E]", "?");
    }

    private static String written(JsonNode node) {
        try {
            return new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
