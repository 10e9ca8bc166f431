package io.orderflow.sandbox.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;

/** Payments that do not end with the call that began them: bank debits, and cards that ask for authentication. */
class LaterPaymentsTest extends StripeTest {

    private static String status(String intent) {
        return stripe.get("/v1/payment_intents/" + intent).json().get("status").asText();
    }

    private static StripeSandbox.Answer decide(String page, String outcome) {
        var uri = URI.create(page);
        return stripe.send(stripe.anonymous(uri.getRawPath().substring("/stripe".length()) + "?" + uri.getRawQuery())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("outcome=" + outcome)));
    }

    @Test
    void shouldSettleABankDebitLater() {
        // Given
        var intent = stripe.intent();

        // When
        var confirmed = stripe.confirm(intent, "pm_usBankAccount_success").json();

        // Then
        assertThat(confirmed.get("status").asText()).isEqualTo("processing");
        assertThat(confirmed.get("amount_received").asLong()).isZero();
        await().untilAsserted(() -> assertThat(status(intent)).isEqualTo("succeeded"));
        await().untilAsserted(() -> assertThat(stripe.eventTypes())
                .contains("payment_intent.processing", "charge.succeeded", "payment_intent.succeeded"));
        assertThat(stripe.effects("charges")).hasSize(1);
    }

    @Test
    void shouldLetABankDebitBounce() {
        // Given
        var intent = stripe.intent();

        // When
        var confirmed = stripe.confirm(intent, "pm_usBankAccount_insufficientFunds");

        // Then
        assertThat(confirmed.status()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(status(intent)).isEqualTo("requires_payment_method"));
        assertThat(stripe.get("/v1/payment_intents/" + intent)
                        .json()
                        .get("last_payment_error")
                        .get("code")
                        .asText())
                .isEqualTo("insufficient_funds");
        await().untilAsserted(() ->
                assertThat(stripe.eventTypes()).contains("charge.failed", "payment_intent.payment_failed"));
    }

    @Test
    void shouldCancelABankDebitThatIsUnderWay() {
        // Given
        var intent = stripe.intent();
        stripe.confirm(intent, "pm_usBankAccount_processing");

        // When
        var canceled = stripe.post("/v1/payment_intents/" + intent + "/cancel");

        // Then
        assertThat(canceled.json().get("status").asText()).isEqualTo("canceled");
        assertThat(stripe.effects("charges"))
                .singleElement()
                .satisfies(charge -> assertThat(charge.get("status").asText()).isEqualTo("failed"));
    }

    @Test
    void shouldRefuseABankDebitInAnotherCurrency() {
        // Given
        var intent = stripe.post("/v1/payment_intents", "amount", "1000", "currency", "eur")
                .json()
                .get("id")
                .asText();

        // When
        var answer = stripe.confirm(intent, "pm_usBankAccount_success");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("code").asText()).isEqualTo("payment_intent_incompatible_payment_method");
    }

    @Test
    void shouldAskForAuthenticationAndThenTakeThePayment() {
        // Given
        var intent = stripe.intent();
        var asked = stripe.post(
                        "/v1/payment_intents/" + intent + "/confirm",
                        "payment_method",
                        "pm_card_authenticationRequired",
                        "return_url",
                        "https://shop.example/done?order=1")
                .json();
        assertThat(asked.get("status").asText()).isEqualTo("requires_action");
        assertThat(stripe.effects("charges")).isEmpty();

        // When
        var back = decide(
                asked.get("next_action").get("redirect_to_url").get("url").asText(), "success");

        // Then
        assertThat(back.status()).isEqualTo(303);
        assertThat(back.header("Location"))
                .startsWith("https://shop.example/done?order=1&payment_intent=" + intent)
                .endsWith("&redirect_status=succeeded");
        assertThat(status(intent)).isEqualTo("succeeded");
        await().untilAsserted(() ->
                assertThat(stripe.eventTypes()).contains("payment_intent.requires_action", "payment_intent.succeeded"));
    }

    @Test
    void shouldLetAnotherCardPayWhenAuthenticationFails() {
        // Given
        var intent = stripe.intent();
        var asked = stripe.confirm(intent, "pm_card_authenticationRequired").json();

        // When
        decide(asked.get("next_action").get("use_stripe_sdk").get("stripe_js").asText(), "failure");

        // Then
        var failed = stripe.get("/v1/payment_intents/" + intent).json();
        assertThat(failed.get("status").asText()).isEqualTo("requires_payment_method");
        assertThat(failed.get("last_payment_error").get("code").asText())
                .isEqualTo("payment_intent_authentication_failure");
        assertThat(stripe.confirm(intent, "pm_card_visa").status()).isEqualTo(200);
    }

    @Test
    void shouldDeclineWhenTheCustomerIsNotThereToAuthenticate() {
        // Given
        var intent = stripe.intent();

        // When
        var answer = stripe.post(
                "/v1/payment_intents/" + intent + "/confirm",
                "payment_method",
                "pm_card_authenticationRequired",
                "off_session",
                "true");

        // Then
        assertThat(answer.status()).isEqualTo(402);
        assertThat(answer.error().get("code").asText()).isEqualTo("authentication_required");
    }
}
