package io.orderflow.sandbox.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.stripe.Stripe;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.net.Webhook;
import com.stripe.param.EventListParams;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhooksTest extends StripeTest {

    private static StripeSandbox.Delivery delivery(String type) {
        return await().until(
                        () -> stripe.inbox().stream()
                                .filter(each -> each.type().equals(type))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void shouldSignSoThatStripesOwnClientTakesIt() throws SignatureVerificationException {
        // Given
        var intent = stripe.postOnce(
                        "key-1",
                        "/v1/payment_intents",
                        "amount",
                        "1000",
                        "currency",
                        "usd",
                        "payment_method",
                        "pm_card_visa",
                        "confirm",
                        "true")
                .json();

        // When
        var delivery = delivery("payment_intent.succeeded");

        // Then
        var event = Webhook.constructEvent(delivery.body(), delivery.signature(), stripe.webhookSecret());
        var paid = (PaymentIntent) event.getDataObjectDeserializer().getObject().orElseThrow();
        assertThat(event.getId()).startsWith("evt_");
        assertThat(event.getApiVersion()).isEqualTo(Stripe.API_VERSION);
        assertThat(event.getLivemode()).isFalse();
        assertThat(event.getRequest().getId()).startsWith("req_");
        assertThat(event.getRequest().getIdempotencyKey()).isEqualTo("key-1");
        assertThat(paid.getId()).isEqualTo(intent.get("id").asText());
        assertThat(paid.getStatus()).isEqualTo("succeeded");
    }

    @Test
    void shouldSignWithNoOtherSecret() {
        // Given
        stripe.intent();
        var delivery = delivery("payment_intent.created");
        var other = "whsec_" + "x".repeat(32);

        // When
        // Then
        assertThatThrownBy(() -> Webhook.constructEvent(delivery.body(), delivery.signature(), other))
                .isInstanceOf(SignatureVerificationException.class);
    }

    @Test
    void shouldTellEveryStepOfAPayment() {
        // Given
        var intent = stripe.intent();
        stripe.confirm(intent, "pm_card_visa_chargeDeclined");
        stripe.confirm(intent, "pm_card_visa");
        stripe.post("/v1/refunds", "payment_intent", intent, "amount", "400");

        // When
        await().until(() -> stripe.inbox().size() >= 7);

        // Then
        assertThat(stripe.eventTypes())
                .containsExactlyInAnyOrder(
                        "payment_intent.created",
                        "charge.failed",
                        "payment_intent.payment_failed",
                        "charge.succeeded",
                        "payment_intent.succeeded",
                        "refund.created",
                        "charge.refunded");
    }

    @Test
    void shouldTellOfAHoldAndOfACancel() {
        // Given
        var intent = stripe.intent("capture_method", "manual");
        stripe.confirm(intent, "pm_card_visa");

        // When
        stripe.post("/v1/payment_intents/" + intent + "/cancel");

        // Then
        await().untilAsserted(() -> assertThat(stripe.eventTypes())
                .contains("payment_intent.amount_capturable_updated", "payment_intent.canceled"));
    }

    @Test
    void shouldHoldInEachEventItsObjectAsItWasThen() {
        // Given
        var intent = stripe.paid("pm_card_visa");

        // When
        var created = delivery("payment_intent.created").event();

        // Then
        assertThat(created.get("data").get("object").get("id").asText()).isEqualTo(intent);
        assertThat(created.get("data").get("object").get("status").asText()).isEqualTo("requires_confirmation");
        assertThat(created.get("data").get("object").get("latest_charge").isNull())
                .isTrue();
    }

    @Test
    void shouldKeepTheSandboxsOwnFieldsToItself() {
        // Given
        stripe.paid("pm_card_visa");

        // When
        delivery("payment_intent.succeeded");

        // Then
        assertThat(stripe.inbox())
                .noneSatisfy(delivery -> assertThat(delivery.body()).contains("\"_"));
        assertThat(stripe.get("/v1/payment_intents?expand[]=data.latest_charge&expand[]=data.payment_method")
                        .text())
                .doesNotContain("\"_");
    }

    @Test
    void shouldSendAnEventTwiceWithTheSameIdWhenAFaultSaysSo() {
        // Given
        stripe.faultOnce("payment_intent.created", "webhook-duplicate", Map.of());

        // When
        stripe.intent();

        // Then
        await().untilAsserted(() -> assertThat(stripe.inbox()).hasSize(2));
        assertThat(stripe.inbox())
                .extracting(delivery -> delivery.event().get("id").asText())
                .containsOnly(stripe.inbox().getFirst().event().get("id").asText());
    }

    @Test
    void shouldListEventsThatWereLost() throws StripeException {
        // Given
        stripe.faultOnce("payment_intent.succeeded", "webhook-lost", Map.of());
        var intent = stripe.paid("pm_card_visa");

        // When
        var listed = stripe.client()
                .v1()
                .events()
                .list(EventListParams.builder()
                        .addType("payment_intent.succeeded")
                        .build());

        // Then
        assertThat(listed.getData()).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo("payment_intent.succeeded");
            assertThat(event.getDataObjectDeserializer().getObject().map(object -> ((PaymentIntent) object).getId()))
                    .contains(intent);
        });
        var first = listed.getData().getFirst();
        assertThat(stripe.client().v1().events().retrieve(first.getId()))
                .extracting(Event::getId)
                .isEqualTo(first.getId());
    }
}
