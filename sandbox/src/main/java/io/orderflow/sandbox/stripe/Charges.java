package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.stripe.TestMethod.Behavior;
import java.util.List;
import java.util.stream.Stream;

/** The attempts to take a payment. */
final class Charges {

    private static final Schema LIST_SCHEMA = Listing.SCHEMA.and(
            Schema.text("payment_intent"), Schema.text("customer"), Schema.unmodelled("transfer_group"));

    private static final ObjectNode TEMPLATE = Document.of("""
            {"id": null, "object": "charge", "amount": 0, "amount_captured": 0, "amount_refunded": 0,
             "application": null, "application_fee": null, "application_fee_amount": null,
             "balance_transaction": null, "billing_details": null, "calculated_statement_descriptor": "SANDBOX",
             "captured": false, "created": 0, "currency": null, "customer": null, "description": null,
             "destination": null, "dispute": null, "disputed": false, "failure_balance_transaction": null,
             "failure_code": null, "failure_message": null, "fraud_details": {}, "livemode": false, "metadata": {},
             "on_behalf_of": null, "order": null, "outcome": null, "paid": false, "payment_intent": null,
             "payment_method": null, "payment_method_details": null, "presentment_details": null,
             "radar_options": {}, "receipt_email": null, "receipt_number": null, "receipt_url": null,
             "refunded": false, "review": null, "shipping": null, "source": null, "source_transfer": null,
             "statement_descriptor": null, "statement_descriptor_suffix": null, "status": null,
             "transfer_data": null, "transfer_group": null}""");

    private static final ObjectNode AUTHORIZED = Document.of("""
            {"advice_code": null, "network_advice_code": null, "network_decline_code": null,
             "network_status": "approved_by_network", "reason": null, "risk_level": "normal", "risk_score": 20,
             "seller_message": "Payment complete.", "type": "authorized"}""");

    private static final ObjectNode DECLINED = Document.of("""
            {"advice_code": "try_again_later", "network_advice_code": null, "network_decline_code": "01",
             "network_status": "declined_by_network", "reason": null, "risk_level": "normal", "risk_score": 20,
             "seller_message": "The bank did not return any further details with this decline.",
             "type": "issuer_declined"}""");

    private static final ObjectNode BLOCKED = Document.of("""
            {"advice_code": null, "network_advice_code": null, "network_decline_code": null,
             "network_status": "not_sent_to_network", "reason": "highest_risk_level", "risk_level": "highest",
             "risk_score": 90, "seller_message": "Stripe blocked this payment as too risky.", "type": "blocked"}""");

    private final Ledger ledger;

    Charges(Ledger ledger) {
        this.ledger = ledger;
    }

    Stream<Operation> operations() {
        return Stream.of(
                Operation.get("/v1/charges", "charges.list", LIST_SCHEMA, Expansion.listOf("charge"), this::list),
                Operation.get(
                        "/v1/charges/:id",
                        "charges.retrieve",
                        Operation.RETRIEVE,
                        "charge",
                        request -> Document.wire(ledger.charge(request.path("id")))));
    }

    private ObjectNode list(Request request) {
        var customer = request.text("customer");
        var shelf = request.text("payment_intent")
                .map(ledger.charges()::shelfOfIntent)
                .orElse(ledger.charges());
        return Listing.page(request.params(), "charge", "/v1/charges", shelf, charge -> customer.map(
                        id -> Document.is(charge, "customer", id))
                .orElse(true));
    }

    /** A new charge of the whole intent, not saved yet. */
    ObjectNode draft(ObjectNode intent, ObjectNode method) {
        var charge = TEMPLATE.deepCopy();
        charge.put("id", ledger.ids().next(Document.is(method, "type", "card") ? "ch_" : "py_"))
                .put("created", ledger.now())
                .put("payment_intent", Document.text(intent, "id"))
                .put("payment_method", Document.text(method, "id"));
        for (var same : new String[] {
            "amount",
            "currency",
            "customer",
            "description",
            "metadata",
            "receipt_email",
            "shipping",
            "statement_descriptor",
            "statement_descriptor_suffix"
        }) {
            charge.set(same, intent.get(same));
        }
        charge.set("billing_details", method.get("billing_details"));
        charge.set("payment_method_details", details(method));
        return charge;
    }

    private static ObjectNode details(ObjectNode method) {
        var type = Document.text(method, "type");
        var details = Document.of("{}");
        var kind = (ObjectNode) method.get(type).deepCopy();
        if (type.equals("card")) {
            kind.put("network", Document.text(kind, "brand"));
            kind.remove(List.of("display_brand", "generated_from", "networks", "three_d_secure_usage"));
            kind.putNull("installments").putNull("mandate").putNull("three_d_secure");
        }
        details.set(type, kind);
        return details.put("type", type);
    }

    /** Marks the charge as paid; unless {@code captured}, the money is only held. */
    static ObjectNode paid(ObjectNode charge, boolean captured) {
        charge.put("status", "succeeded")
                .put("paid", true)
                .put("captured", captured)
                .put("amount_captured", captured ? Document.amount(charge, "amount") : 0);
        charge.set("outcome", AUTHORIZED.deepCopy());
        return charge;
    }

    /** Marks the charge as under way. */
    static ObjectNode pending(ObjectNode charge) {
        charge.put("status", "pending")
                .put("paid", false)
                .put("captured", true)
                .put("amount_captured", Document.amount(charge, "amount"));
        charge.set("outcome", AUTHORIZED.deepCopy());
        return charge;
    }

    static ObjectNode failed(ObjectNode charge, Behavior.Declines why) {
        charge.put("status", "failed")
                .put("paid", false)
                .put("captured", false)
                .put("amount_captured", 0)
                .put("failure_code", why.code())
                .put("failure_message", why.message());
        var outcome = (why.blocked() ? BLOCKED : DECLINED).deepCopy();
        if (!why.blocked()) {
            outcome.put("reason", why.declineCode() == null ? why.code() : why.declineCode());
        }
        charge.set("outcome", outcome);
        return charge;
    }
}
