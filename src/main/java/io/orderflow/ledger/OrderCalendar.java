package io.orderflow.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * On which days a client has placed orders, so that a list of all its orders need not look at the days between.
 *
 * <p>One item a client with a set of days (UTC), written once a day and instance, before the first order of the day: a
 * day without orders in it does no harm, an order on a day that is missing would not be listed.
 */
@ApplicationScoped
public class OrderCalendar {

    private record ClientDay(String client, LocalDate day) {}

    private final DynamoDbClient dynamo;
    private final String table;
    private final Set<ClientDay> noted = ConcurrentHashMap.newKeySet();

    OrderCalendar(DynamoDbClient dynamo, AwsConfig config) {
        this.dynamo = dynamo;
        this.table = config.ordersTable();
    }

    /**
     * Notes that the client places an order.
     *
     * @throws LedgerException when that cannot be written
     */
    public void note(String client, Instant at) {
        var today = new ClientDay(client, at.atZone(ZoneOffset.UTC).toLocalDate());
        if (noted.contains(today)) {
            return;
        }
        OrderTable.reach(
                "write",
                () -> dynamo.updateItem(update -> update.tableName(table)
                        .key(key(client))
                        .updateExpression("ADD #days :day")
                        .expressionAttributeNames(Map.of("#days", "days"))
                        .expressionAttributeValues(Map.of(
                                ":day",
                                AttributeValue.fromSs(List.of(today.day().toString()))))));
        noted.removeIf(old -> old.day().isBefore(today.day().minusDays(1)));
        noted.add(today);
    }

    /**
     * The days with orders of the client, newest first.
     *
     * @throws LedgerException when they cannot be read
     */
    public List<LocalDate> days(String client) {
        var found = OrderTable.reach(
                "read",
                () -> dynamo.getItem(
                        get -> get.tableName(table).key(key(client)).consistentRead(true)));
        return found.hasItem()
                ? found.item().get("days").ss().stream()
                        .map(LocalDate::parse)
                        .sorted((a, b) -> b.compareTo(a))
                        .toList()
                : List.of();
    }

    private static Map<String, AttributeValue> key(String client) {
        return Map.of("id", AttributeValue.fromS("calendar/" + client));
    }
}
