package io.orderflow.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.orderflow.domain.Order;
import io.orderflow.domain.Orders;
import io.orderflow.domain.PaymentRules;
import io.orderflow.ledger.Hints;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.orderflow.testing.StripeEvents;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Hints of Stripe's that come before they can be followed: kept, and tried again. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class StripeHintsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    OrderTable orders;

    @Inject
    Hints hints;

    @Inject
    DynamoDbClient dynamo;

    @ConfigProperty(name = "ORDERS_TABLE")
    String table;

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
    void shouldApplyAWebhookThatWasThereBeforeTheOrderKnewItsPayment() {
        // Given: Stripe has opened the intent, and nobody has heard so
        sandbox.fault(Map.of("service", "stripe", "operation", "payment_intents.create", "kind", "lost-answer"));
        var id = Api.place(Api.order()).<String>path("id");
        var intentId = sandbox.intentsOf(id).getFirst().path("id").asText();

        // When
        StripeEvents.call("/v1/payment_intents/" + intentId + "/confirm", Map.of("payment_method", "pm_card_visa"))
                .then()
                .statusCode(200);

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(kept(intentId)).isPresent());
        Api.get(id).then().body("status", equalTo("pending"));
        sandbox.clearFaults();
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            Api.get(id).then().body("status", equalTo("paid")).body("paymentIntentId", equalTo(intentId));
            assertThat(kept(intentId)).isEmpty();
        });
        assertThat(sandbox.intentsOf(id)).hasSize(1);
    }

    @Test
    void shouldApplyAWebhookOfAnOrderThatIsNotHereYet() {
        // Given
        var orderId = OrderId.random();
        var intentId = intent(Map.of("metadata[order_id]", orderId));
        pay(intentId);
        await().atMost(SOON).untilAsserted(() -> assertThat(kept(intentId)).isPresent());

        // When
        var accepted = Order.accepted(orderId, "hint-test", "fingerprint", Orders.details(), Instant.now());
        orders.create(PaymentRules.opened(accepted, intentId, Instant.now()));

        // Then
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            assertThat(orders.get(orderId).orElseThrow().status()).hasToString("paid");
            assertThat(kept(intentId)).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource({"503, 3", "429, 3", "404, 3", "401, 3"})
    void shouldKeepAHintWhileStripeDoesNotShowTheIntent(int status, int events) {
        // Given
        var order = Api.place(Api.order());
        var intentId = order.<String>path("paymentIntentId");
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        pay(intentId);
        var down = sandbox.fault(Map.of(
                "service", "stripe", "operation", "payment_intents.retrieve", "kind", "status", "status", status));
        var body = event(intentId, order.path("id"));

        // When
        for (int i = 0; i < events; i++) {
            StripeEvents.send(body).then().statusCode(200);
        }

        // Then
        assertThat(kept(intentId).orElseThrow().get("times").n()).isEqualTo(String.valueOf(events));
        Api.get(order.path("id")).then().body("status", equalTo("pending"));
        sandbox.endFault(down);
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            Api.get(order.path("id")).then().body("status", equalTo("paid"));
            assertThat(kept(intentId)).isEmpty();
        });
    }

    @Test
    void shouldHaveStripeComeAgainWhenAHintCannotBeKept() {
        // Given
        var order = Api.place(Api.order());
        sandbox.fault(Map.of("service", "stripe", "operation", "payment_intents.retrieve", "kind", "status"));
        sandbox.fault(Map.of("service", "dynamodb", "operation", "UpdateItem", "kind", "status", "status", 400));

        // When
        var answer = StripeEvents.send(event(order.path("paymentIntentId"), order.path("id")));

        // Then
        answer.then().statusCode(503).header("Retry-After", notNullValue());
    }

    @Test
    void shouldLetGoOfIntentsThatAreNotOurs() {
        // Given
        var foreign = intent(Map.of("metadata[cart]", "7"));

        // When
        pay(foreign);
        StripeEvents.send(StripeEvents.event("charge.refunded", foreign)).then().statusCode(200);
        StripeEvents.send(StripeEvents.event("charge.refunded", "pi_unknown"))
                .then()
                .statusCode(200);

        // Then
        assertThat(kept(foreign)).isEmpty();
        assertThat(kept("pi_unknown")).isEmpty();
    }

    @Test
    void shouldNotEvenAskStripeAboutAnIntentThatSaysItselfThatItIsNotOurs() {
        // Given
        var body = StripeEvents.event("payment_intent.succeeded", "pi_foreign")
                .replace("\"payment_intent\":", "\"metadata\": {\"order_id\": \"7\"}, \"payment_intent\":");
        sandbox.resetCalls();

        // When
        StripeEvents.send(body).then().statusCode(200);

        // Then
        assertThat(sandbox.calls()
                        .path("stripe")
                        .path("payment_intents.retrieve")
                        .asInt())
                .isZero();
    }

    @Test
    void shouldGiveUpAfterDaysAndSaySo() {
        // Given
        var orderId = OrderId.random();
        var intentId = intent(Map.of("metadata[order_id]", orderId));
        hints.keep(intentId, orderId, Instant.now().plus(Duration.ofHours(1)));
        change(intentId, "since", Instant.now().minus(Duration.ofDays(4)));

        // When
        change(intentId, "dueAt", Instant.now().minusSeconds(5));

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(kept(intentId)).isEmpty());
        assertThat(sandbox.effects("sqs").toString()).contains(intentId);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(sandbox.alertsOf("stripe", "hint"))
                .extracting(alert -> alert.path("example").asText())
                .anyMatch(example -> example.contains(intentId) && example.contains("order that is not here")));
    }

    @Test
    void shouldKeepAHintWhoseNoticeCannotBeLeft() {
        // Given
        var orderId = OrderId.random();
        var intentId = intent(Map.of("metadata[order_id]", orderId));
        hints.keep(intentId, orderId, Instant.now().plus(Duration.ofHours(1)));
        change(intentId, "since", Instant.now().minus(Duration.ofDays(4)));
        sandbox.resetCalls();
        var silent = sandbox.fault(Map.of("service", "sqs", "operation", "SendMessage", "kind", "status"));

        // When
        change(intentId, "dueAt", Instant.now().minusSeconds(5));

        // Then
        await().atMost(SOON)
                .until(() -> sandbox.calls().path("sqs").path("SendMessage").asInt() > 0);
        assertThat(kept(intentId)).isPresent();
        sandbox.endFault(silent);
        await().atMost(SOON).untilAsserted(() -> assertThat(kept(intentId)).isEmpty());
        assertThat(sandbox.effects("sqs").toString()).contains(intentId);
    }

    @Test
    void shouldBeTakenByOneAtATimeAndFollowedOnceMoreWhenItCameAgain() {
        // Given
        var intentId = "pi_" + System.nanoTime();
        var id = "hint/" + intentId;
        hints.keep(intentId, null, Instant.now());

        // When
        var taken = hints.take(id, Duration.ofMinutes(5));
        var second = hints.take(id, Duration.ofMinutes(5));
        hints.keep(intentId, null, Instant.now());
        hints.forget(taken.orElseThrow());

        // Then
        assertThat(Hints.isOne(id)).isTrue();
        assertThat(second).isEmpty();
        assertThat(kept(intentId)).isPresent();
        hints.putOff(taken.get(), Instant.now().minusSeconds(1));
        var again = hints.take(id, Duration.ofMinutes(5)).orElseThrow();
        assertThat(again.tries()).isEqualTo(2);
        hints.forget(taken.get());
        assertThat(kept(intentId)).isPresent();
        hints.forget(again);
        assertThat(kept(intentId)).isEmpty();
    }

    private static String intent(Map<String, String> more) {
        var form = new HashMap<>(Map.of("amount", "2500", "currency", "usd"));
        form.put("automatic_payment_methods[enabled]", "true");
        form.put("automatic_payment_methods[allow_redirects]", "never");
        form.putAll(more);
        return StripeEvents.call("/v1/payment_intents", form).path("id");
    }

    private static void pay(String intentId) {
        StripeEvents.call("/v1/payment_intents/" + intentId + "/confirm", Map.of("payment_method", "pm_card_visa"))
                .then()
                .statusCode(200);
    }

    private static String event(String intentId, String orderId) {
        return StripeEvents.event("payment_intent.succeeded", intentId)
                .replace(
                        "\"payment_intent\":",
                        "\"metadata\": {\"order_id\": \"" + orderId + "\"}, \"payment_intent\":");
    }

    private void change(String intentId, String attribute, Instant at) {
        dynamo.updateItem(update -> update.tableName(table)
                .key(Map.of("id", AttributeValue.fromS("hint/" + intentId)))
                .updateExpression("SET #name = :at")
                .expressionAttributeNames(Map.of("#name", attribute))
                .expressionAttributeValues(Map.of(":at", AttributeValue.fromN(String.valueOf(at.toEpochMilli())))));
    }

    private Optional<Map<String, AttributeValue>> kept(String intentId) {
        var found = dynamo.getItem(get -> get.tableName(table)
                .key(Map.of("id", AttributeValue.fromS("hint/" + intentId)))
                .consistentRead(true));
        return found.hasItem() ? Optional.of(found.item()) : Optional.empty();
    }
}
