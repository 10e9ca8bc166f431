package io.orderflow.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * What operators are owed alerts of: one item a group, with how often it was raised since it was last told. Every method
 * throws {@link LedgerException} on a failure.
 */
@ApplicationScoped
public class AlertTable {

    private static final String PREFIX = "alert/";

    private static final int TRIES = 50;
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    /** In the index of what is due; no order is listed under it. */
    private static final String SHARD = "alerts";

    private final DynamoDbClient dynamo;
    private final String table;

    AlertTable(DynamoDbClient dynamo, AwsConfig config) {
        this.dynamo = dynamo;
        this.table = config.ordersTable();
    }

    /**
     * What is told by one alert.
     *
     * @param count how often it was raised since {@code since}; a write that was made again because its answer was lost
     *     counts twice
     * @param example what was said of one of them
     * @param orderId of the example, or null
     * @param token of the one who tells it
     */
    public record Owed(
            String group,
            String integration,
            String cause,
            long count,
            Instant since,
            Instant latest,
            String example,
            String orderId,
            String token) {}

    /** What is raised; {@code orderId} may be null. */
    public record Raised(String integration, String cause, String text, String orderId, Instant at) {}

    /** Owes one more alert of a group. */
    public void raise(String group, Raised raised) {
        untilWritten(group, () -> isRaisedNow(group, raised));
    }

    /**
     * Owes one more alert of a group, unless it was raised for this subject before: both in one write.
     *
     * @param subject must not be the name of a group
     */
    public void raiseOnce(String subject, String group, Raised raised) {
        untilWritten(group, () -> isRaisedNow(subject, group, raised));
    }

    /** DynamoDB refuses one of two writes of an item at the same moment when one is of a transaction. */
    private static void untilWritten(String group, BooleanSupplier write) {
        for (int tries = 1; !write.getAsBoolean(); tries++) {
            if (tries >= TRIES) {
                throw new LedgerException.Contention(group, tries);
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE.toNanos()));
        }
    }

    private boolean isRaisedNow(String group, Raised raised) {
        var update = raising(raised);
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.updateItem(owed -> owed.tableName(table)
                            .key(key(group))
                            .updateExpression(update.expression())
                            .expressionAttributeNames(update.names())
                            .expressionAttributeValues(update.values())));
            return true;
        } catch (LedgerException e) {
            if (e.getCause() instanceof TransactionConflictException) {
                return false;
            }
            throw e;
        }
    }

    private boolean isRaisedNow(String subject, String group, Raised raised) {
        var update = raising(raised);
        var seen = Put.builder()
                .tableName(table)
                .item(key(subject))
                .conditionExpression("attribute_not_exists(id)")
                .build();
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.transactWriteItems(write -> write.transactItems(
                            TransactWriteItem.builder().put(seen).build(),
                            TransactWriteItem.builder()
                                    .update(owed -> owed.tableName(table)
                                            .key(key(group))
                                            .updateExpression(update.expression())
                                            .expressionAttributeNames(update.names())
                                            .expressionAttributeValues(update.values()))
                                    .build())));
            return true;
        } catch (LedgerException e) {
            if (!(e.getCause() instanceof TransactionCanceledException canceled)) {
                throw e;
            }
            var reasons = canceled.cancellationReasons().stream()
                    .map(CancellationReason::code)
                    .toList();
            if (reasons.contains("ConditionalCheckFailed")) {
                return true;
            }
            if (reasons.contains("TransactionConflict")) {
                return false;
            }
            throw e;
        }
    }

    private record Raising(String expression, Map<String, String> names, Map<String, AttributeValue> values) {}

    private static Raising raising(Raised raised) {
        var values = new HashMap<String, AttributeValue>();
        values.put(":one", number(1));
        values.put(":integration", AttributeValue.fromS(raised.integration()));
        values.put(":cause", AttributeValue.fromS(raised.cause()));
        values.put(":example", AttributeValue.fromS(raised.text()));
        values.put(
                ":orderId",
                raised.orderId() == null ? AttributeValue.fromNul(true) : AttributeValue.fromS(raised.orderId()));
        values.put(":now", OrderItems.millis(raised.at()));
        values.put(":shard", AttributeValue.fromS(SHARD));
        return new Raising(
                "ADD #owed :one SET #integration = :integration, #cause = :cause, #example = :example,"
                        + " #orderId = :orderId, #latest = :now, #since = if_not_exists(#since, :now),"
                        + " dueShard = :shard, dueAt = if_not_exists(#nextAt, :now)",
                names("owed", "integration", "cause", "example", "orderId", "latest", "since", "nextAt"),
                values);
    }

    /** Whether {@link #raiseOnce} was called for this subject before. */
    public boolean isRaised(String subject) {
        return OrderTable.reach(
                        "read",
                        () -> dynamo.getItem(
                                get -> get.tableName(table).key(key(subject)).consistentRead(true)))
                .hasItem();
    }

    /** Groups of which an alert is due. The index may be behind. */
    public List<String> due(Instant now, int limit) {
        return OrderTable.reach(
                        "read",
                        () -> dynamo.query(query -> query.tableName(table)
                                .indexName("due")
                                .keyConditionExpression("dueShard = :shard AND dueAt <= :now")
                                .expressionAttributeValues(
                                        Map.of(":shard", AttributeValue.fromS(SHARD), ":now", OrderItems.millis(now)))
                                .limit(limit)))
                .items()
                .stream()
                .map(item -> item.get("id").s().substring(PREFIX.length()))
                .toList();
    }

    /**
     * Takes on to tell what is owed of a group.
     *
     * @param until when another may tell it, if it was not told
     * @return nothing when nothing is due, or another tells it
     */
    public Optional<Owed> take(String group, Instant now, Instant until) {
        var token = UUID.randomUUID().toString();
        try {
            var taken = OrderTable.reach(
                    "write",
                    () -> dynamo.updateItem(update -> update.tableName(table)
                            .key(key(group))
                            .updateExpression("SET #token = :token, #until = :until")
                            .conditionExpression("#owed > :none AND (attribute_not_exists(#nextAt) OR #nextAt <= :now)"
                                    + " AND (attribute_not_exists(#until) OR #until < :now)")
                            .expressionAttributeNames(names("owed", "nextAt", "token", "until"))
                            .expressionAttributeValues(Map.of(
                                    ":token", AttributeValue.fromS(token),
                                    ":until", OrderItems.millis(until),
                                    ":now", OrderItems.millis(now),
                                    ":none", number(0)))
                            .returnValues(ReturnValue.ALL_NEW)
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
            return Optional.of(owed(group, taken.attributes()));
        } catch (ConditionalCheckFailedException e) {
            // It may be our own write, whose answer was lost.
            return e.hasItem()
                            && e.item().containsKey("token")
                            && e.item().get("token").s().equals(token)
                    ? Optional.of(owed(group, e.item()))
                    : Optional.empty();
        }
    }

    private static Owed owed(String group, Map<String, AttributeValue> item) {
        return new Owed(
                group,
                item.get("integration").s(),
                item.get("cause").s(),
                Long.parseLong(item.get("owed").n()),
                instant(item.get("since")),
                instant(item.get("latest")),
                item.get("example").s(),
                item.get("orderId").s(),
                item.get("token").s());
    }

    /**
     * Takes off what was told, and nothing that was raised meanwhile. Doing so twice takes it off once.
     *
     * @param nextAt when the group may be told of again
     */
    public void told(Owed owed, Instant nextAt) {
        if (!toldAll(owed, nextAt)) {
            toldSome(owed, nextAt);
        }
    }

    private boolean toldAll(Owed owed, Instant nextAt) {
        return tell(
                "SET #owed = :none, #nextAt = :next REMOVE #since, #token, #until, dueShard, dueAt",
                "#token = :token AND #owed = :told",
                owed,
                Map.of(":none", number(0), ":next", OrderItems.millis(nextAt)));
    }

    private void toldSome(Owed owed, Instant nextAt) {
        tell(
                "SET #owed = #owed - :told, #nextAt = :next, dueAt = :next, #since = :latest REMOVE #token, #until",
                "#token = :token AND #owed > :told",
                owed,
                Map.of(":latest", OrderItems.millis(owed.latest()), ":next", OrderItems.millis(nextAt)));
    }

    private boolean tell(String expression, String condition, Owed owed, Map<String, AttributeValue> more) {
        var values = new HashMap<>(more);
        values.put(":told", number(owed.count()));
        values.put(":token", AttributeValue.fromS(owed.token()));
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.updateItem(update -> update.tableName(table)
                            .key(key(owed.group()))
                            .updateExpression(expression)
                            .conditionExpression(condition)
                            .expressionAttributeNames(names("owed", "nextAt", "since", "token", "until"))
                            .expressionAttributeValues(values)));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private static Map<String, String> names(String... names) {
        var all = new HashMap<String, String>();
        for (var name : names) {
            all.put("#" + name, name);
        }
        return all;
    }

    private static AttributeValue number(long value) {
        return AttributeValue.fromN(String.valueOf(value));
    }

    private static Instant instant(AttributeValue value) {
        return Instant.ofEpochMilli(Long.parseLong(value.n()));
    }

    private static Map<String, AttributeValue> key(String group) {
        return Map.of("id", AttributeValue.fromS(PREFIX + group));
    }
}
