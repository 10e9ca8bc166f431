package io.orderflow.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.orderflow.domain.Currency;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Event;
import io.orderflow.domain.Order;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An order as a DynamoDB item: one attribute for each component of {@link Order}, the keys of the sparse indexes
 * derived from it, and {@code schema}, so that old and new versions of Orderflow can run together.
 */
final class OrderItems {

    /** The newest schema that this version knows, and may change. */
    static final int SCHEMA = 3;

    static final int SHARDS = 8;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule()
                    .addSerializer(Currency.class, new CurrencyWriter())
                    .addDeserializer(Currency.class, new CurrencyReader()))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private OrderItems() {}

    static Map<String, AttributeValue> toItem(Order order) {
        var item = attributes(order);
        item.put("schema", AttributeValue.fromN(String.valueOf(schema(order))));
        item.putAll(indexKeys(order));
        return item;
    }

    static Order toOrder(Map<String, AttributeValue> item) {
        var tree = JsonNodeFactory.instance.objectNode();
        item.forEach((name, value) -> tree.set(name, toTree(value)));
        try {
            return MAPPER.treeToValue(tree, Order.class);
        } catch (JsonProcessingException e) {
            if (schema(item) > SCHEMA) {
                throw new LedgerException.NewerSchema(item.get("id").s(), schema(item));
            }
            throw new IllegalStateException("The item " + item.get("id") + " holds no order", e);
        }
    }

    /** About how many bytes the item takes: DynamoDB refuses one of more than 400 KB. */
    static int size(Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + size(entry.getValue()))
                .sum();
    }

    private static int size(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s().getBytes(StandardCharsets.UTF_8).length;
            case N -> value.n().length();
            case M -> 3 + size(value.m());
            case L -> 3 + value.l().stream().mapToInt(OrderItems::size).sum();
            default -> 1;
        };
    }

    /** The oldest schema that holds the order. */
    private static int schema(Order order) {
        if (order.isErased()) {
            // A version that knows only 2 would send mails to nobody.
            return 3;
        }
        return order.events().stream().anyMatch(OrderItems::isNew) ? 2 : 1;
    }

    /** A version that knows only 1 cannot read an abandoned delivery, and would write events without the rest. */
    private static boolean isNew(Event event) {
        return event.deliveries() != null
                && event.deliveries().values().stream()
                        .anyMatch(delivery -> delivery.state() == Delivery.State.ABANDONED
                                || delivery.replay() != null
                                || !delivery.receipts().isEmpty());
    }

    /** The attributes of a record. */
    static Map<String, AttributeValue> attributes(Record value) {
        var item = new LinkedHashMap<String, AttributeValue>();
        ObjectNode tree = MAPPER.valueToTree(value);
        tree.properties().forEach(field -> item.put(field.getKey(), toAttribute(field.getValue())));
        return item;
    }

    /** The record that these attributes, and perhaps others beside them, are of. */
    static <T extends Record> T read(Map<String, AttributeValue> item, Class<T> type) {
        var tree = JsonNodeFactory.instance.objectNode();
        item.forEach((name, value) -> tree.set(name, toTree(value)));
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The item " + item.get("id") + " holds no " + type.getSimpleName(), e);
        }
    }

    /** Which schema the item was written in. */
    static int schema(Map<String, AttributeValue> item) {
        return Integer.parseInt(item.get("schema").n());
    }

    static String shard(String id) {
        return String.valueOf(Math.floorMod(id.hashCode(), SHARDS));
    }

    static String clientDay(String client, LocalDate day) {
        return client + "#" + day;
    }

    static String clientCustomer(String client, String customerId) {
        return client + "#" + customerId;
    }

    /** Sorts by time, and names the order. */
    private static String listKey(Instant createdAt, String id) {
        return String.format(Locale.ROOT, "%013d#%s", createdAt.toEpochMilli(), id);
    }

    private static Map<String, AttributeValue> indexKeys(Order order) {
        var keys = new HashMap<String, AttributeValue>();
        var shard = AttributeValue.fromS(shard(order.id()));
        DeliveryRules.dueAt(order).ifPresent(dueAt -> {
            keys.put("dueShard", shard);
            keys.put("dueAt", millis(dueAt));
        });
        if (order.isOwedToSheet()) {
            keys.put("sheetShard", shard);
            keys.put("sheetSince", millis(order.updatedAt()));
        }
        firstDead(order).ifPresent(key -> {
            keys.put("deadShard", shard);
            keys.put("deadKey", AttributeValue.fromS(key));
        });
        var day = order.createdAt().atZone(ZoneOffset.UTC).toLocalDate();
        keys.put("clientDay", AttributeValue.fromS(clientDay(order.client(), day)));
        keys.put(
                "clientCustomer",
                AttributeValue.fromS(clientCustomer(
                        order.client(), order.details().customer().id())));
        keys.put("listKey", AttributeValue.fromS(listKey(order.createdAt(), order.id())));
        return keys;
    }

    /** {@code integration#cause#event} of the first delivery that waits for a person, so that the index groups by integration and cause. */
    private static Optional<String> firstDead(Order order) {
        return order.events().stream().flatMap(OrderItems::dead).sorted().findFirst();
    }

    private static Stream<String> dead(Event event) {
        return event.deliveries() == null
                ? Stream.of()
                : event.deliveries().entrySet().stream()
                        .filter(entry -> entry.getValue().isGivenUp())
                        .map(entry -> DeadLetterIndex.key(
                                entry.getKey(), entry.getValue().cause(), event.id()));
    }

    static AttributeValue millis(Instant instant) {
        return AttributeValue.fromN(String.valueOf(instant.toEpochMilli()));
    }

    private static AttributeValue toAttribute(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> AttributeValue.fromS(node.asText());
            case NUMBER -> AttributeValue.fromN(node.asText());
            case BOOLEAN -> AttributeValue.fromBool(node.asBoolean());
            case ARRAY ->
                AttributeValue.fromL(
                        node.valueStream().map(OrderItems::toAttribute).toList());
            case OBJECT -> {
                var map = new LinkedHashMap<String, AttributeValue>();
                node.properties().forEach(field -> map.put(field.getKey(), toAttribute(field.getValue())));
                yield AttributeValue.fromM(map);
            }
            default -> AttributeValue.fromNul(true);
        };
    }

    private static JsonNode toTree(AttributeValue value) {
        var nodes = JsonNodeFactory.instance;
        return switch (value.type()) {
            case S -> nodes.textNode(value.s());
            case N -> nodes.numberNode(new BigDecimal(value.n()));
            case BOOL -> nodes.booleanNode(value.bool());
            case L -> {
                var list = nodes.arrayNode();
                value.l().forEach(element -> list.add(toTree(element)));
                yield list;
            }
            case M -> {
                var map = nodes.objectNode();
                value.m().forEach((name, element) -> map.set(name, toTree(element)));
                yield map;
            }
            default -> nodes.nullNode();
        };
    }

    private static final class CurrencyWriter extends StdSerializer<Currency> {
        CurrencyWriter() {
            super(Currency.class);
        }

        @Override
        public void serialize(Currency value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.code());
        }
    }

    private static final class CurrencyReader extends StdDeserializer<Currency> {
        CurrencyReader() {
            super(Currency.class);
        }

        @Override
        public Currency deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Currency.of(in.getText()).orElseThrow(() -> new IOException("No currency: " + text(in)));
        }

        private static String text(JsonParser in) {
            try {
                return in.getText();
            } catch (IOException e) {
                return "unreadable";
            }
        }
    }
}
