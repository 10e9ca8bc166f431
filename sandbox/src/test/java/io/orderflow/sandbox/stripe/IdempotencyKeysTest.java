package io.orderflow.sandbox.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.StripeException;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCreateParams;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeysTest extends StripeTest {

    private static final String INTENTS = "/v1/payment_intents";
    private static final String CREATE = "payment_intents.create";
    private static final String[] TEN_DOLLARS = {"amount", "1000", "currency", "usd", "metadata[order_id]", "order-1"};

    @Test
    void shouldAnswerTheSameAgain() {
        // Given
        var first = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // When
        var second = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // Then
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(first.header("Idempotent-Replayed")).isNull();
        assertThat(first.header("Original-Request")).isEqualTo(first.header("Request-Id"));
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(second.header("Original-Request")).isEqualTo(first.header("Request-Id"));
        assertThat(second.header("Request-Id")).isNotEqualTo(first.header("Request-Id"));
        assertThat(second.header("Idempotency-Key")).isEqualTo("key-1");
        assertThat(stripe.effects("paymentIntents")).hasSize(1);
    }

    @Test
    void shouldTakeTheSameParametersInAnotherOrderForTheSame() {
        // Given
        var first = stripe.postOnce("key-1", INTENTS, "amount", "1000", "currency", "usd");

        // When
        var second = stripe.postOnce("key-1", INTENTS, "currency", "usd", "amount", "1000");

        // Then
        assertThat(second.text()).isEqualTo(first.text());
    }

    @Test
    void shouldRefuseOtherParametersUnderTheSameKey() throws StripeException {
        // Given
        var intents = stripe.client().v1().paymentIntents();
        var once = RequestOptions.builder().setIdempotencyKey("key-1").build();
        var params = PaymentIntentCreateParams.builder().setCurrency("usd");
        intents.create(params.setAmount(1000L).build(), once);

        // When
        var other = params.setAmount(1001L).build();

        // Then
        assertThatThrownBy(() -> intents.create(other, once))
                .isInstanceOfSatisfying(IdempotencyException.class, refused -> {
                    assertThat(refused.getStatusCode()).isEqualTo(400);
                    assertThat(refused.getStripeError().getType()).isEqualTo("idempotency_error");
                });
        assertThat(stripe.effects("paymentIntents")).hasSize(1);
    }

    @Test
    void shouldRefuseAnotherPathUnderTheSameKey() {
        // Given
        var intent =
                stripe.postOnce("key-1", INTENTS, TEN_DOLLARS).json().get("id").asText();

        // When
        var answer = stripe.postOnce("key-1", INTENTS + "/" + intent + "/cancel");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("type").asText()).isEqualTo("idempotency_error");
        assertThat(answer.error().get("message").asText())
                .contains("'/v1/payment_intents/" + intent + "/cancel' vs '/v1/payment_intents'");
    }

    @Test
    void shouldReplayADecline() {
        // Given
        var intent = stripe.intent();
        var confirm = INTENTS + "/" + intent + "/confirm";
        var first = stripe.postOnce("key-1", confirm, "payment_method", "pm_card_visa_chargeDeclined");

        // When
        var second = stripe.postOnce("key-1", confirm, "payment_method", "pm_card_visa_chargeDeclined");

        // Then
        assertThat(first.status()).isEqualTo(402);
        assertThat(second.status()).isEqualTo(402);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.header("Stripe-Should-Retry")).isEqualTo("false");
        assertThat(stripe.effects("charges")).hasSize(1);
    }

    @Test
    void shouldReplayARefusalThatCameAfterTheOperationHadBegun() {
        // Given
        var tooSmall = new String[] {"amount", "10", "currency", "usd"};
        stripe.postOnce("key-1", INTENTS, tooSmall);

        // When
        var second = stripe.postOnce("key-1", INTENTS, tooSmall);

        // Then
        assertThat(second.status()).isEqualTo(400);
        assertThat(second.error().get("code").asText()).isEqualTo("amount_too_small");
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void shouldNotSaveWhatWasRefusedBeforeTheOperationBegan() {
        // Given
        var refused = stripe.postOnce("key-1", INTENTS, "amount", "1000", "currency", "usd", "amout", "1000");

        // When
        var corrected = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(corrected.status()).isEqualTo(200);
        assertThat(corrected.header("Idempotent-Replayed")).isNull();
    }

    @Test
    void shouldAnswer409WhileTheFirstIsInFlight() throws Exception {
        // Given
        stripe.faultOnce(CREATE, "latency", Map.of("delayMillis", 600));
        var first = stripe.postOnceAsync("key-1", INTENTS, TEN_DOLLARS);
        var second =
                await().until(() -> stripe.postOnce("key-1", INTENTS, TEN_DOLLARS), answer -> answer.status() == 409);

        // When
        var answered = first.get();
        var replayed = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // Then
        assertThat(second.error().get("code").asText()).isEqualTo("idempotency_key_in_use");
        assertThat(answered.status()).isEqualTo(200);
        assertThat(replayed.text()).isEqualTo(answered.text());
        assertThat(stripe.effects("paymentIntents")).hasSize(1);
    }

    @Test
    void shouldKeepTheKeyInUseUntilALateAnswerIsOut() throws Exception {
        // Given
        stripe.faultOnce(CREATE, "late-answer", Map.of("delayMillis", 600));
        var first = stripe.postOnceAsync("key-1", INTENTS, TEN_DOLLARS);
        await().until(() -> !stripe.effects("paymentIntents").isEmpty());

        // When
        var meanwhile = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);
        var answered = first.get();

        // Then
        assertThat(meanwhile.status()).isEqualTo(409);
        assertThat(stripe.postOnce("key-1", INTENTS, TEN_DOLLARS).text()).isEqualTo(answered.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost-answer", "malformed"})
    void shouldReplayTheTrueAnswerWhenItWasSpoiledOnItsWay(String fault) {
        // Given
        stripe.faultOnce(CREATE, fault, Map.of());
        ignoringFailure(() -> stripe.postOnce("key-1", INTENTS, TEN_DOLLARS));

        // When
        var replayed = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // Then
        assertThat(replayed.status()).isEqualTo(200);
        assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(stripe.effects("paymentIntents")).singleElement().satisfies(intent -> assertThat(
                        intent.get("id").asText())
                .isEqualTo(replayed.json().get("id").asText()));
    }

    @ParameterizedTest
    @CsvSource({"status, 500, 0", "status, 503, 0", "status-after, 500, 1", "status-after, 502, 1"})
    void shouldReplayAServerError(String fault, int status, int intents) {
        // Given
        stripe.faultOnce(CREATE, fault, Map.of("status", status));
        var first = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // When
        var second = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);
        var underAnotherKey = stripe.postOnce("key-2", INTENTS, TEN_DOLLARS);

        // Then
        assertThat(first.status()).isEqualTo(status);
        assertThat(first.error().get("type").asText()).isEqualTo("api_error");
        assertThat(second.status()).isEqualTo(status);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(underAnotherKey.status()).isEqualTo(200);
        assertThat(stripe.effects("paymentIntents")).hasSize(intents + 1);
    }

    @ParameterizedTest
    @CsvSource({"rate-limit, 429", "status, 429", "status, 409", "status, 401"})
    void shouldNotSaveWhatNeverReachedTheOperation(String fault, int status) {
        // Given
        stripe.faultOnce(CREATE, fault, Map.of("status", status));
        var first = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // When
        var second = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // Then
        assertThat(first.status()).isEqualTo(fault.equals("rate-limit") ? 429 : status);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.header("Idempotent-Replayed")).isNull();
    }

    @Test
    void shouldNotSaveWhatAResetCutOff() {
        // Given
        stripe.faultOnce(CREATE, "reset", Map.of());
        ignoringFailure(() -> stripe.postOnce("key-1", INTENTS, TEN_DOLLARS));
        assertThat(stripe.effects("paymentIntents")).isEmpty();

        // When
        var second = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // Then
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.header("Idempotent-Replayed")).isNull();
    }

    @Test
    void shouldReplayTheTrueAnswerWhenA4xxWasPutInItsPlace() {
        // Given
        stripe.faultOnce(CREATE, "status-after", Map.of("status", 429));
        var first = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // When
        var second = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // Then
        assertThat(first.status()).isEqualTo(429);
        assertThat(second.status()).isEqualTo(200);
        assertThat(stripe.effects("paymentIntents")).hasSize(1);
    }

    @Test
    void shouldLeaveASavedAnswerAloneWhenAFaultStrikesItsReplay() {
        // Given
        var first = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);
        stripe.faultOnce(CREATE, "status", Map.of("status", 503));
        var struck = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // When
        var third = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);

        // Then
        assertThat(struck.status()).isEqualTo(503);
        assertThat(third.text()).isEqualTo(first.text());
    }

    @Test
    void shouldDoTheWorkAfterTheCallerHasGoneAway() throws Exception {
        // Given
        stripe.faultOnce(CREATE, "latency", Map.of("delayMillis", 200));
        var impatient = stripe.postRequest(INTENTS, TEN_DOLLARS)
                .header("Idempotency-Key", "key-1")
                .timeout(Duration.ofMillis(50));
        assertThatThrownBy(() -> stripe.send(impatient)).isInstanceOf(UncheckedIOException.class);

        // When
        await().until(() -> !stripe.effects("paymentIntents").isEmpty());

        // Then
        var replayed = stripe.postOnce("key-1", INTENTS, TEN_DOLLARS);
        assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(stripe.effects("paymentIntents")).hasSize(1);
    }

    @Test
    void shouldRefuseAKeyThatIsTooLong() {
        // When
        var longest = stripe.postOnce("k".repeat(255), INTENTS, TEN_DOLLARS);
        var tooLong = stripe.postOnce("k".repeat(256), INTENTS, TEN_DOLLARS);

        // Then
        assertThat(longest.status()).isEqualTo(200);
        assertThat(tooLong.status()).isEqualTo(400);
    }

    @Test
    void shouldLookLikeStripeToStripesOwnClient() throws StripeException {
        // Given
        var intents = stripe.client().v1().paymentIntents();
        var params = PaymentIntentCreateParams.builder()
                .setAmount(1000L)
                .setCurrency("usd")
                .build();
        var once = RequestOptions.builder().setIdempotencyKey("key-1").build();
        var twice = RequestOptions.builder().setIdempotencyKey("key-2").build();
        // Twice, because Java's HttpURLConnection silently sends a POST again when its answer is lost.
        stripe.faultOnce(CREATE, "lost-answer", Map.of("times", 2));
        assertThatThrownBy(() -> intents.create(params, once)).isInstanceOf(ApiConnectionException.class);
        stripe.faultOnce(CREATE, "status-after", Map.of("status", 500));
        assertThatThrownBy(() -> intents.create(params, twice)).isInstanceOf(ApiException.class);

        // When
        var replayed = intents.create(params, once);

        // Then
        assertThat(replayed.getLastResponse().headers().firstValue("Idempotent-Replayed"))
                .contains("true");
        assertThatThrownBy(() -> intents.create(params, twice)).isInstanceOf(ApiException.class);
        assertThat(stripe.effects("paymentIntents")).hasSize(2);
    }

    @Test
    void shouldForgetAKeyAfterADay(@TempDir Path data) {
        // Given
        try (var shortLived = new StripeSandbox(data, 0.5 / IdempotencyKeys.LIFETIME.toSeconds())) {
            var first = shortLived.postOnce("key-1", INTENTS, TEN_DOLLARS);

            // When
            var another = await().until(
                            () -> shortLived.postOnce("key-1", INTENTS, TEN_DOLLARS),
                            answer -> answer.header("Idempotent-Replayed") == null);

            // Then
            assertThat(another.json().get("id")).isNotEqualTo(first.json().get("id"));
            assertThat(shortLived.effects("paymentIntents")).hasSize(2);
        }
    }

    private static void ignoringFailure(Runnable call) {
        try {
            call.run();
        } catch (UncheckedIOException e) {
            assertThat(e).isNotNull();
        }
    }
}
