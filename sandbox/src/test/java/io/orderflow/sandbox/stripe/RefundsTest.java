package io.orderflow.sandbox.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Refund;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.service.RefundService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefundsTest extends StripeTest {

    private static RefundService refunds() {
        return stripe.client().v1().refunds();
    }

    private static RefundCreateParams.Builder of(String intent) {
        return RefundCreateParams.builder().setPaymentIntent(intent);
    }

    @Test
    void shouldGiveBackAllThatIsLeft() throws StripeException {
        // Given
        var intent = stripe.paid("pm_card_visa");

        // When
        var refund = refunds()
                .create(of(intent)
                        .setReason(RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER)
                        .putMetadata("refund_id", "refund-1")
                        .addExpand("charge")
                        .build());

        // Then
        assertThat(refund.getStatus()).isEqualTo("succeeded");
        assertThat(refund.getAmount()).isEqualTo(1000);
        assertThat(refund.getReason()).isEqualTo("requested_by_customer");
        assertThat(refund.getMetadata()).containsEntry("refund_id", "refund-1");
        assertThat(refund.getChargeObject().getRefunded()).isTrue();
        assertThat(refund.getChargeObject().getAmountRefunded()).isEqualTo(1000);
        assertThat(stripe.effects("paymentIntents")).singleElement().satisfies(paid -> {
            assertThat(paid.get("status").asText()).isEqualTo("succeeded");
            assertThat(paid.get("amountRefunded").asLong()).isEqualTo(1000);
        });
    }

    @Test
    void shouldGiveBackInPartsButNeverMoreThanWasPaid() throws StripeException {
        // Given
        var intent = stripe.paid("pm_card_visa");
        refunds().create(of(intent).setAmount(300L).build());
        refunds().create(of(intent).setAmount(500L).build());

        // When
        var tooMuch = of(intent).setAmount(201L).build();

        // Then
        assertThatThrownBy(() -> refunds().create(tooMuch))
                .isInstanceOfSatisfying(InvalidRequestException.class, refused -> assertThat(refused.getParam())
                        .isEqualTo("amount"))
                .hasMessageContaining("Refund amount ($2.01) is greater than unrefunded amount on charge ($2.00)");
        assertThat(stripe.effects("refunds"))
                .extracting(refund -> refund.get("amount").asLong())
                .containsExactly(300L, 500L);
    }

    @Test
    void shouldRefuseToGiveBackTwice() throws StripeException {
        // Given
        var intent = stripe.paid("pm_card_visa");
        refunds().create(of(intent).build());

        // When
        var again = of(intent).build();

        // Then
        assertThatThrownBy(() -> refunds().create(again))
                .isInstanceOfSatisfying(InvalidRequestException.class, refused -> assertThat(refused.getCode())
                        .isEqualTo("charge_already_refunded"));
        assertThat(stripe.effects("refunds")).hasSize(1);
    }

    @Test
    void shouldListTheRefundsOfAnIntentNewestFirst() throws StripeException {
        // Given
        var intent = stripe.paid("pm_card_visa");
        var first = refunds().create(of(intent).setAmount(300L).build());
        var second = refunds().create(of(intent).setAmount(200L).build());
        var other = stripe.paid("pm_card_visa");
        refunds().create(of(other).build());

        // When
        var listed = refunds()
                .list(RefundListParams.builder().setPaymentIntent(intent).build());

        // Then
        assertThat(listed.getData()).extracting(Refund::getId).containsExactly(second.getId(), first.getId());
        assertThat(refunds().retrieve(first.getId()).getAmount()).isEqualTo(300);
    }

    @Test
    void shouldShowTheRefundsOfAChargeWhenExpanded() {
        // Given
        var intent = stripe.paid("pm_card_visa");
        stripe.post("/v1/refunds", "payment_intent", intent, "amount", "400");

        // When
        var answer = stripe.get("/v1/payment_intents/" + intent + "?expand[]=latest_charge.refunds&expand[]=customer");

        // Then
        var charge = answer.json().get("latest_charge");
        assertThat(charge.get("amount_refunded").asLong()).isEqualTo(400);
        assertThat(charge.get("refunded").asBoolean()).isFalse();
        assertThat(charge.get("refunds").get("data")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "ten"})
    void shouldRefuseAnAmountThatIsNone(String amount) {
        // Given
        var intent = stripe.paid("pm_card_visa");

        // When
        var answer = stripe.post("/v1/refunds", "payment_intent", intent, "amount", amount);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("code").asText()).isEqualTo("parameter_invalid_integer");
    }

    @Test
    void shouldRefuseToGiveBackWhatWasNotPaid() {
        // Given
        var intent = stripe.intent();

        // When
        var answer = stripe.post("/v1/refunds", "payment_intent", intent);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("message").asText())
                .isEqualTo("This PaymentIntent (" + intent + ") does not have a successful charge to refund.");
    }

    @Test
    void shouldRefuseAReasonThatStripeDoesNotKnow() {
        // Given
        var intent = stripe.paid("pm_card_visa");

        // When
        var answer = stripe.post("/v1/refunds", "payment_intent", intent, "reason", "because");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("param").asText()).isEqualTo("reason");
        assertThat(stripe.effects("refunds")).isEmpty();
    }

    @Test
    void shouldRefundThreeDecimalsInTensOnly() {
        // Given
        var intent = stripe.post(
                        "/v1/payment_intents",
                        "amount",
                        "5120",
                        "currency",
                        "kwd",
                        "payment_method",
                        "pm_card_visa",
                        "confirm",
                        "true")
                .json()
                .get("id")
                .asText();

        // When
        var fine = stripe.post("/v1/refunds", "payment_intent", intent, "amount", "1000");
        var tooFine = stripe.post("/v1/refunds", "payment_intent", intent, "amount", "1005");

        // Then
        assertThat(fine.status()).isEqualTo(200);
        assertThat(tooFine.status()).isEqualTo(400);
    }

    @Test
    void shouldLeaveARefundPendingForAWhile() {
        // Given
        var intent = stripe.paid("pm_card_pendingRefund");

        // When
        var refund = stripe.post("/v1/refunds", "payment_intent", intent).json();

        // Then
        assertThat(refund.get("status").asText()).isEqualTo("pending");
        await().untilAsserted(() -> assertThat(
                        stripe.get("/v1/refunds/" + refund.get("id").asText())
                                .json()
                                .get("status")
                                .asText())
                .isEqualTo("succeeded"));
        await().untilAsserted(() -> assertThat(stripe.eventTypes())
                .contains("refund.created", "charge.refunded", "refund.updated", "charge.refund.updated"));
    }

    @Test
    void shouldLetARefundFailAfterItSeemedToSucceed() {
        // Given
        var intent = stripe.paid("pm_card_refundFail");

        // When
        var refund = stripe.post("/v1/refunds", "payment_intent", intent).json();

        // Then
        assertThat(refund.get("status").asText()).isEqualTo("succeeded");
        await().untilAsserted(() -> {
            var now = stripe.get("/v1/refunds/" + refund.get("id").asText()).json();
            assertThat(now.get("status").asText()).isEqualTo("failed");
            assertThat(now.get("failure_reason").asText()).isEqualTo("expired_or_canceled_card");
        });
        assertThat(stripe.effects("charges")).singleElement().satisfies(charge -> assertThat(
                        charge.get("amountRefunded").asLong())
                .isZero());
        await().untilAsserted(() -> assertThat(stripe.eventTypes()).contains("refund.failed"));
    }

    @Test
    void shouldDisputeAndThenRefuseARefund() {
        // Given
        var intent = stripe.paid("pm_card_createDispute");
        await().untilAsserted(() -> assertThat(stripe.eventTypes()).contains("charge.dispute.created"));

        // When
        var answer = stripe.post("/v1/refunds", "payment_intent", intent);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().get("code").asText()).isEqualTo("charge_disputed");
        assertThat(stripe.effects("charges")).singleElement().satisfies(charge -> assertThat(
                        charge.get("disputed").asBoolean())
                .isTrue());
        assertThat(stripe.get("/v1/disputes?payment_intent=" + intent).json().get("data"))
                .singleElement()
                .satisfies(dispute -> assertThat(dispute.get("reason").asText()).isEqualTo("fraudulent"));
    }
}
