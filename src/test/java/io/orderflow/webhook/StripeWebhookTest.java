package io.orderflow.webhook;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.stripe.net.Webhook;
import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Stripe's webhook believes, and what it does not. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class StripeWebhookTest {

    @ConfigProperty(name = "STRIPE_WEBHOOK_SECRET")
    String secret;

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
    void shouldNotBelieveAForgedEvent() throws Exception {
        // Given
        var body = succeeded(intentId);

        // When
        var answer = send(body, signature(body, Instant.now(), "whsec_" + "0".repeat(32)));

        // Then
        answer.then().statusCode(400).body("type", equalTo("urn:orderflow:problem:bad-signature"));
        Api.get(orderId).then().body("paymentStatus", equalTo("pending"));
    }

    @Test
    void shouldNotBelieveABodyThatWasChangedOnItsWay() throws Exception {
        // Given
        var body = succeeded(intentId);
        var signature = signature(body, Instant.now(), secret);

        // When
        var answer = send(body.replace("succeeded", "canceled"), signature);

        // Then
        answer.then().statusCode(400);
    }

    @Test
    void shouldNotTakeAnEventThatIsReplayedLater() throws Exception {
        // Given
        var body = succeeded(intentId);

        // When
        var answer = send(body, signature(body, Instant.now().minus(Duration.ofMinutes(6)), secret));

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
        send(succeeded(intentId), signature).then().statusCode(400);
        given().contentType("application/json")
                .header("Stripe-Signature", signature)
                .post("/webhooks/stripe")
                .then()
                .statusCode(400);
    }

    @Test
    void shouldAskStripeRatherThanBelieveWhatAnEventSays() throws Exception {
        // Given
        var body = succeeded(intentId);

        // When
        var answer = send(body, signature(body, Instant.now(), secret));

        // Then
        answer.then().statusCode(200);
        Api.get(orderId).then().body("status", equalTo("pending")).body("paymentStatus", equalTo("pending"));
    }

    @Test
    void shouldNotAskStripeAboutWhatComesBesideNews() throws Exception {
        // Given
        var body = succeeded(intentId).replace("payment_intent.succeeded", "charge.succeeded");
        sandbox.resetCalls();

        // When
        var answer = send(body, signature(body, Instant.now(), secret));

        // Then
        answer.then().statusCode(200);
        assertThat(sandbox.calls()
                        .path("stripe")
                        .path("payment_intents.retrieve")
                        .asInt())
                .isZero();
    }

    @Test
    void shouldTakeTheSameEventManyTimesAndActOnce() throws Exception {
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
        send(body, signature(body, Instant.now(), secret)).then().statusCode(200);
        assertThat(Api.timeline(orderId).<java.util.List<String>>path("events.type"))
                .containsExactly("order.created", "payment.succeeded");
    }

    @Test
    void shouldHaveStripeComeAgainWhenItCannotBeAsked() throws Exception {
        // Given
        var body = succeeded(intentId);
        sandbox.fault(Map.of("service", "stripe", "operation", "payment_intents.retrieve", "kind", "status"));

        // When
        var answer = send(body, signature(body, Instant.now(), secret));

        // Then
        answer.then().statusCode(503).header("Retry-After", org.hamcrest.Matchers.notNullValue());
    }

    @Test
    void shouldTakeEventsThatAreOfNoInterest() throws Exception {
        // Given
        var body =
                "{\"id\": \"evt_1\", \"type\": \"customer.created\", \"data\": {\"object\": {\"object\": \"customer\"}}}";

        // When
        var answer = send(body, signature(body, Instant.now(), secret));

        // Then
        answer.then().statusCode(200);
    }

    private static String succeeded(String intentId) {
        return """
                {"id": "evt_1", "object": "event", "type": "payment_intent.succeeded",
                 "data": {"object": {"id": "%s", "object": "payment_intent", "status": "succeeded"}}}""".formatted(intentId);
    }

    private static Response send(String body, String signature) {
        return given().header("Stripe-Signature", signature)
                .contentType("application/json")
                .body(body)
                .post("/webhooks/stripe");
    }

    private static String signature(String body, Instant at, String secret)
            throws NoSuchAlgorithmException, InvalidKeyException {
        var time = at.getEpochSecond();
        return "t=" + time + ",v1=" + Webhook.Util.computeHmacSha256(secret, time + "." + body);
    }
}
