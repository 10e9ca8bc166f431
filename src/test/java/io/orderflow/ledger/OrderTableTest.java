package io.orderflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orderflow.domain.Action;
import io.orderflow.domain.Claim;
import io.orderflow.domain.DeadLetterRules;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.Orders;
import io.orderflow.domain.Outcome;
import io.orderflow.domain.PaymentRules;
import io.orderflow.domain.PaymentSnapshot;
import io.orderflow.domain.SheetState;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class OrderTableTest {

    @Inject
    OrderTable orders;

    @Inject
    Leases leases;

    @Inject
    DynamoDbClient dynamo;

    private SandboxClient sandbox;

    @BeforeEach
    void setUp() {
        sandbox = SandboxResource.client();
    }

    @AfterEach
    void healAll() {
        sandbox.clearFaults();
    }

    @Test
    void shouldGiveBackWhatWasStored() {
        // Given: far in the future, so that no worker takes it up
        var order = newOrder();

        // When
        orders.create(order);

        // Then
        assertThat(orders.get(order.id())).contains(order);
    }

    @Test
    void shouldNotOverwriteAnOrder() {
        // Given
        var order = newOrder();
        orders.create(order);

        // When
        var creation = orders.create(order.withSheet(new SheetState(1, 7)));

        // Then
        assertThat(creation).isEqualTo(new OrderTable.Creation.Existing(order));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost-answer", "status-after"})
    void shouldRecogniseItsOwnCreationWhoseAnswerWasLost(String fault) {
        // Given
        var order = newOrder();
        strike("PutItem", fault);

        // When
        var creation = orders.create(order);

        // Then
        assertThat(creation).isEqualTo(new OrderTable.Creation.Created(order));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost-answer", "status-after"})
    void shouldRecogniseItsOwnChangeWhoseAnswerWasLost(String fault) {
        // Given
        var order = newOrder();
        orders.create(order);
        strike("UpdateItem", fault);

        // When
        var written = orders.replace(order, order.withSheet(new SheetState(1, 7)));

        // Then
        assertThat(written).isPresent();
        assertThat(orders.get(order.id())).isEqualTo(written);
        assertThat(written.orElseThrow().rev()).isEqualTo(order.rev() + 1);
    }

    @Test
    void shouldNotWriteOverAnothersChange() {
        // Given
        var order = newOrder();
        orders.create(order);
        orders.replace(order, order.withSheet(new SheetState(1, 7)));

        // When
        var late = orders.replace(order, order.withSheet(new SheetState(1, 8)));

        // Then
        assertThat(late).isEmpty();
        assertThat(orders.get(order.id()).orElseThrow().sheet().row()).isEqualTo(7);
    }

    @Test
    void shouldLoseNoneOfManyChangesAtOnce() throws Exception {
        // Given
        var order = newOrder();
        orders.create(order);

        // When
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, 5)
                    .mapToObj(i -> pool.submit(() -> orders.update(
                            order.id(),
                            now -> now.withSheet(new SheetState(1, now.sheet().row() + 1)))))
                    .toList();
            for (var one : all) {
                one.get();
            }
        }

        // Then
        assertThat(orders.get(order.id()).orElseThrow().sheet().row()).isEqualTo(5);
    }

    @Test
    void shouldLeaveAloneWhatANewerVersionHasWritten() {
        // Given
        var order = newOrder();
        orders.create(order);
        set(order, "schema", AttributeValue.fromN("4"));

        // Then
        assertThatThrownBy(() -> orders.update(order.id(), now -> now.withSheet(new SheetState(1, 7))))
                .isInstanceOf(LedgerException.NewerSchema.class);
    }

    @Test
    void shouldKeepTheOldSchemaForWhatAnOlderVersionCanRead() {
        // Given
        var order = refused();
        var task = DeadLetterRules.dead(order).getFirst();
        var action = new Action(
                "a",
                Action.Kind.ABANDONED,
                order.createdAt(),
                "shop",
                "Why",
                task.eventId(),
                task.integration(),
                Map.of());

        // When
        orders.create(order);
        var before = schema(order);
        orders.update(order.id(), now -> DeadLetterRules.abandoned(now, action));

        // Then
        assertThat(before).isEqualTo("1");
        assertThat(schema(order)).isEqualTo("2");
        assertThat(orders.get(order.id()).orElseThrow().actions()).containsExactly(action);
    }

    private static Order refused() {
        var order = newOrder();
        var now = order.createdAt();
        var claimed = DeliveryRules.claim(
                        order, Orders.SUBSCRIPTIONS, name -> true, new Claim("t", now.plusSeconds(60)), now)
                .orElseThrow();
        Outcome refused = new Outcome.Buried("http-400", "No", Outcome.End.REFUSED);
        return DeliveryRules.settle(
                claimed.order(),
                "t",
                claimed.tasks().stream().collect(Collectors.toMap(task -> task, task -> refused)),
                Orders.SUBSCRIPTIONS,
                now);
    }

    private String schema(Order order) {
        return dynamo.getItem(get -> get.tableName("orders").key(Map.of("id", AttributeValue.fromS(order.id()))))
                .item()
                .get("schema")
                .n();
    }

    @Test
    void shouldLeaveOutOfAListWhatOnlyANewerVersionCanRead() {
        // Given
        var known = newOrder();
        var newer = newOrder();
        orders.create(known);
        orders.create(newer);
        set(newer, "schema", AttributeValue.fromN("4"));
        set(newer, "status", AttributeValue.fromS("returned"));

        // Then
        assertThat(orders.get(List.of(newer.id(), known.id()))).containsExactly(known);
        assertThatThrownBy(() -> orders.get(newer.id())).isInstanceOf(LedgerException.NewerSchema.class);
    }

    @Test
    void shouldStayFarBelowTheLargestItemWhateverHappensToAnOrder() {
        // Given
        var order = newOrder();
        orders.create(order);

        // When: a hundred declined cards, and an hour of failures for each integration at every event
        for (int i = 0; i < 100; i++) {
            var seen = new PaymentSnapshot(
                    "pi_1",
                    PaymentSnapshot.IntentStatus.REQUIRES_PAYMENT_METHOD,
                    "Declined",
                    "ch_" + i,
                    false,
                    List.of());
            orders.update(
                    order.id(),
                    now -> worked(PaymentRules.observe(
                            PaymentRules.opened(now, "pi_1", order.createdAt()), seen, order.createdAt())));
        }

        // Then
        var item = dynamo.getItem(get -> get.tableName("orders").key(Map.of("id", AttributeValue.fromS(order.id()))))
                .item();
        assertThat(OrderItems.size(item)).isLessThan(300_000);
    }

    /** The order after its due deliveries have failed ten times with long errors, and then ended. */
    private static Order worked(Order order) {
        var now = order.createdAt();
        var result = order;
        for (int i = 0; i < 11; i++) {
            var claimed = DeliveryRules.claim(
                    result, Orders.SUBSCRIPTIONS, name -> true, new Claim("t", now.plusSeconds(60)), now);
            if (claimed.isEmpty()) {
                return result;
            }
            Outcome outcome =
                    i < 10 ? new Outcome.Parked("http-503", "x".repeat(300), now, false) : new Outcome.Done(null);
            var outcomes = claimed.get().tasks().stream().collect(Collectors.toMap(task -> task, task -> outcome));
            result = DeliveryRules.settle(claimed.get().order(), "t", outcomes, Orders.SUBSCRIPTIONS, now);
        }
        return result;
    }

    @Test
    void shouldKeepAttributesThatItDoesNotKnow() {
        // Given
        var order = newOrder();
        orders.create(order);
        set(order, "loyalty", AttributeValue.fromS("gold"));

        // When
        orders.update(order.id(), now -> now.withSheet(new SheetState(1, 7)));

        // Then
        var item = dynamo.getItem(get -> get.tableName("orders").key(Map.of("id", AttributeValue.fromS(order.id()))))
                .item();
        assertThat(item.get("loyalty").s()).isEqualTo("gold");
    }

    @Test
    void shouldSayThatTheLedgerCannotBeReached() {
        // Given
        sandbox.fault(Map.of("service", "dynamodb", "operation", "GetItem", "kind", "status", "status", 500));

        // Then
        assertThatThrownBy(() -> orders.get(newOrder().id())).isInstanceOf(LedgerException.class);
    }

    @Test
    void shouldLetOneHolderAtATimeHaveALease() {
        // Given
        var name = "test-" + OrderId.random();
        var held = leases.take(name, null, Duration.ofMinutes(1)).orElseThrow();

        // Then
        assertThat(leases.take(name, null, Duration.ofMinutes(1))).isEmpty();
        assertThat(leases.take(name, held, Duration.ofMinutes(2))).isPresent();
        leases.release(held);
        assertThat(leases.take(name, null, Duration.ofMinutes(1))).isPresent();
    }

    private static Order newOrder() {
        var future = Instant.parse("2040-01-01T00:00:00Z");
        return Order.accepted(OrderId.random(), "ledger-test", "fingerprint", Orders.details(), future)
                .withSheet(new SheetState(1, 0));
    }

    private void strike(String operation, String fault) {
        sandbox.fault(Map.of("service", "dynamodb", "operation", operation, "kind", fault, "status", 500, "times", 1));
    }

    private void set(Order order, String name, AttributeValue value) {
        dynamo.updateItem(update -> update.tableName("orders")
                .key(Map.of("id", AttributeValue.fromS(order.id())))
                .updateExpression("SET #name = :value")
                .expressionAttributeNames(Map.of("#name", name))
                .expressionAttributeValues(Map.of(":value", value)));
    }
}
