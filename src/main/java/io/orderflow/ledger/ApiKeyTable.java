package io.orderflow.ledger;

import io.orderflow.domain.ApiKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * API keys: one item each, which only a write on top of its last one changes. None is ever deleted. Every method throws
 * {@link LedgerException} on a failure.
 */
@ApplicationScoped
public class ApiKeyTable {

    private static final String PREFIX = "key/";
    private static final int TRIES = 10;

    /** In the indexes of lists; no order is listed under either, as no client's name has a slash. */
    private static final String ALL = "/keys";

    private static final String OF_CLIENT = ALL + "#";

    private static final String LAST_USED = "lastUsedAt";

    private final DynamoDbClient dynamo;
    private final String table;

    ApiKeyTable(DynamoDbClient dynamo, AwsConfig config) {
        this.dynamo = dynamo;
        this.table = config.ordersTable();
    }

    /**
     * Part of a list.
     *
     * @param last the list goes on before this key of it; null when it ends here
     */
    public record Page(List<ApiKey> keys, String last) {

        private static final Pattern KEY = Pattern.compile("\\d{13}#[0-9A-Za-z]{1,40}");

        /** Whether {@code text} can be a key of a list. */
        public static boolean isKey(String text) {
            return KEY.matcher(text).matches();
        }
    }

    /**
     * Stores a new key.
     *
     * @return false when there is another under its id
     */
    public boolean create(ApiKey key) {
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.putItem(put ->
                            put.tableName(table).item(item(key)).conditionExpression("attribute_not_exists(id)")));
            return true;
        } catch (ConditionalCheckFailedException e) {
            // It may be our own write, whose answer was lost.
            return get(key.id()).filter(key::equals).isPresent();
        }
    }

    /** The key as it is now. */
    public Optional<ApiKey> get(String id) {
        var found = OrderTable.reach(
                "read",
                () -> dynamo.getItem(get -> get.tableName(table).key(key(id)).consistentRead(true)));
        return found.hasItem() ? Optional.of(key(found.item())) : Optional.empty();
    }

    /**
     * Keys, the newest first. One that was made just now may be missing.
     *
     * @param client of this client only, or null for all
     * @param before only what is listed before this key of the list, or null for the newest
     */
    public Page list(String client, String before, int limit) {
        var values = new HashMap<>(Map.of(":hash", AttributeValue.fromS(client == null ? ALL : OF_CLIENT + client)));
        if (before != null) {
            values.put(":before", AttributeValue.fromS(before));
        }
        var hashName = client == null ? "clientDay" : "clientCustomer";
        var found = OrderTable.reach(
                "read",
                () -> dynamo.query(query -> query.tableName(table)
                        .indexName(client == null ? "byDay" : "byCustomer")
                        .keyConditionExpression(
                                hashName + " = :hash" + (before == null ? "" : " AND listKey < :before"))
                        .expressionAttributeValues(values)
                        .scanIndexForward(false)
                        .limit(limit)));
        var ids = found.items().stream().map(item -> item.get("id").s()).toList();
        var keys =
                OrderTable.items(
                                dynamo,
                                table,
                                ids.stream()
                                        .map(id -> Map.of("id", AttributeValue.fromS(id)))
                                        .toList())
                        .stream()
                        .map(ApiKeyTable::key)
                        .collect(Collectors.toMap(ApiKey::id, key -> key));
        return new Page(
                ids.stream()
                        .map(id -> keys.get(id.substring(PREFIX.length())))
                        .filter(Objects::nonNull)
                        .toList(),
                found.hasLastEvaluatedKey() && !found.lastEvaluatedKey().isEmpty()
                        ? found.lastEvaluatedKey().get("listKey").s()
                        : null);
    }

    /**
     * Changes a key; returning the argument means that there is nothing to write.
     *
     * @return the key as it is now, or nothing when there is no such key
     */
    public Optional<ApiKey> update(String id, UnaryOperator<ApiKey> change) {
        for (int tries = 0; tries < TRIES; tries++) {
            var before = get(id);
            if (before.isEmpty()) {
                return before;
            }
            var after = change.apply(before.get());
            if (after.equals(before.get())) {
                return before;
            }
            var written = replace(before.get(), after);
            if (written.isPresent()) {
                return written;
            }
        }
        throw new LedgerException.Contention(id, TRIES);
    }

    private Optional<ApiKey> replace(ApiKey before, ApiKey after) {
        var next = after.withRev(before.rev() + 1);
        var attributes = new HashMap<>(OrderItems.attributes(next));
        attributes.keySet().removeAll(List.of("id", LAST_USED));
        var values = attributes.entrySet().stream()
                .collect(Collectors.toMap(attribute -> ":" + attribute.getKey(), Map.Entry::getValue));
        values.put(":before", AttributeValue.fromN(String.valueOf(before.rev())));
        var names = attributes.keySet().stream().collect(Collectors.toMap(name -> "#" + name, name -> name));
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.updateItem(update -> update.tableName(table)
                            .key(key(before.id()))
                            .updateExpression(attributes.keySet().stream()
                                    .map(name -> "#" + name + " = :" + name)
                                    .collect(Collectors.joining(", ", "SET ", "")))
                            .conditionExpression("#rev = :before")
                            .expressionAttributeNames(names)
                            .expressionAttributeValues(values)));
            return Optional.of(next);
        } catch (ConditionalCheckFailedException e) {
            // It may be our own write, whose answer was lost. Since then it may have been used.
            return get(before.id())
                    .filter(key -> key.rev() == next.rev()
                            && key.secrets().equals(next.secrets())
                            && Objects.equals(key.revokedAt(), next.revokedAt())
                            && Objects.equals(key.revokedBy(), next.revokedBy()));
        }
    }

    /** Notes that a key is used, unless that was noted in the last {@code period}. */
    public void noteUse(String id, Instant at, Duration period) {
        // Of one length, so that they compare like the times they stand for.
        var now = at.truncatedTo(ChronoUnit.SECONDS);
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.updateItem(update -> update.tableName(table)
                            .key(key(id))
                            .updateExpression("SET #used = :now")
                            .conditionExpression(
                                    "attribute_exists(id) AND (attribute_not_exists(#used) OR #used <= :before)")
                            .expressionAttributeNames(Map.of("#used", LAST_USED))
                            .expressionAttributeValues(Map.of(
                                    ":now", AttributeValue.fromS(now.toString()),
                                    ":before",
                                            AttributeValue.fromS(now.minus(period)
                                                    .truncatedTo(ChronoUnit.SECONDS)
                                                    .toString())))));
        } catch (ConditionalCheckFailedException e) {
            // Another instance has noted it.
            return;
        }
    }

    private static Map<String, AttributeValue> item(ApiKey key) {
        var item = new HashMap<>(OrderItems.attributes(key));
        item.putAll(key(key.id()));
        item.put("clientDay", AttributeValue.fromS(ALL));
        item.put("clientCustomer", AttributeValue.fromS(OF_CLIENT + key.client()));
        item.put(
                "listKey",
                AttributeValue.fromS(
                        String.format(Locale.ROOT, "%013d#%s", key.createdAt().toEpochMilli(), key.id())));
        return item;
    }

    private static ApiKey key(Map<String, AttributeValue> item) {
        var own = new HashMap<>(item);
        own.put("id", AttributeValue.fromS(item.get("id").s().substring(PREFIX.length())));
        return OrderItems.read(own, ApiKey.class);
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", AttributeValue.fromS(PREFIX + id));
    }
}
