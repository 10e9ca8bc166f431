package io.orderflow.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The sparse index of what waits for a person: orders by the first of their dead deliveries, and messages that nobody
 * could read. It is a little behind, so what it names is to be read again.
 */
@ApplicationScoped
public class DeadLetterIndex {

    /** A key behind all others. */
    public static final String LAST = "\uffff";

    private static final String INDEX = "dead";

    /** Of a key, in bytes. */
    private static final int LONGEST = 1024;

    private final DynamoDbClient dynamo;
    private final String table;

    DeadLetterIndex(DynamoDbClient dynamo, AwsConfig config) {
        this.dynamo = dynamo;
        this.table = config.ordersTable();
    }

    /**
     * One entry.
     *
     * @param id of the item: an order's, or a message's as {@link MessageTable} has it
     * @param key sorts the entries of a shard by integration, cause and event
     */
    public record Entry(String id, String key) {}

    /** The key of a letter. */
    static String key(String integration, String cause, String subject) {
        return integration + "#" + cause + "#" + subject;
    }

    /** A key before every entry that is listed under this group. */
    public static String before(String integration, String cause) {
        return key(integration, cause, "");
    }

    /** A key behind every entry that is listed under the same group as the entry with this key. */
    public static String behindGroupOf(String key) {
        return key.substring(0, key.lastIndexOf('#') + 1) + "\uffff";
    }

    /** A key behind every entry of an order that has a letter of this group: an order is listed by its first one. */
    public static String behind(String integration, String cause) {
        return key(integration, cause, "\uffff");
    }

    /**
     * Some entries of a shard, in the order of their keys.
     *
     * @param after the key of the last entry that was seen, or null for the first
     * @param upTo the last key that is of interest, or null for all
     * @param limit how many; fewer mean that the shard ends here
     * @throws LedgerException when it cannot be read
     */
    public List<Entry> entries(int shard, String after, String upTo, int limit) {
        // The key right behind "after"; a sort key takes one comparison, and BETWEEN has both its ends in it.
        var from = after == null ? " " : after + "\u0000";
        var to = upTo == null ? LAST : upTo;
        if (!isRange(from.getBytes(StandardCharsets.UTF_8), to.getBytes(StandardCharsets.UTF_8))) {
            return List.of();
        }
        var values = Map.of(
                ":shard", AttributeValue.fromS(String.valueOf(shard)),
                ":from", AttributeValue.fromS(from),
                ":to", AttributeValue.fromS(to));
        var found = OrderTable.reach(
                "read",
                () -> dynamo.query(query -> query.tableName(table)
                        .indexName(INDEX)
                        .keyConditionExpression("deadShard = :shard AND deadKey BETWEEN :from AND :to")
                        .expressionAttributeValues(values)
                        .limit(limit)));
        return found.items().stream()
                .map(item -> new Entry(item.get("id").s(), item.get("deadKey").s()))
                .toList();
    }

    /** Whether DynamoDB takes these as the ends of a range: it refuses one that is empty, or a key too long to be one. */
    private static boolean isRange(byte[] from, byte[] to) {
        return Arrays.compareUnsigned(from, to) <= 0 && Math.max(from.length, to.length) <= LONGEST;
    }
}
