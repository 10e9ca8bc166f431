package io.orderflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.domain.Action;
import io.orderflow.domain.DeadLetterRules;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.Orders;
import io.orderflow.domain.Receipt;
import io.orderflow.domain.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class OrderItemsTest {

    @Test
    void shouldKeepWhatAReceiverHasTold() {
        // Given
        var order = DeliveryRules.prepare(Orders.accepted(), Orders.SUBSCRIPTIONS, Orders.NOON);
        var mail = new Task(order.events().getFirst().id(), "sendgrid");
        var receipt = new Receipt("e-1", Receipt.Kind.BOUNCE, Orders.NOON, "550 No");
        var told = DeliveryRules.taken(order, mail, "mail-1", List.of(receipt), Orders.NOON);

        // Then
        assertThat(OrderItems.toOrder(OrderItems.toItem(told))).isEqualTo(told);
    }

    @Test
    void shouldReadItemsThatWereWrittenBeforeThereWereReceipts() {
        // Given
        Order order = DeliveryRules.prepare(Orders.accepted(), Orders.SUBSCRIPTIONS, Orders.NOON);
        var item = new HashMap<>(OrderItems.toItem(order));
        item.replaceAll((name, value) -> without("receipts", value));

        // Then
        assertThat(item.toString()).doesNotContain("receipts");
        assertThat(OrderItems.toOrder(item)).isEqualTo(order);
    }

    @Test
    void shouldKeepFromOldVersionsWhatTheyWouldWriteWithout() {
        // Given
        var order = DeliveryRules.prepare(Orders.accepted(), Orders.SUBSCRIPTIONS, Orders.NOON);
        var mail = new Task(order.events().getFirst().id(), "sendgrid");
        var receipt = new Receipt("e-1", Receipt.Kind.BOUNCE, Orders.NOON, "550 No");
        var action = new Action(
                "job-1",
                Action.Kind.REPLAYED,
                Orders.NOON,
                "shop",
                "Why",
                mail.eventId(),
                mail.integration(),
                Map.of());

        // Then
        assertThat(OrderItems.schema(OrderItems.toItem(order))).isEqualTo(1);
        assertThat(OrderItems.schema(
                        OrderItems.toItem(DeliveryRules.taken(order, mail, "mail-1", List.of(receipt), Orders.NOON))))
                .isEqualTo(2);
        assertThat(OrderItems.schema(OrderItems.toItem(DeadLetterRules.replayed(order, action))))
                .isEqualTo(2);
    }

    private static AttributeValue without(String name, AttributeValue value) {
        return switch (value.type()) {
            case M ->
                AttributeValue.fromM(value.m().entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(name))
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> without(name, entry.getValue()))));
            case L ->
                AttributeValue.fromL(value.l().stream()
                        .map(element -> without(name, element))
                        .toList());
            default -> value;
        };
    }
}
