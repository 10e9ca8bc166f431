package io.orderflow.webhook;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.orderflow.testing.StripeEvents;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Stripe's webhook believes, and what it does not. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class StripeWebhookTest {

    private SandboxClient sandbox;
    private Response order;
    private String orderId;
    private String intentId;

    @BeforeEach
    void placeAnOrder() {
        sandbox = SandboxResource.client();
        order = Api.place(Api.order());
        orderId = order.path("id");
        intentId = order.path("paymentIntentId");
    }

    @AfterEach
    void healAll() {
        sandbox.clearFaults();
    }

    @Test
    void shouldNotBelieveAForgedEvent() {
        // Given
        var body = succeeded(intentId);

        // When
        var answer = StripeEvents.send(body, StripeEvents.signature(body, Instant.now(), "whsec_" + "0".repeat(32)));

        // Then
        answer.then().statusCode(400).body("type", equalTo("urn:orderflow:problem:bad-signature"));
        Api.get(orderId).then().body("paymentStatus", equalTo("pending"));
    }

    @Test
    void shouldNotBelieveABodyThatWasChangedOrCutOffOnItsWay() {
        // Given
        var body = succeeded(intentId);
        var signature = StripeEvents.signature(body, Instant.now(), StripeEvents.secret());

        // Then
        StripeEvents.send(body.replace("succeeded", "canceled"), signature)
                .then()
                .statusCode(400);
        StripeEvents.send(body.substring(0, body.length() - 1), signature)
                .then()
                .statusCode(400);
        StripeEvents.send(body.replace(" ", ""), signature).then().statusCode(400);
    }

    @Test
    void shouldNotTakeAnEventThatIsReplayedLater() {
        // Given
        var body = succeeded(intentId);

        // When
        var answer = StripeEvents.send(
                body, StripeEvents.signature(body, Instant.now().minus(Duration.ofMinutes(6)), StripeEvents.secret()));

        // Then
        answer.then().statusCode(400);
    }

    @Test
    void shouldRefuseAnEventWithoutASignature() {
        // When
        var answer = given().contentType("application/json")
                .body(succeeded(intentId))
                .post("/webhooks/stripe");

        // Then
        answer.then().statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "t", "v1", "t=1", "t=1,v1", "t=abc,v1=x", "t=,v1=a", "t=99999999999999999999,v1=a", ",=,"})
    void shouldRefuseASignatureThatIsNone(String signature) {
        // Then
        StripeEvents.send(succeeded(intentId), signature).then().statusCode(400);
        given().contentType("application/json")
                .header("Stripe-Signature", signature)
                .post("/webhooks/stripe")
                .then()
                .statusCode(400);
    }

    @Test
    void shouldAskStripeRatherThanBelieveWhatAnEventSays() {
        // Given
        var body = succeeded(intentId);

        // When
        var answer = StripeEvents.send(body);

        // Then
        answer.then().statusCode(200);
        Api.get(orderId).then().body("status", equalTo("pending")).body("paymentStatus", equalTo("pending"));
    }

    @Test
    void shouldNotAskStripeAboutWhatComesBesideNews() {
        // Given
        var body = succeeded(intentId).replace("payment_intent.succeeded", "charge.succeeded");
        sandbox.resetCalls();

        // When
        var answer = StripeEvents.send(body);

        // Then
        answer.then().statusCode(200);
        assertThat(sandbox.calls()
                        .path("stripe")
                        .path("payment_intents.retrieve")
                        .asInt())
                .isZero();
    }

    @Test
    void shouldTakeTheSameEventManyTimesAndActOnce() {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-duplicate"));

        // When
        sandbox.pay(SandboxResource.publishableKey(), intentId, order.path("clientSecret"), "pm_card_visa");

        // Then
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            Api.get(orderId).then().body("status", equalTo("paid"));
            assertThat(sandbox.mailsOf(orderId)).containsExactly("order.created", "payment.succeeded");
        });
        var body = succeeded(intentId);
        StripeEvents.send(body).then().statusCode(200);
        assertThat(Api.timeline(orderId).<java.util.List<String>>path("events.type"))
                .containsExactly("order.created", "payment.succeeded");
    }

    @ParameterizedTest
    @CsvSource({
        "payment_intent.succeeded,      pm_card_visa,                 succeeded",
        "payment_intent.payment_failed, pm_card_visa_chargeDeclined,  failed",
        "payment_intent.processing,     pm_usBankAccount_processing,  processing",
        "charge.dispute.created,        pm_card_createDispute,        disputed",
    })
    void shouldApplyWhatBecameOfAPayment(String type, String paymentMethod, String paymentStatus) {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        StripeEvents.call("/v1/payment_intents/" + intentId + "/confirm", Map.of("payment_method", paymentMethod));

        // Then
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            StripeEvents.send(StripeEvents.event(type, intentId)).then().statusCode(200);
            Api.get(orderId).then().body("paymentStatus", equalTo(paymentStatus));
        });
    }

    @Test
    void shouldApplyThatAPaymentWasCancelledAtStripe() {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        StripeEvents.call("/v1/payment_intents/" + intentId + "/cancel", Map.of())
                .then()
                .statusCode(200);

        // When
        StripeEvents.send(StripeEvents.event("payment_intent.canceled", intentId))
                .then()
                .statusCode(200);

        // Then
        Api.get(orderId).then().body("paymentStatus", equalTo("cancelled"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"charge.refunded", "refund.updated", "charge.refund.updated"})
    void shouldApplyARefundThatWasMadeAtStripe(String type) {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        pay("pm_card_visa");
        StripeEvents.call("/v1/refunds", Map.of("payment_intent", intentId, "amount", "500"))
                .then()
                .statusCode(200);

        // When
        StripeEvents.send(StripeEvents.event(type, intentId)).then().statusCode(200);

        // Then
        Api.get(orderId).then().body("paymentStatus", equalTo("partially_refunded"));
        assertThat(events(orderId)).containsExactly("order.created", "payment.succeeded", "payment.refunded");
    }

    @Test
    void shouldGoForwardOnlyWhenEventsComeInReverse() {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        pay("pm_card_visa_chargeDeclined");
        pay("pm_card_visa");

        // When
        for (var type :
                List.of("payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing")) {
            StripeEvents.send(StripeEvents.event(type, intentId)).then().statusCode(200);
        }

        // Then
        Api.get(orderId).then().body("status", equalTo("paid")).body("paymentStatus", equalTo("succeeded"));
        assertThat(events(orderId)).containsExactly("order.created", "payment.succeeded");
    }

    @Test
    void shouldActOnceOnTenEventsAtTheSameMoment() throws Exception {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        pay("pm_card_visa");
        var calls = IntStream.range(0, 10)
                .<Callable<Response>>mapToObj(number -> () -> StripeEvents.send(succeeded(intentId)))
                .toList();

        // When
        try (var callers = Executors.newFixedThreadPool(10)) {
            for (var answer : callers.invokeAll(calls)) {
                answer.get().then().statusCode(200);
            }
        }

        // Then
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            Api.get(orderId).then().body("status", equalTo("paid"));
            assertThat(sandbox.mailsOf(orderId)).containsExactly("order.created", "payment.succeeded");
        });
        assertThat(events(orderId)).containsExactly("order.created", "payment.succeeded");
    }

    @Test
    void shouldTakeWebhooksThatComeLate() {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-late", "delayMillis", 3000));

        // When
        pay("pm_card_visa");

        // Then
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> Api.get(orderId).then().body("status", equalTo("paid")));
    }

    @Test
    void shouldBelieveEachOfTheSecretsWhileTheyAreRotated() {
        // Given
        var body = succeeded(intentId);

        // Then
        StripeEvents.send(body, StripeEvents.signature(body, Instant.now(), "whsec_retired"))
                .then()
                .statusCode(200);
        StripeEvents.send(body).then().statusCode(200);
    }

    @Test
    void shouldSignTheBytesAsTheyCame() {
        // Given: a letter that a reader of text would replace, and Stripe would not have sent
        var body = succeeded(intentId).replace("evt_1", "evt_\uFFFD");
        var signature = StripeEvents.signature(body, Instant.now(), StripeEvents.secret());
        var bytes = new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                .replace("\u00ef\u00bf\u00bd", "\u00ff")
                .getBytes(StandardCharsets.ISO_8859_1);

        // When
        var answer = given().header("Stripe-Signature", signature)
                .contentType("application/json")
                .body(bytes)
                .post("/webhooks/stripe");

        // Then
        answer.then().statusCode(400);
        StripeEvents.send(body, signature).then().statusCode(200);
    }

    private void pay(String paymentMethod) {
        sandbox.pay(SandboxResource.publishableKey(), intentId, order.path("clientSecret"), paymentMethod);
    }

    @Test
    void shouldTakeEventsThatAreOfNoInterest() {
        // Given
        var body =
                "{\"id\": \"evt_1\", \"type\": \"customer.created\", \"data\": {\"object\": {\"object\": \"customer\"}}}";

        // When
        var answer = StripeEvents.send(body);

        // Then
        answer.then().statusCode(200);
    }

    private static String succeeded(String intentId) {
        return StripeEvents.event("payment_intent.succeeded", intentId);
    }

    private static List<String> events(String orderId) {
        return Api.timeline(orderId).path("events.type");
    }
}
