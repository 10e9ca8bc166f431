package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * What really happened to money, oldest first: enough for a test to count without asking the API. Amounts are in the
 * smallest unit of the currency; {@code orderId} is the metadata key {@code order_id}.
 */
record Effects(List<Intent> paymentIntents, List<Charge> charges, List<Refund> refunds, List<Dispute> disputes) {

    record Intent(
            String id,
            long amount,
            long amountCapturable,
            long amountReceived,
            long amountRefunded,
            String currency,
            String status,
            String orderId,
            String latestCharge,
            String cancellationReason,
            String idempotencyKey,
            JsonNode metadata,
            String createdAt) {}

    record Charge(
            String id,
            String paymentIntent,
            long amount,
            long amountCaptured,
            long amountRefunded,
            String currency,
            String status,
            boolean paid,
            boolean captured,
            boolean refunded,
            boolean disputed,
            String failureCode,
            String orderId,
            String createdAt) {}

    record Refund(
            String id,
            String paymentIntent,
            String charge,
            long amount,
            String currency,
            String status,
            String reason,
            String failureReason,
            String idempotencyKey,
            JsonNode metadata,
            String createdAt) {}

    record Dispute(
            String id,
            String paymentIntent,
            String charge,
            long amount,
            String currency,
            String status,
            String reason,
            String createdAt) {}

    static Effects of(Ledger ledger) {
        return new Effects(
                each(ledger.intents().all(), intent -> intent(ledger, intent)),
                each(ledger.charges().all(), Effects::charge),
                each(ledger.refunds().all(), Effects::refund),
                each(ledger.disputes().all(), Effects::dispute));
    }

    private static <T> List<T> each(Collection<ObjectNode> documents, Function<ObjectNode, T> line) {
        return documents.stream().map(line).toList();
    }

    private static Intent intent(Ledger ledger, ObjectNode intent) {
        var id = Document.text(intent, "id");
        long refunded = ledger.charges().ofIntent(id).stream()
                .mapToLong(charge -> Document.amount(charge, "amount_refunded"))
                .sum();
        return new Intent(
                id,
                Document.amount(intent, "amount"),
                Document.amount(intent, "amount_capturable"),
                Document.amount(intent, "amount_received"),
                refunded,
                Document.text(intent, "currency"),
                Document.text(intent, "status"),
                orderId(intent),
                Document.text(intent, "latest_charge"),
                Document.text(intent, "cancellation_reason"),
                Document.text(intent, "_idempotency_key"),
                intent.get("metadata"),
                createdAt(intent));
    }

    private static Charge charge(ObjectNode charge) {
        return new Charge(
                Document.text(charge, "id"),
                Document.text(charge, "payment_intent"),
                Document.amount(charge, "amount"),
                Document.amount(charge, "amount_captured"),
                Document.amount(charge, "amount_refunded"),
                Document.text(charge, "currency"),
                Document.text(charge, "status"),
                charge.get("paid").asBoolean(),
                charge.get("captured").asBoolean(),
                charge.get("refunded").asBoolean(),
                charge.get("disputed").asBoolean(),
                Document.text(charge, "failure_code"),
                orderId(charge),
                createdAt(charge));
    }

    private static Refund refund(ObjectNode refund) {
        return new Refund(
                Document.text(refund, "id"),
                Document.text(refund, "payment_intent"),
                Document.text(refund, "charge"),
                Document.amount(refund, "amount"),
                Document.text(refund, "currency"),
                Document.text(refund, "status"),
                Document.text(refund, "reason"),
                Document.text(refund, "failure_reason"),
                Document.text(refund, "_idempotency_key"),
                refund.get("metadata"),
                createdAt(refund));
    }

    private static Dispute dispute(ObjectNode dispute) {
        return new Dispute(
                Document.text(dispute, "id"),
                Document.text(dispute, "payment_intent"),
                Document.text(dispute, "charge"),
                Document.amount(dispute, "amount"),
                Document.text(dispute, "currency"),
                Document.text(dispute, "status"),
                Document.text(dispute, "reason"),
                createdAt(dispute));
    }

    private static String orderId(ObjectNode document) {
        return Document.text((ObjectNode) document.get("metadata"), "order_id");
    }

    private static String createdAt(ObjectNode document) {
        return Instant.ofEpochSecond(Document.amount(document, "created")).toString();
    }
}
