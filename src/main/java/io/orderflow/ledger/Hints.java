package io.orderflow.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * Hints at a payment that cannot be followed yet: one small item for each PaymentIntent, however often it is hinted at,
 * found through the index {@code due} like an order. Whoever takes one makes it due again at the end of its lease, so
 * that it is not lost with its holder. Every method throws {@link LedgerException} on a failure.
 */
@ApplicationScoped
public class Hints {

    private static final Logger LOG = Logger.getLogger(Hints.class);

    private static final String PREFIX = "hint/";

    private final DynamoDbClient dynamo;
    private final String table;
    private final Clock clock;

    Hints(DynamoDbClient dynamo, AwsConfig config, Clock clock) {
        this.dynamo = dynamo;
        this.table = config.ordersTable();
        this.clock = clock;
    }

    /**
     * A hint that is taken.
     *
     * @param orderId the order that it names, or null
     * @param since when it first came
     * @param tries how often it was taken, this time included
     * @param times how often it came
     * @param token made afresh each time
     */
    public record Kept(String intentId, String orderId, Instant since, int tries, long times, String token) {}

    /** Whether an id that was found due is a hint's. */
    public static boolean isOne(String id) {
        return id.startsWith(PREFIX);
    }

    /**
     * Keeps a hint. One that is kept already stays due when it was.
     *
     * @param orderId or null
     */
    public void keep(String intentId, String orderId, Instant dueAt) {
        var id = PREFIX + intentId;
        var values = new HashMap<>(Map.of(
                ":intent", AttributeValue.fromS(intentId),
                ":now", OrderItems.millis(clock.instant()),
                ":due", OrderItems.millis(dueAt),
                ":shard", AttributeValue.fromS(OrderItems.shard(id)),
                ":one", AttributeValue.fromN("1")));
        if (orderId != null) {
            values.put(":order", AttributeValue.fromS(orderId));
        }
        OrderTable.reach(
                "write",
                () -> dynamo.updateItem(update -> update.tableName(table)
                        .key(key(id))
                        .updateExpression("SET intentId = :intent, since = if_not_exists(since, :now),"
                                + " dueAt = if_not_exists(dueAt, :due), dueShard = :shard"
                                + (orderId == null ? "" : ", orderId = :order") + " ADD times :one")
                        .expressionAttributeValues(values)));
    }

    /**
     * Takes a hint that is due.
     *
     * @param lease how long no other takes it
     * @return nothing when it is not due any more, or gone
     */
    public Optional<Kept> take(String id, Duration lease) {
        var now = clock.instant();
        var token = UUID.randomUUID().toString();
        try {
            var taken = OrderTable.reach(
                    "write",
                    () -> dynamo.updateItem(update -> update.tableName(table)
                            .key(key(id))
                            .updateExpression("SET dueAt = :until, #token = :token ADD tries :one")
                            .conditionExpression("dueAt <= :now")
                            .expressionAttributeNames(Map.of("#token", "token"))
                            .expressionAttributeValues(Map.of(
                                    ":now", OrderItems.millis(now),
                                    ":until", OrderItems.millis(now.plus(lease)),
                                    ":token", AttributeValue.fromS(token),
                                    ":one", AttributeValue.fromN("1")))
                            .returnValues(ReturnValue.ALL_NEW)));
            return Optional.of(kept(taken.attributes()));
        } catch (ConditionalCheckFailedException e) {
            return Optional.empty();
        }
    }

    private static Kept kept(Map<String, AttributeValue> item) {
        return new Kept(
                item.get("intentId").s(),
                item.containsKey("orderId") ? item.get("orderId").s() : null,
                Instant.ofEpochMilli(Long.parseLong(item.get("since").n())),
                Integer.parseInt(item.get("tries").n()),
                Long.parseLong(item.get("times").n()),
                item.get("token").s());
    }

    /** Makes a hint that is taken due again at {@code dueAt}. */
    public void putOff(Kept hint, Instant dueAt) {
        ifHeld(
                hint,
                () -> dynamo.updateItem(update -> update.tableName(table)
                        .key(key(PREFIX + hint.intentId()))
                        .updateExpression("SET dueAt = :due")
                        .conditionExpression("#token = :token")
                        .expressionAttributeNames(Map.of("#token", "token"))
                        .expressionAttributeValues(Map.of(
                                ":due", OrderItems.millis(dueAt), ":token", AttributeValue.fromS(hint.token())))));
    }

    /** Forgets a hint that is taken, unless it came once more meanwhile: then it is followed once more. */
    public void forget(Kept hint) {
        ifHeld(
                hint,
                () -> dynamo.deleteItem(delete -> delete.tableName(table)
                        .key(key(PREFIX + hint.intentId()))
                        .conditionExpression("#token = :token AND #times = :times")
                        .expressionAttributeNames(Map.of("#token", "token", "#times", "times"))
                        .expressionAttributeValues(Map.of(
                                ":token", AttributeValue.fromS(hint.token()),
                                ":times", AttributeValue.fromN(String.valueOf(hint.times()))))));
    }

    private static void ifHeld(Kept hint, Supplier<?> write) {
        try {
            OrderTable.reach("write", write);
        } catch (ConditionalCheckFailedException e) {
            LOG.debugf("The hint at %s came again, or has passed to another", hint.intentId());
        }
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", AttributeValue.fromS(id));
    }
}
