package io.orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.orderflow.delivery.Breakers;
import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Payments of which nothing is heard. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
@TestProfile(ReconciliationTest.Impatient.class)
class ReconciliationTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    /** Scaled by a tenth: Stripe is asked after a second, and an unpaid order cancelled after fifteen. */
    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("orderflow.payments.first-check", "10s", "orderflow.payments.cancel-unpaid-after", "150s");
        }
    }

    @Inject
    Breakers breakers;

    private SandboxClient sandbox;

    @BeforeEach
    void setUp() {
        breakers.breaker("stripe-payment-intents").reset();
        sandbox = SandboxResource.client();
    }

    @AfterEach
    void healAll() {
        sandbox.clearFaults();
    }

    @Test
    void shouldHealALostWebhook() {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        var order = Api.place(Api.order());

        // When
        pay(order, "pm_card_visa");

        // Then
        awaitStatus(order.path("id"), "paid", "succeeded");
        await().atMost(SOON).until(() -> sandbox.mailsOf(order.path("id")).contains("payment.succeeded"));
    }

    @Test
    void shouldHealALostWebhookOfADecline() {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        var order = Api.place(Api.order());

        // When
        pay(order, "pm_card_chargeDeclined");

        // Then
        awaitStatus(order.path("id"), "pending", "failed");
    }

    @Test
    void shouldAskAgainWhenStripeWasAwayMeanwhile() {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        var order = Api.place(Api.order());
        pay(order, "pm_card_visa");

        // When
        sandbox.fault(
                Map.of("service", "stripe", "operation", "payment_intents.retrieve", "kind", "status", "seconds", 3));

        // Then
        awaitStatus(order.path("id"), "paid", "succeeded");
    }

    @Test
    void shouldCancelAnOrderThatNobodyPays() {
        // Given
        var id = Api.place(Api.order()).<String>path("id");

        // Then
        awaitStatus(id, "cancelled", "cancelled");
        assertThat(sandbox.intentsOf(id))
                .extracting(intent -> intent.path("status").asText())
                .containsExactly("canceled");
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.mailsOf(id))
                .containsExactly("order.created", "order.cancelled"));
        Api.timeline(id).then().body("events.find { it.type == 'order.cancelled' }.data.reason", equalTo("unpaid"));
    }

    @Test
    void shouldNotCancelWhatWasPaidUnheard() {
        // Given
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        var first =
                sandbox.fault(Map.of("service", "stripe", "operation", "payment_intents.retrieve", "kind", "status"));
        var order = Api.place(Api.order());
        pay(order, "pm_card_visa");

        // When: it is too old long before Stripe answers
        var tooOld = Instant.parse(order.<String>path("createdAt")).plusSeconds(16);
        await().atMost(SOON).until(() -> Instant.now().isAfter(tooOld));
        sandbox.endFault(first);

        // Then
        awaitStatus(order.path("id"), "paid", "succeeded");
        assertThat(sandbox.mailsOf(order.path("id"))).doesNotContain("order.cancelled");
    }

    @Test
    void shouldCancelTheTwinOfAnIntentWhoseFirstAnswerWasAnError() {
        // Given: the intent is made, the answer says 500, and the next one is asked for under another key
        sandbox.fault(Map.of("service", "stripe", "kind", "webhook-lost"));
        sandbox.fault(Map.of(
                "service",
                "stripe",
                "operation",
                "payment_intents.create",
                "kind",
                "status-after",
                "status",
                500,
                "times",
                1));
        var id = Api.place(Api.order()).<String>path("id");

        // Then
        await().atMost(SOON).untilAsserted(() -> {
            var payable = Api.get(id).<String>path("paymentIntentId");
            assertThat(sandbox.intentsOf(id))
                    .extracting(intent -> intent.path("id").asText().equals(payable) + " "
                            + intent.path("status").asText())
                    .containsExactlyInAnyOrder("true requires_payment_method", "false canceled");
        });
    }

    private void pay(Response order, String card) {
        sandbox.pay(SandboxResource.publishableKey(), order.path("paymentIntentId"), order.path("clientSecret"), card);
    }

    private static void awaitStatus(String id, String status, String paymentStatus) {
        await().atMost(SOON).untilAsserted(() -> Api.get(id)
                .then()
                .body("status", equalTo(status))
                .body("paymentStatus", equalTo(paymentStatus)));
    }
}
