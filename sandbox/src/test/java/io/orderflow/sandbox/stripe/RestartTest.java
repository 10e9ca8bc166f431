package io.orderflow.sandbox.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restart of the sandbox must not change. */
class RestartTest {

    @TempDir
    Path data;

    @Test
    void shouldRememberObjectsKeysAndIdempotencyKeys() {
        // Given
        String secretKey;
        String intent;
        String answered;
        try (var before = new StripeSandbox(data, 1)) {
            secretKey = before.secretKey();
            intent = before.paid("pm_card_visa");
            answered = before.postOnce("key-1", "/v1/refunds", "payment_intent", intent, "amount", "400")
                    .text();
        }

        // When
        try (var after = new StripeSandbox(data, 1)) {

            // Then
            var replayed = after.postOnce("key-1", "/v1/refunds", "payment_intent", intent, "amount", "400");
            assertThat(after.secretKey()).isEqualTo(secretKey);
            assertThat(replayed.text()).isEqualTo(answered);
            assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(after.get("/v1/payment_intents/" + intent)
                            .json()
                            .get("status")
                            .asText())
                    .isEqualTo("succeeded");
            assertThat(after.effects("refunds")).hasSize(1);
            assertThat(after.get("/v1/events").json().get("data")).isNotEmpty();
            var newer = after.intent();
            assertThat(after.get("/v1/payment_intents").json().get("data"))
                    .extracting(each -> each.get("id").asText())
                    .containsExactly(newer, intent);
        }
    }

    @Test
    void shouldSettleABankDebitThatWasUnderWay() {
        // Given
        String intent;
        try (var before = new StripeSandbox(data, 0.2)) {
            intent = before.paid("pm_usBankAccount_success");
        }

        // When
        try (var after = new StripeSandbox(data, 0.2)) {

            // Then
            await().untilAsserted(() -> assertThat(after.effects("paymentIntents"))
                    .singleElement()
                    .satisfies(each -> assertThat(each.get("status").asText()).isEqualTo("succeeded")));
            assertThat(after.effects("charges")).singleElement().satisfies(charge -> assertThat(
                            charge.get("paymentIntent").asText())
                    .isEqualTo(intent));
        }
    }

    @Test
    void shouldForgetAllButTheKeysWhenReset() {
        // Given
        try (var sandbox = new StripeSandbox(data, 1)) {
            var secretKey = sandbox.secretKey();
            var intent = sandbox.postOnce("key-1", "/v1/payment_intents", "amount", "1000", "currency", "usd")
                    .json()
                    .get("id")
                    .asText();

            // When
            sandbox.reset();

            // Then
            assertThat(sandbox.secretKey()).isEqualTo(secretKey);
            assertThat(sandbox.get("/v1/payment_intents/" + intent).status()).isEqualTo(404);
            assertThat(sandbox.postOnce("key-1", "/v1/payment_intents", "amount", "1000", "currency", "usd")
                            .header("Idempotent-Replayed"))
                    .isNull();
            assertThat(sandbox.effects("paymentIntents")).hasSize(1);
        }
    }
}
