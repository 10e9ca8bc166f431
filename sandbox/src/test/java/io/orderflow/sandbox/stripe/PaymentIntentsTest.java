package io.orderflow.sandbox.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.PaymentIntentUpdateParams;
import java.net.http.HttpRequest;
import java.util.Base64;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentIntentsTest extends StripeTest {

    private static PaymentIntentCreateParams.Builder tenDollars() {
        return PaymentIntentCreateParams.builder()
                .setAmount(1000L)
                .setCurrency("usd")
                .putMetadata("order_id", "order-1")
                .setAutomaticPaymentMethods(PaymentIntentCreateParams.AutomaticPaymentMethods.builder()
                        .setEnabled(true)
                        .setAllowRedirects(PaymentIntentCreateParams.AutomaticPaymentMethods.AllowRedirects.NEVER)
                        .build());
    }

    @Test
    void shouldCreateAnIntentThatWaitsForAPaymentMethod() throws StripeException {
        // Given
        var params = tenDollars()
                .setDescription("Two mugs")
                .setReceiptEmail("ada@example.com")
                .setShipping(PaymentIntentCreateParams.Shipping.builder()
                        .setName("Ada")
                        .setAddress(PaymentIntentCreateParams.Shipping.Address.builder()
                                .setLine1("1 Main St")
                                .setCity("Springfield")
                                .setCountry("US")
                                .build())
                        .build())
                .build();

        // When
        var intent = stripe.client().v1().paymentIntents().create(params);

        // Then
        assertThat(intent.getId()).startsWith("pi_");
        assertThat(intent.getStatus()).isEqualTo("requires_payment_method");
        assertThat(intent.getAmount()).isEqualTo(1000);
        assertThat(intent.getCurrency()).isEqualTo("usd");
        assertThat(intent.getClientSecret()).startsWith(intent.getId() + "_secret_");
        assertThat(intent.getMetadata()).containsEntry("order_id", "order-1");
        assertThat(intent.getShipping().getAddress().getCity()).isEqualTo("Springfield");
        assertThat(intent.getLatestCharge()).isNull();
        assertThat(stripe.effects("charges")).isEmpty();
    }

    @Test
    void shouldTakeThePaymentWhenACardIsConfirmed() throws StripeException {
        // Given
        var intents = stripe.client().v1().paymentIntents();
        var created = intents.create(tenDollars().build());

        // When
        var paid = intents.confirm(
                created.getId(),
                PaymentIntentConfirmParams.builder()
                        .setPaymentMethod("pm_card_visa")
                        .addExpand("latest_charge")
                        .build());

        // Then
        assertThat(paid.getStatus()).isEqualTo("succeeded");
        assertThat(paid.getAmountReceived()).isEqualTo(1000);
        assertThat(paid.getLatestChargeObject().getPaid()).isTrue();
        assertThat(paid.getLatestChargeObject().getOutcome().getType()).isEqualTo("authorized");
        assertThat(paid.getLatestChargeObject()
                        .getPaymentMethodDetails()
                        .getCard()
                        .getLast4())
                .isEqualTo("4242");
        assertThat(stripe.effects("charges")).singleElement().satisfies(charge -> {
            assertThat(charge.get("status").asText()).isEqualTo("succeeded");
            assertThat(charge.get("orderId").asText()).isEqualTo("order-1");
        });
    }

    @Test
    void shouldTakeAnotherCardAfterADeclineOnTheSameIntent() throws StripeException {
        // Given
        var intents = stripe.client().v1().paymentIntents();
        var created = intents.create(tenDollars().build());
        assertThatThrownBy(() -> intents.confirm(
                        created.getId(),
                        PaymentIntentConfirmParams.builder()
                                .setPaymentMethod("pm_card_visa_chargeDeclinedInsufficientFunds")
                                .build()))
                .isInstanceOfSatisfying(CardException.class, declined -> {
                    assertThat(declined.getStatusCode()).isEqualTo(402);
                    assertThat(declined.getCode()).isEqualTo("card_declined");
                    assertThat(declined.getDeclineCode()).isEqualTo("insufficient_funds");
                    assertThat(declined.getCharge()).startsWith("ch_");
                    assertThat(declined.getStripeError().getPaymentIntent().getStatus())
                            .isEqualTo("requires_payment_method");
                });
        var declined = intents.retrieve(created.getId());
        assertThat(declined.getLastPaymentError().getDeclineCode()).isEqualTo("insufficient_funds");
        assertThat(declined.getPaymentMethod()).isNull();

        // When
        var paid = intents.confirm(
                created.getId(),
                PaymentIntentConfirmParams.builder()
                        .setPaymentMethod("pm_card_mastercard")
                        .build());

        // Then
        assertThat(paid.getStatus()).isEqualTo("succeeded");
        assertThat(paid.getLastPaymentError()).isNull();
        assertThat(stripe.effects("charges"))
                .extracting(charge -> charge.get("status").asText())
                .containsExactly("failed", "succeeded");
    }

    @ParameterizedTest
    @CsvSource({
        "pm_card_visa_chargeDeclined, card_declined, generic_decline",
        "pm_card_chargeDeclined, card_declined, generic_decline",
        "pm_card_chargeDeclinedInsufficientFunds, card_declined, insufficient_funds",
        "pm_card_chargeDeclinedExpiredCard, expired_card,",
        "pm_card_chargeDeclinedIncorrectCvc, incorrect_cvc,",
        "pm_card_chargeDeclinedProcessingError, processing_error,",
        "pm_card_radarBlock, card_declined, fraudulent"
    })
    void shouldDeclineAsTheTestCardSays(String method, String code, String declineCode) {
        // Given
        var intent = stripe.intent();

        // When
        var answer = stripe.confirm(intent, method);

        // Then
        assertThat(answer.status()).isEqualTo(402);
        assertThat(answer.error().get("type").asText()).isEqualTo("card_error");
        assertThat(answer.error().get("code").asText()).isEqualTo(code);
        assertThat(answer.error().path("decline_code").asText(null)).isEqualTo(declineCode);
        assertThat(answer.error().get("payment_intent").get("id").asText()).isEqualTo(intent);
        assertThat(answer.error().get("doc_url").asText())
                .isEqualTo("https://stripe.com/docs/error-codes/" + code.replace('_', '-'));
    }

    @ParameterizedTest
    @CsvSource({
        "4242424242424242, 200, succeeded",
        "5555 5555 5555 4444, 200, succeeded",
        "4000000000000002, 402, card_declined",
        "4000000000009995, 402, card_declined",
        "4242424242424241, 402, incorrect_number",
        "4111111111111111, 402, card_declined"
    })
    void shouldTakeACardByItsNumber(String number, int status, String outcome) {
        // Given
        var intent = stripe.intent();

        // When
        var answer = stripe.post(
                "/v1/payment_intents/" + intent + "/confirm",
                "payment_method_data[type]",
                "card",
                "payment_method_data[card][number]",
                number,
                "payment_method_data[card][exp_month]",
                "12",
                "payment_method_data[card][exp_year]",
                "2040",
                "payment_method_data[card][cvc]",
                "123");

        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(
                        status == 200
                                ? answer.json().get("status").asText()
                                : answer.error().get("code").asText())
                .isEqualTo(outcome);
    }

    @Test
    void shouldNotTakeAPaymentMethodTwice() {
        // Given
        var method = stripe.post("/v1/payment_methods", "type", "card", "card[token]", "tok_visa")
                .json()
                .get("id")
                .asText();
        stripe.confirm(stripe.intent(), method);

        // When
        var again = stripe.confirm(stripe.intent(), method);

        // Then
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.error().get("message").asText()).contains("It may not be used again");
    }

    @Test
    void shouldRefuseToConfirmWhatIsPaid() {
        // Given
        var intent = stripe.paid("pm_card_visa");

        // When
        var answer = stripe.confirm(intent, "pm_card_visa");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("code").asText()).isEqualTo("payment_intent_unexpected_state");
        assertThat(stripe.effects("charges")).hasSize(1);
    }

    @Test
    void shouldRefuseToConfirmWithoutAPaymentMethod() {
        // Given
        var intent = stripe.intent();

        // When
        var answer = stripe.post("/v1/payment_intents/" + intent + "/confirm");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("code").asText()).isEqualTo("payment_intent_unexpected_state");
    }

    @Test
    void shouldCancelOnceAndRefuseTheSecondTime() throws StripeException {
        // Given
        var intents = stripe.client().v1().paymentIntents();
        var created = intents.create(tenDollars().build());
        var because = PaymentIntentCancelParams.builder()
                .setCancellationReason(PaymentIntentCancelParams.CancellationReason.DUPLICATE)
                .build();

        // When
        var canceled = intents.cancel(created.getId(), because);

        // Then
        assertThat(canceled.getStatus()).isEqualTo("canceled");
        assertThat(canceled.getCancellationReason()).isEqualTo("duplicate");
        assertThat(canceled.getCanceledAt()).isPositive();
        assertThatThrownBy(() -> intents.cancel(created.getId(), because))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("because it has a status of canceled");
    }

    @Test
    void shouldRefuseToCancelWhatIsPaid() {
        // Given
        var intent = stripe.paid("pm_card_visa");

        // When
        var answer = stripe.post("/v1/payment_intents/" + intent + "/cancel");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("code").asText()).isEqualTo("payment_intent_unexpected_state");
        assertThat(answer.error().get("payment_intent").get("status").asText()).isEqualTo("succeeded");
    }

    @Test
    void shouldHoldTheMoneyUntilItIsCaptured() {
        // Given
        var intent = stripe.intent("capture_method", "manual");
        var held = stripe.confirm(intent, "pm_card_visa").json();
        assertThat(held.get("status").asText()).isEqualTo("requires_capture");
        assertThat(held.get("amount_capturable").asLong()).isEqualTo(1000);
        assertThat(held.get("amount_received").asLong()).isZero();

        // When
        var tooMuch = stripe.post("/v1/payment_intents/" + intent + "/capture", "amount_to_capture", "1001");
        var captured = stripe.post("/v1/payment_intents/" + intent + "/capture", "amount_to_capture", "700");

        // Then
        assertThat(tooMuch.error().get("code").asText()).isEqualTo("amount_too_large");
        assertThat(captured.json().get("status").asText()).isEqualTo("succeeded");
        assertThat(captured.json().get("amount_received").asLong()).isEqualTo(700);
        assertThat(captured.json().get("amount_capturable").asLong()).isZero();
    }

    @Test
    void shouldLetTheHeldMoneyGoWhenCanceled() {
        // Given
        var intent = stripe.intent("capture_method", "manual");
        stripe.confirm(intent, "pm_card_visa");

        // When
        var canceled = stripe.post("/v1/payment_intents/" + intent + "/cancel");

        // Then
        assertThat(canceled.json().get("status").asText()).isEqualTo("canceled");
        assertThat(stripe.effects("charges")).singleElement().satisfies(charge -> assertThat(
                        charge.get("amountCaptured").asLong())
                .isZero());
        assertThat(stripe.effects("refunds")).isEmpty();
    }

    @Test
    void shouldChangeAnIntentUntilItIsPaid() throws StripeException {
        // Given
        var intents = stripe.client().v1().paymentIntents();
        var created = intents.create(tenDollars().putMetadata("gone", "soon").build());

        // When
        var changed = intents.update(
                created.getId(),
                PaymentIntentUpdateParams.builder()
                        .setAmount(1200L)
                        .putMetadata("note", "gift")
                        .putMetadata("gone", "")
                        .build());

        // Then
        assertThat(changed.getAmount()).isEqualTo(1200);
        assertThat(changed.getMetadata()).containsOnly(entry("order_id", "order-1"), entry("note", "gift"));
        stripe.confirm(created.getId(), "pm_card_visa");
        assertThatThrownBy(() -> intents.update(
                        created.getId(),
                        PaymentIntentUpdateParams.builder().setAmount(900L).build()))
                .isInstanceOfSatisfying(InvalidRequestException.class, refused -> assertThat(refused.getParam())
                        .isEqualTo("amount"));
    }

    @Test
    void shouldRetrieveWithTheRightClientSecretOnly() throws StripeException {
        // Given
        var intents = stripe.client().v1().paymentIntents();
        var created = intents.create(tenDollars().build());

        // When
        var found = intents.retrieve(
                created.getId(),
                PaymentIntentRetrieveParams.builder()
                        .setClientSecret(created.getClientSecret())
                        .build());

        // Then
        assertThat(found.getId()).isEqualTo(created.getId());
        assertThat(stripe.get("/v1/payment_intents/" + created.getId() + "?client_secret=wrong")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void shouldSayThatAnIntentDoesNotExist() {
        // When
        var answer = stripe.get("/v1/payment_intents/pi_missing");

        // Then
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error().get("code").asText()).isEqualTo("resource_missing");
        assertThat(answer.error().get("message").asText()).isEqualTo("No such payment_intent: 'pi_missing'");
    }

    @ParameterizedTest
    @CsvSource({
        "49, usd, amount_too_small",
        "29, gbp, amount_too_small",
        "49, jpy, amount_too_small",
        "100000000, usd, amount_too_large",
        "0, usd, parameter_invalid_integer",
        "-5, usd, parameter_invalid_integer",
        "10.50, usd, parameter_invalid_integer",
        "ten, usd, parameter_invalid_integer",
        "5124, kwd,",
        "550, isk,",
        "1000, xyz,"
    })
    void shouldRefuseAnAmountThatCannotBeCharged(String amount, String currency, String code) {
        // When
        var answer = stripe.post("/v1/payment_intents", "amount", amount, "currency", currency);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("type").asText()).isEqualTo("invalid_request_error");
        assertThat(answer.error().path("code").asText(null)).isEqualTo(code);
        assertThat(stripe.effects("paymentIntents")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"50, usd", "50, jpy", "500, JPY", "5120, kwd", "99999999, eur", "9999999999, jpy", "500, isk"})
    void shouldAcceptAnAmountThatCanBeCharged(long amount, String currency) {
        // When
        var answer = stripe.post("/v1/payment_intents", "amount", String.valueOf(amount), "currency", currency);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("amount").asLong()).isEqualTo(amount);
        assertThat(answer.json().get("currency").asText()).isEqualTo(currency.toLowerCase());
    }

    @Test
    void shouldRefuseParametersThatItDoesNotKnow() {
        // When
        var answer = stripe.post(
                "/v1/payment_intents",
                "amount",
                "1000",
                "currency",
                "usd",
                "amout",
                "1000",
                "shipping[name]",
                "Ada",
                "shipping[address][line1]",
                "1 Main St",
                "shipping[address][street]",
                "1 Main St");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("code").asText()).isEqualTo("parameter_unknown");
        assertThat(answer.error().get("param").asText()).isEqualTo("amout");
        assertThat(answer.error().get("message").asText()).isEqualTo("Received unknown parameter: amout");
        assertThat(answer.error().get("request_log_url").asText()).contains(answer.header("Request-Id"));
    }

    @ParameterizedTest
    @CsvSource({
        "currency, , parameter_missing, currency",
        "currency, '', parameter_invalid_empty, currency",
        "capture_method, later, , capture_method",
        "confirm, yes, , confirm",
        "receipt_email, nobody, email_invalid, receipt_email",
        "metadata, text, , metadata",
        "customer, cus_missing, resource_missing, customer",
        "payment_method, pm_missing, resource_missing, payment_method",
        "transfer_data[destination], acct_1, , transfer_data"
    })
    void shouldRefuseParametersThatMakeNoSense(String name, String value, String code, String param) {
        // When
        var answer = value == null
                ? stripe.post("/v1/payment_intents", "amount", "1000")
                : name.equals("currency")
                        ? stripe.post("/v1/payment_intents", "amount", "1000", name, value)
                        : stripe.post("/v1/payment_intents", "amount", "1000", "currency", "usd", name, value);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().path("code").asText(null)).isEqualTo(code);
        assertThat(answer.error().get("param").asText()).isEqualTo(param);
    }

    @Test
    void shouldKeepMetadataWithinStripesLimits() {
        // Given
        var form = IntStream.range(0, 50)
                .boxed()
                .flatMap(i -> Stream.of("metadata[key-" + i + "]", "v".repeat(500)))
                .toArray(String[]::new);

        // When
        var full = stripe.intent(form);
        var tooMany = stripe.post("/v1/payment_intents/" + full, "metadata[one-more]", "v");
        var tooLong = stripe.post("/v1/payment_intents/" + full, "metadata[key-0]", "v".repeat(501));
        var longKey = stripe.post("/v1/payment_intents/" + full, "metadata[" + "k".repeat(41) + "]", "v");

        // Then
        assertThat(stripe.get("/v1/payment_intents/" + full).json().get("metadata"))
                .hasSize(50);
        assertThat(tooMany.status()).isEqualTo(400);
        assertThat(tooLong.error().get("message").asText()).contains("Metadata values can have up to 500 characters");
        assertThat(longKey.status()).isEqualTo(400);
    }

    @Test
    void shouldRefuseABodyThatIsNoForm() {
        // When
        var answer = stripe.send(stripe.request("/v1/payment_intents")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"amount\":1000}")));

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("message").asText()).contains("application/x-www-form-urlencoded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"charges", "latest_charge.nonsense", "amount"})
    void shouldRefuseToExpandWhatCannotBeExpanded(String path) {
        // When
        var answer = stripe.post("/v1/payment_intents", "amount", "1000", "currency", "usd", "expand[]", path);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("message").asText()).contains("This property cannot be expanded");
        assertThat(stripe.effects("paymentIntents")).isEmpty();
    }

    @Test
    void shouldOnlyLetInTheSecretKey() {
        // Given
        var intents = stripe.client("sk_test_" + "x".repeat(24)).v1().paymentIntents();

        // When
        var nobody = stripe.send(stripe.anonymous("/v1/payment_intents").GET());
        var basic = stripe.send(stripe.anonymous("/v1/payment_intents")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString((stripe.secretKey() + ":").getBytes()))
                .GET());

        // Then
        assertThatThrownBy(intents::list).isInstanceOf(AuthenticationException.class);
        assertThat(nobody.status()).isEqualTo(401);
        assertThat(nobody.header("WWW-Authenticate")).isEqualTo("Basic realm=\"Stripe\"");
        assertThat(basic.status()).isEqualTo(200);
    }

    @Test
    void shouldNameAnUnknownUrl() {
        // When
        var answer = stripe.get("/v1/payment_intent");

        // Then
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error().get("message").asText())
                .startsWith("Unrecognized request URL (GET: /v1/payment_intent)");
    }
}
