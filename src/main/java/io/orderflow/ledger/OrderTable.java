package io.orderflow.ledger;

import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.OrderStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * Reads and writes orders, each change as one conditional write.
 *
 * <p>Every write carries a token of its own. When the condition of a write fails, the item that stopped it comes back
 * with the refusal: if it bears our token, the write had succeeded before and only its answer was lost.
 *
 * <p>Every method throws {@link LedgerException} when DynamoDB cannot be reached or refuses.
 */
@ApplicationScoped
public class OrderTable {

    /** In bytes. DynamoDB takes 400 KB; far below it, the history of what is settled begins to go. */
    private static final int LARGE = 200_000;

    private static final int TRIES = 10;
    private static final String WRITE = "write";

    private static final Logger LOG = Logger.getLogger(OrderTable.class);

    private final DynamoDbClient dynamo;
    private final String table;

    OrderTable(DynamoDbClient dynamo, AwsConfig config) {
        this.dynamo = dynamo;
        this.table = config.ordersTable();
    }

    /** What came of storing a new order. */
    public sealed interface Creation {
        /** It is stored. */
        record Created(Order order) implements Creation {}

        /** There was one under this id; nothing was written. */
        record Existing(Order order) implements Creation {}
    }

    /** The order as it is now. */
    public Optional<Order> get(String id) {
        return item(id).map(OrderItems::toOrder);
    }

    private Optional<Map<String, AttributeValue>> item(String id) {
        var found = reach(
                "read",
                () -> dynamo.getItem(get -> get.tableName(table).key(key(id)).consistentRead(true)));
        return found.hasItem() && isOrder(found.item()) ? Optional.of(found.item()) : Optional.empty();
    }

    /** The orders as they are now, in the order of the ids; those that are gone are left out. */
    public List<Order> get(List<String> ids) {
        var found = new HashMap<String, Order>();
        items(dynamo, table, ids.stream().distinct().map(OrderTable::key).toList())
                .forEach(item -> known(item).ifPresent(order -> found.put(order.id(), order)));
        return ids.stream().map(found::get).filter(Objects::nonNull).toList();
    }

    /** The items that there are of these keys, as they are now. */
    static List<Map<String, AttributeValue>> items(
            DynamoDbClient dynamo, String table, List<Map<String, AttributeValue>> keys) {
        var found = new ArrayList<Map<String, AttributeValue>>();
        for (int from = 0; from < keys.size(); from += 100) {
            read(dynamo, table, keys.subList(from, Math.min(keys.size(), from + 100)), found);
        }
        return found;
    }

    private static void read(
            DynamoDbClient dynamo,
            String table,
            List<Map<String, AttributeValue>> keys,
            List<Map<String, AttributeValue>> found) {
        var wanted = Map.of(
                table,
                KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
        for (int tries = 0; !wanted.isEmpty(); tries++) {
            var request = wanted;
            var answer = reach("read", () -> dynamo.batchGetItem(get -> get.requestItems(request)));
            found.addAll(answer.responses().getOrDefault(table, List.of()));
            wanted = answer.unprocessedKeys();
            if (!wanted.isEmpty()) {
                if (tries >= TRIES) {
                    throw new LedgerException("The ledger gave only a part of the orders asked for", null);
                }
                pause(tries);
            }
        }
    }

    /** Leases, hints and the like are in the same table. */
    private static boolean isOrder(Map<String, AttributeValue> item) {
        return item.containsKey("details");
    }

    /** One order that only a newer version, or nobody, can read shall not hide the others. */
    private static Optional<Order> known(Map<String, AttributeValue> item) {
        try {
            return isOrder(item) ? Optional.of(OrderItems.toOrder(item)) : Optional.empty();
        } catch (LedgerException.NewerSchema | IllegalStateException e) {
            LOG.warnf("Left out of a list: %s", e.getMessage());
            return Optional.empty();
        }
    }

    /** Stores a new order, unless there is one under its id. */
    public Creation create(Order order) {
        var token = UUID.randomUUID().toString();
        var item = OrderItems.toItem(order);
        item.put(WRITE, AttributeValue.fromS(token));
        try {
            reach(
                    "write",
                    () -> dynamo.putItem(put -> put.tableName(table)
                            .item(item)
                            .conditionExpression("attribute_not_exists(id)")
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
            return new Creation.Created(order);
        } catch (ConditionalCheckFailedException e) {
            var stored = OrderItems.toOrder(e.item());
            return isOurs(e, token) ? new Creation.Created(stored) : new Creation.Existing(stored);
        }
    }

    /**
     * Changes an order, again and again on top of what others wrote meanwhile.
     *
     * @param change a function of the order alone; returning its argument means that there is nothing to write
     * @return the order as it was written, or nothing when there is no such order
     */
    public Optional<Order> update(String id, UnaryOperator<Order> change) {
        for (int tries = 0; ; tries++) {
            var before = get(id);
            if (before.isEmpty()) {
                return Optional.empty();
            }
            var written = replace(before.get(), change.apply(before.get()));
            if (written.isPresent()) {
                return written;
            }
            backOff(tries, id);
        }
    }

    /**
     * Writes {@code after} if nothing was written since {@code before} was read.
     *
     * @return the order as it was written, or nothing when it was not
     */
    public Optional<Order> replace(Order before, Order after) {
        if (after.equals(before)) {
            return Optional.of(before);
        }
        var next = after.withRev(before.rev() + 1);
        var item = OrderItems.toItem(next);
        if (OrderItems.size(item) > LARGE) {
            next = DeliveryRules.compacted(next);
            item = OrderItems.toItem(next);
        }
        return write(before, next, item);
    }

    private Optional<Order> write(Order before, Order next, Map<String, AttributeValue> item) {
        var token = UUID.randomUUID().toString();
        var change = Change.between(OrderItems.toItem(before), item, token);
        try {
            reach(
                    "write",
                    () -> dynamo.updateItem(update -> update.tableName(table)
                            .key(key(before.id()))
                            .conditionExpression("#rev = :before AND #schema <= :known")
                            .updateExpression(change.expression())
                            .expressionAttributeNames(change.names())
                            .expressionAttributeValues(change.values())
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
            return Optional.of(next);
        } catch (ConditionalCheckFailedException e) {
            if (isOurs(e, token)) {
                return Optional.of(next);
            }
            if (e.hasItem() && OrderItems.schema(e.item()) > OrderItems.SCHEMA) {
                throw new LedgerException.NewerSchema(before.id(), OrderItems.schema(e.item()));
            }
            return Optional.empty();
        }
    }

    /** Ids of orders and hints in {@code shard} that were due at {@code now}, the longest overdue first. */
    public List<String> due(int shard, Instant now, int limit) {
        return shardOf("due", "dueShard", shard, " AND dueAt <= :now", Map.of(":now", OrderItems.millis(now)), limit);
    }

    /** Ids of orders in {@code shard} whose row in the spreadsheet is out of date, the oldest change first. */
    public List<String> owedToSheet(int shard, int limit) {
        return shardOf("sheet", "sheetShard", shard, "", Map.of(), limit);
    }

    /**
     * One stretch of a list of orders, newest first.
     *
     * @param before only what is listed before this key, or null for the newest
     * @param status or null for all
     * @param limit how many index entries are looked at, whatever their status
     */
    public Slice listByDay(String client, LocalDate day, String before, OrderStatus status, int limit) {
        return list("byDay", "clientDay", OrderItems.clientDay(client, day), before, status, limit);
    }

    /** The same for one customer of the client. */
    public Slice listByCustomer(String client, String customerId, String before, OrderStatus status, int limit) {
        return list(
                "byCustomer", "clientCustomer", OrderItems.clientCustomer(client, customerId), before, status, limit);
    }

    /**
     * @param keys of the orders found, newest first; each names its order
     * @param last the key of the last entry that was looked at, or null when the list ends here
     * @param looked how many entries were looked at, whatever their status
     */
    public record Slice(List<String> keys, String last, int looked) {

        private static final Pattern KEY = Pattern.compile("\\d{13}#" + OrderId.PATTERN);

        /** Whether {@code text} can be a key of a list. */
        public static boolean isKey(String text) {
            return KEY.matcher(text).matches();
        }

        /** The order that a key of a list names. */
        public static String orderId(String key) {
            return key.substring(key.indexOf('#') + 1);
        }
    }

    private Slice list(String index, String hashName, String hash, String before, OrderStatus status, int limit) {
        var values = new HashMap<>(Map.of(":hash", AttributeValue.fromS(hash)));
        if (before != null) {
            values.put(":before", AttributeValue.fromS(before));
        }
        if (status != null) {
            values.put(":status", AttributeValue.fromS(status.toString()));
        }
        var found = reach(
                "read",
                () -> dynamo.query(query -> {
                    query.tableName(table)
                            .indexName(index)
                            .keyConditionExpression(
                                    hashName + " = :hash" + (before == null ? "" : " AND listKey < :before"))
                            .expressionAttributeValues(values)
                            .scanIndexForward(false)
                            .limit(limit);
                    if (status != null) {
                        query.filterExpression("#status = :status")
                                .expressionAttributeNames(Map.of("#status", "status"));
                    }
                }));
        return new Slice(
                found.items().stream().map(item -> item.get("listKey").s()).toList(),
                found.hasLastEvaluatedKey() && !found.lastEvaluatedKey().isEmpty()
                        ? found.lastEvaluatedKey().get("listKey").s()
                        : null,
                found.scannedCount());
    }

    /** How many shards the sparse indexes have; they are numbered from 0. */
    public static int shards() {
        return OrderItems.SHARDS;
    }

    private List<String> shardOf(
            String index,
            String shardName,
            int shard,
            String condition,
            Map<String, AttributeValue> values,
            int limit) {
        var all = new HashMap<>(values);
        all.put(":shard", AttributeValue.fromS(String.valueOf(shard)));
        var found = reach(
                "read",
                () -> dynamo.query(query -> query.tableName(table)
                        .indexName(index)
                        .keyConditionExpression(shardName + " = :shard" + condition)
                        .expressionAttributeValues(all)
                        .limit(limit)));
        return found.items().stream().map(item -> item.get("id").s()).toList();
    }

    private static boolean isOurs(ConditionalCheckFailedException refusal, String token) {
        return refusal.hasItem()
                && refusal.item().containsKey(WRITE)
                && refusal.item().get(WRITE).s().equals(token);
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", AttributeValue.fromS(id));
    }

    private static void backOff(int tries, String what) {
        if (tries >= TRIES) {
            throw new LedgerException.Contention(what, tries);
        }
        pause(tries);
    }

    private static void pause(int tries) {
        var millis = Math.min(200, 5L << tries);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(millis * 1_000_000));
    }

    static <T> T reach(String verb, Supplier<T> call) {
        try {
            return call.get();
        } catch (ConditionalCheckFailedException e) {
            throw e;
        } catch (SdkException e) {
            throw new LedgerException(
                    "The ledger could not be " + (verb.equals("read") ? "read" : "written") + ": " + e.getMessage(), e);
        }
    }

    /** An update of only the attributes that differ: what a newer version of Orderflow has added stays as it is. */
    private record Change(String expression, Map<String, String> names, Map<String, AttributeValue> values) {

        static Change between(Map<String, AttributeValue> before, Map<String, AttributeValue> after, String token) {
            var names = new HashMap<String, String>();
            var values = new HashMap<String, AttributeValue>();
            names.put("#schema", "schema");
            names.put("#rev", "rev");
            values.put(":known", AttributeValue.fromN(String.valueOf(OrderItems.SCHEMA)));
            values.put(":before", before.get("rev"));

            var all = new HashMap<>(after);
            all.put(WRITE, AttributeValue.fromS(token));
            var set = all.entrySet().stream()
                    .filter(attribute -> !attribute.getValue().equals(before.get(attribute.getKey())))
                    .map(attribute -> {
                        names.put("#" + attribute.getKey(), attribute.getKey());
                        values.put(":" + attribute.getKey(), attribute.getValue());
                        return "#" + attribute.getKey() + " = :" + attribute.getKey();
                    })
                    .collect(Collectors.joining(", ", "SET ", ""));
            var removed = before.keySet().stream()
                    .filter(name -> !after.containsKey(name))
                    .map(name -> {
                        names.put("#" + name, name);
                        return "#" + name;
                    })
                    .collect(Collectors.joining(", "));
            return new Change(removed.isEmpty() ? set : set + " REMOVE " + removed, names, values);
        }
    }
}
