package io.orderflow.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Leases, for what only one instance may do at a time. Every method throws {@link LedgerException} on a failure. */
@ApplicationScoped
public class Leases {

    private static final Logger LOG = Logger.getLogger(Leases.class);

    private final DynamoDbClient dynamo;
    private final String table;
    private final Clock clock;

    Leases(DynamoDbClient dynamo, AwsConfig config, Clock clock) {
        this.dynamo = dynamo;
        this.table = config.ordersTable();
        this.clock = clock;
    }

    /**
     * A lease that is held.
     *
     * @param token made afresh when the lease passes to a new holder, and kept when it is renewed
     * @param until when it ends by itself
     */
    public record Lease(String name, String token, Instant until) {}

    /**
     * Takes the lease when it is free, or renews the one held.
     *
     * @param held the lease as last had by this instance, or null
     * @return nothing when another holds it
     */
    public Optional<Lease> take(String name, Lease held, Duration duration) {
        var now = clock.instant();
        var lease = new Lease(name, held == null ? UUID.randomUUID().toString() : held.token(), now.plus(duration));
        var values = new HashMap<String, AttributeValue>();
        values.put(":now", OrderItems.millis(now));
        values.put(":until", OrderItems.millis(lease.until()));
        values.put(":token", AttributeValue.fromS(lease.token()));
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.updateItem(update -> update.tableName(table)
                            .key(Map.of("id", AttributeValue.fromS("lease/" + name)))
                            .updateExpression("SET #token = :token, #until = :until")
                            .conditionExpression("attribute_not_exists(id) OR #until < :now OR #token = :token")
                            .expressionAttributeNames(Map.of("#token", "token", "#until", "until"))
                            .expressionAttributeValues(values)
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.NONE)));
            return Optional.of(lease);
        } catch (ConditionalCheckFailedException e) {
            return Optional.empty();
        }
    }

    /** Gives a lease back, so that the next holder need not wait for its end. */
    public void release(Lease lease) {
        try {
            OrderTable.reach(
                    "write",
                    () -> dynamo.deleteItem(delete -> delete.tableName(table)
                            .key(Map.of("id", AttributeValue.fromS("lease/" + lease.name())))
                            .conditionExpression("#token = :token")
                            .expressionAttributeNames(Map.of("#token", "token"))
                            .expressionAttributeValues(Map.of(":token", AttributeValue.fromS(lease.token())))));
        } catch (ConditionalCheckFailedException e) {
            LOG.debugf("The lease %s had passed to another", lease.name());
        }
    }
}
