package io.orderflow.ledger;

import io.orderflow.domain.Delivery;
import io.orderflow.domain.UnreadableMessage;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Messages of the order queue that nobody could read, each an item that the index of dead letters names. Every method
 * throws {@link LedgerException} on a failure.
 */
@ApplicationScoped
public class MessageTable {

    /** The integration and the cause under which they are listed. */
    public static final String INTEGRATION = "order-queue";

    public static final String CAUSE = "unreadable";

    private static final String PREFIX = "unreadable/";
    private static final int TRIES = 10;

    private final DynamoDbClient dynamo;
    private final String table;

    MessageTable(DynamoDbClient dynamo, AwsConfig config) {
        this.dynamo = dynamo;
        this.table = config.ordersTable();
    }

    /** The message that an entry of the index names, if it names one. */
    public static Optional<String> messageId(DeadLetterIndex.Entry entry) {
        return entry.id().startsWith(PREFIX) ? Optional.of(entry.id().substring(PREFIX.length())) : Optional.empty();
    }

    /** Stores a message, unless there is one under its id: a queue may deliver twice. */
    public void create(UnreadableMessage message) {
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.putItem(put ->
                            put.tableName(table).item(item(message)).conditionExpression("attribute_not_exists(id)")));
        } catch (ConditionalCheckFailedException e) {
            // It is there, and what people did about it since stays.
            return;
        }
    }

    /** The message as it is now. */
    public Optional<UnreadableMessage> get(String id) {
        var found = OrderTable.reach(
                "read",
                () -> dynamo.getItem(get -> get.tableName(table).key(key(id)).consistentRead(true)));
        return found.hasItem() ? Optional.of(message(found.item(), id)) : Optional.empty();
    }

    /** The messages as they are now; those that are gone are left out. */
    public List<UnreadableMessage> get(List<String> ids) {
        return OrderTable.items(
                        dynamo,
                        table,
                        ids.stream().distinct().map(MessageTable::key).toList())
                .stream()
                .map(item -> message(item, item.get("id").s().substring(PREFIX.length())))
                .toList();
    }

    /** Changes a message; returning the argument means that there is nothing to write. */
    public Optional<UnreadableMessage> update(String id, UnaryOperator<UnreadableMessage> change) {
        for (int tries = 0; tries < TRIES; tries++) {
            var before = get(id);
            if (before.isEmpty()) {
                return before;
            }
            var after = change.apply(before.get());
            if (after.equals(before.get()) || replace(before.get(), after)) {
                return Optional.of(after);
            }
        }
        throw new LedgerException.Contention(id, TRIES);
    }

    private boolean replace(UnreadableMessage before, UnreadableMessage after) {
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.putItem(put -> put.tableName(table)
                            .item(item(after.withRev(before.rev() + 1)))
                            .conditionExpression("#rev = :before")
                            .expressionAttributeNames(Map.of("#rev", "rev"))
                            .expressionAttributeValues(
                                    Map.of(":before", AttributeValue.fromN(String.valueOf(before.rev()))))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private static Map<String, AttributeValue> item(UnreadableMessage message) {
        var item = new HashMap<>(OrderItems.attributes(message));
        item.putAll(key(message.id()));
        if (message.state() == Delivery.State.DEAD) {
            item.put("deadShard", AttributeValue.fromS(OrderItems.shard(message.id())));
            item.put("deadKey", AttributeValue.fromS(DeadLetterIndex.key(INTEGRATION, CAUSE, message.id())));
        }
        return item;
    }

    private static UnreadableMessage message(Map<String, AttributeValue> item, String id) {
        var own = new HashMap<>(item);
        own.put("id", AttributeValue.fromS(id));
        return OrderItems.read(own, UnreadableMessage.class);
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", AttributeValue.fromS(PREFIX + id));
    }
}
