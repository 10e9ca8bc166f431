package io.orderflow.sandbox.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shop's page may do with the publishable key. */
class BrowserTest extends StripeTest {

    private static JsonNode intent() {
        return stripe.get("/v1/payment_intents/" + stripe.intent("metadata[order_id]", "order-1"))
                .json();
    }

    private static StripeSandbox.Answer browser(String method, String path, String... form) {
        return stripe.send(stripe.anonymous(path)
                .header("Authorization", "Bearer " + stripe.publishableKey())
                .header("Origin", "http://localhost:8080")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, HttpRequest.BodyPublishers.ofString(StripeSandbox.encoded(form))));
    }

    @Test
    void shouldConfirmWithTheClientSecret() {
        // Given
        var intent = intent();

        // When
        var answer = browser(
                "POST",
                "/v1/payment_intents/" + intent.get("id").asText() + "/confirm",
                "client_secret",
                intent.get("client_secret").asText(),
                "payment_method_data[type]",
                "card",
                "payment_method_data[card][number]",
                "4242424242424242",
                "payment_method_data[card][exp_month]",
                "12",
                "payment_method_data[card][exp_year]",
                "40",
                "payment_method_data[card][cvc]",
                "123");

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("status").asText()).isEqualTo("succeeded");
        assertThat(answer.json().has("metadata")).isFalse();
        assertThat(answer.json().has("latest_charge")).isFalse();
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    }

    @Test
    void shouldTakeTheKeyAsAParameterToo() {
        // Given
        var intent = intent();

        // When
        var answer = stripe.send(stripe.anonymous("/v1/payment_intents/"
                        + intent.get("id").asText() + "?key=" + stripe.publishableKey() + "&client_secret="
                        + intent.get("client_secret").asText())
                .GET());

        // Then
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void shouldDoNothingWithoutTheClientSecret() {
        // Given
        var id = intent().get("id").asText();

        // When
        var without = browser("POST", "/v1/payment_intents/" + id + "/confirm", "payment_method", "pm_card_visa");
        var wrong = browser(
                "POST",
                "/v1/payment_intents/" + id + "/confirm",
                "payment_method",
                "pm_card_visa",
                "client_secret",
                id + "_secret_wrong");

        // Then
        assertThat(without.error().get("code").asText()).isEqualTo("parameter_missing");
        assertThat(wrong.error().get("code").asText()).isEqualTo("payment_intent_invalid_parameter");
        assertThat(stripe.effects("charges")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/payment_intents",
        "GET, /v1/payment_intents",
        "GET, /v1/payment_intents/search",
        "POST, /v1/refunds",
        "GET, /v1/charges",
        "GET, /v1/balance",
        "GET, /v1/events"
    })
    void shouldBeShutOutOfAllElse(String method, String path) {
        // When
        var answer = browser(method, path);

        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.error().get("code").asText()).isEqualTo("secret_key_required");
    }

    @Test
    void shouldBeAllowedToAskFromAnyPage() {
        // When
        var answer = stripe.send(stripe.anonymous("/v1/payment_intents/pi_1/confirm")
                .header("Origin", "http://localhost:8080")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

        // Then
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answer.header("Access-Control-Allow-Headers")).isEqualTo("authorization");
    }
}
