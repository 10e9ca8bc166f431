package io.orderflow.ledger;

import io.orderflow.domain.ReplayJob;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Replays of many dead letters: one item a job, which only a write on top of its last one changes, and the frozen list
 * of its letters in items of {@value #CHUNK} each. Every method throws {@link LedgerException} on a failure.
 */
@ApplicationScoped
public class ReplayTable {

    static final int CHUNK = 1000;

    private static final String PREFIX = "replay/";
    private static final int TRIES = 10;

    /** In the index of what is due, and in that of lists; no order is listed under either. */
    private static final String SHARD = "replays";

    private static final String LIST = "/replays";

    private final DynamoDbClient dynamo;
    private final String table;

    ReplayTable(DynamoDbClient dynamo, AwsConfig config) {
        this.dynamo = dynamo;
        this.table = config.ordersTable();
    }

    /**
     * Stores a job and the letters that it is to replay, unless there is one under its id.
     *
     * @return the job that is stored
     */
    public ReplayJob create(ReplayJob job, List<String> letters) {
        for (int from = 0; from < letters.size(); from += CHUNK) {
            var item = new HashMap<>(chunkKey(job, from / CHUNK));
            item.put(
                    "letters",
                    AttributeValue.fromL(letters.subList(from, Math.min(letters.size(), from + CHUNK)).stream()
                            .map(AttributeValue::fromS)
                            .toList()));
            OrderTable.reach(
                    "write", () -> dynamo.putItem(put -> put.tableName(table).item(item)));
        }
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.putItem(put ->
                            put.tableName(table).item(item(job)).conditionExpression("attribute_not_exists(id)")));
            return job;
        } catch (ConditionalCheckFailedException e) {
            return get(job.id()).orElseThrow();
        }
    }

    /** The job as it is now. */
    public Optional<ReplayJob> get(String id) {
        return item(key(id)).map(item -> job(item, id));
    }

    private Optional<Map<String, AttributeValue>> item(Map<String, AttributeValue> key) {
        var found = OrderTable.reach(
                "read",
                () -> dynamo.getItem(get -> get.tableName(table).key(key).consistentRead(true)));
        return found.hasItem() ? Optional.of(found.item()) : Optional.empty();
    }

    /** The letters of a job's list from {@code from}, at most {@code count}. */
    public List<String> letters(ReplayJob job, int from, int count) {
        var letters = new ArrayList<String>();
        var end = Math.min(job.total(), from + count);
        for (int chunk = from / CHUNK; chunk * CHUNK < end; chunk++) {
            var all = item(chunkKey(job, chunk)).orElseThrow().get("letters").l();
            letters.addAll(
                    all.subList(Math.max(0, from - chunk * CHUNK), Math.min(all.size(), end - chunk * CHUNK)).stream()
                            .map(AttributeValue::s)
                            .toList());
        }
        return letters;
    }

    /**
     * Changes a job; returning the argument means that there is nothing to write.
     *
     * @return the job as it is now, or nothing when there is no such job
     */
    public Optional<ReplayJob> update(String id, UnaryOperator<ReplayJob> change) {
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

    /** Writes {@code after} if nothing was written since {@code before} was read. */
    public Optional<ReplayJob> replace(ReplayJob before, ReplayJob after) {
        var next = after.withRev(before.rev() + 1);
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.putItem(put -> put.tableName(table)
                            .item(item(next))
                            .conditionExpression("#rev = :before")
                            .expressionAttributeNames(Map.of("#rev", "rev"))
                            .expressionAttributeValues(
                                    Map.of(":before", AttributeValue.fromN(String.valueOf(before.rev()))))));
            return Optional.of(next);
        } catch (ConditionalCheckFailedException e) {
            // It may be our own write, whose answer was lost.
            return get(before.id()).filter(next::equals);
        }
    }

    /** Ids of jobs that are to be looked at. The index may be behind. */
    public List<String> due(Instant now, int limit) {
        var found = OrderTable.reach(
                "read",
                () -> dynamo.query(query -> query.tableName(table)
                        .indexName("due")
                        .keyConditionExpression("dueShard = :shard AND dueAt <= :now")
                        .expressionAttributeValues(
                                Map.of(":shard", AttributeValue.fromS(SHARD), ":now", OrderItems.millis(now)))
                        .limit(limit)));
        return ids(found.items());
    }

    /** The latest jobs, the newest first. */
    public List<ReplayJob> latest(int limit) {
        var found = OrderTable.reach(
                "read",
                () -> dynamo.query(query -> query.tableName(table)
                        .indexName("byDay")
                        .keyConditionExpression("clientDay = :list")
                        .expressionAttributeValues(Map.of(":list", AttributeValue.fromS(LIST)))
                        .scanIndexForward(false)
                        .limit(limit)));
        return ids(found.items()).stream()
                .map(this::get)
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<String> ids(List<Map<String, AttributeValue>> items) {
        return items.stream()
                .map(item -> item.get("id").s().substring(PREFIX.length()))
                .toList();
    }

    private static Map<String, AttributeValue> item(ReplayJob job) {
        var item = new HashMap<>(OrderItems.attributes(job));
        item.putAll(key(job.id()));
        if (job.nextAt() != null) {
            item.put("dueShard", AttributeValue.fromS(SHARD));
            item.put("dueAt", OrderItems.millis(job.nextAt()));
        }
        item.put("clientDay", AttributeValue.fromS(LIST));
        item.put(
                "listKey",
                AttributeValue.fromS(String.format(
                        Locale.ROOT, "%013d#%s", job.request().at().toEpochMilli(), job.id())));
        return item;
    }

    private static ReplayJob job(Map<String, AttributeValue> item, String id) {
        var own = new HashMap<>(item);
        own.put("id", AttributeValue.fromS(id));
        return OrderItems.read(own, ReplayJob.class);
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", AttributeValue.fromS(PREFIX + id));
    }

    private static Map<String, AttributeValue> chunkKey(ReplayJob job, int chunk) {
        return key(job.id() + "/" + job.frozen() + "/" + chunk);
    }
}
