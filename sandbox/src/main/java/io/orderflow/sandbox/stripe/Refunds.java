package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.stripe.Request.Cause;
import io.orderflow.sandbox.stripe.TestMethod.Behavior;
import io.orderflow.sandbox.stripe.TestMethod.Sequel;
import java.time.Duration;
import java.util.stream.Stream;

/** Money given back. Source: Stripe's pages "Refunds" and, for what fails later, "Testing". */
final class Refunds {

    /** How long until a pending refund arrives, or a doomed one fails, outside. */
    private static final Duration REFUND_TIME = Duration.ofSeconds(5);

    private static final Schema CREATE = Schema.of(
            Schema.text("charge"),
            Schema.text("payment_intent"),
            Schema.whole("amount"),
            Schema.oneOf("reason", "duplicate", "fraudulent", "requested_by_customer"),
            Schema.metadata(),
            Schema.unread("instructions_email"),
            Schema.unmodelled("currency"),
            Schema.unmodelled("customer"),
            Schema.unmodelled("origin"),
            Schema.unmodelled("refund_application_fee"),
            Schema.unmodelled("reverse_transfer"),
            Schema.items("expand"));

    private static final Schema UPDATE = Schema.of(Schema.metadata(), Schema.items("expand"));

    private static final ObjectNode TEMPLATE = Document.of("""
            {"id": null, "object": "refund", "amount": 0, "balance_transaction": null, "charge": null,
             "created": 0, "currency": null,
             "destination_details": {"card": {"reference_status": "pending",
               "reference_type": "acquirer_reference_number", "type": "refund"}, "type": "card"},
             "metadata": {}, "payment_intent": null, "reason": null, "receipt_number": null,
             "source_transfer_reversal": null, "status": null, "transfer_reversal": null}""");

    private final Ledger ledger;
    private final Events events;
    private final Agenda agenda;

    Refunds(Ledger ledger, Events events, Agenda agenda) {
        this.ledger = ledger;
        this.events = events;
        this.agenda = agenda;
        agenda.worker(Agenda.Task.SETTLE_REFUND, this::settle);
    }

    Stream<Operation> operations() {
        return Stream.of(
                Operation.post("/v1/refunds", "refunds.create", CREATE, "refund", this::create),
                Operation.get(
                        "/v1/refunds",
                        "refunds.list",
                        Listing.SCHEMA.and(Schema.text("payment_intent"), Schema.text("charge")),
                        Expansion.listOf("refund"),
                        this::list),
                Operation.get(
                        "/v1/refunds/:id",
                        "refunds.retrieve",
                        Operation.RETRIEVE,
                        "refund",
                        request -> Document.wire(refund(request.path("id")))),
                Operation.post("/v1/refunds/:id", "refunds.update", UPDATE, "refund", this::update));
    }

    private ObjectNode refund(String id) {
        return ledger.refunds().find(id).orElseThrow(() -> ApiError.notFound("refund", id, "refund"));
    }

    private ObjectNode create(Request request) {
        var params = request.params();
        var charge = refundable(params).deepCopy();
        var currency = Document.text(charge, "currency");
        long left = Document.amount(charge, "amount_captured") - Document.amount(charge, "amount_refunded");
        long amount = params.whole("amount").orElse(left);
        checkAmount(amount, left, charge);
        var sequel = sequel(charge);
        var refund = TEMPLATE.deepCopy();
        refund.put("id", ledger.ids().next("re_"))
                .put("amount", amount)
                .put("charge", Document.text(charge, "id"))
                .put("created", ledger.now())
                .put("currency", currency)
                .put("payment_intent", Document.text(charge, "payment_intent"))
                .put("reason", params.text("reason").orElse(null))
                .put("status", sequel == Sequel.REFUND_PENDS ? "pending" : "succeeded");
        Metadata.apply(refund, params);
        if (request.cause().idempotencyKey() != null) {
            refund.put("_idempotency_key", request.cause().idempotencyKey());
        }
        ledger.refunds().save(refund);
        var before = refundedBefore(charge);
        addRefunded(charge, amount);
        events.emit("refund.created", refund, request.cause());
        events.emit("charge.refunded", charge, before, request.cause());
        if (sequel == Sequel.REFUND_PENDS || sequel == Sequel.REFUND_FAILS) {
            agenda.after(REFUND_TIME, Agenda.Task.SETTLE_REFUND, Document.text(refund, "id"));
        }
        return Document.wire(refund);
    }

    private ObjectNode refundable(Params params) {
        var intent = params.text("payment_intent").map(id -> ledger.intents()
                .find(id)
                .orElseThrow(() -> ApiError.noSuch("payment_intent", id, "payment_intent")));
        var named = params.text("charge")
                .map(id -> ledger.charges().find(id).orElseThrow(() -> ApiError.noSuch("charge", id, "charge")));
        if (intent.isEmpty() && named.isEmpty()) {
            throw ApiError.invalid("One of the following params should be provided for this request: payment_intent or"
                            + " charge.")
                    .code("parameter_missing");
        }
        var charge = named.or(() ->
                        intent.map(paid -> Document.text(paid, "latest_charge")).flatMap(ledger.charges()::find))
                .orElse(null);
        if (charge == null || !Document.is(charge, "status", "succeeded")) {
            var of = charge == null
                    ? Document.text(intent.orElseThrow(), "id")
                    : Document.text(charge, "payment_intent");
            throw ApiError.invalid("This PaymentIntent (" + of + ") does not have a successful charge to refund.");
        }
        var id = Document.text(charge, "id");
        intent.map(paid -> Document.text(paid, "id"))
                .filter(paid -> !Document.is(charge, "payment_intent", paid))
                .ifPresent(paid -> {
                    throw ApiError.invalid("The charge " + id + " does not belong to the PaymentIntent " + paid + ".")
                            .param("charge");
                });
        if (charge.get("refunded").asBoolean()) {
            throw ApiError.invalid("Charge " + id + " has already been refunded.")
                    .code("charge_already_refunded");
        }
        if (charge.get("disputed").asBoolean()) {
            throw ApiError.invalid("Charge " + id + " has been charged back; cannot issue a refund.")
                    .code("charge_disputed");
        }
        if (!charge.get("captured").asBoolean()) {
            throw ApiError.invalid("Charge " + id + " has not been captured. Cancel its PaymentIntent instead.")
                    .code("charge_not_refundable");
        }
        return charge;
    }

    private static void checkAmount(long amount, long left, ObjectNode charge) {
        if (amount < 1) {
            throw ApiError.invalid("Invalid positive integer")
                    .code("parameter_invalid_integer")
                    .param("amount");
        }
        var currency = Document.text(charge, "currency");
        if (amount > left) {
            // Stripe gives no code here, only the parameter.
            throw ApiError.invalid("Refund amount (" + Currencies.display(amount, currency) + ") is greater than "
                            + (Document.amount(charge, "amount_refunded") > 0
                                    ? "unrefunded amount on charge"
                                    : "charge amount")
                            + " (" + Currencies.display(left, currency) + ")")
                    .param("amount");
        }
        Currencies.checkDigits(amount, currency, "amount");
    }

    private Sequel sequel(ObjectNode charge) {
        return ledger.methods()
                .find(Document.text(charge, "payment_method"))
                .map(PaymentMethods::behavior)
                .map(behavior -> behavior instanceof Behavior.Pays(Sequel sequel) ? sequel : Sequel.NOTHING)
                .orElse(Sequel.NOTHING);
    }

    private static ObjectNode refundedBefore(ObjectNode charge) {
        var before = Json.object();
        before.set("amount_refunded", charge.get("amount_refunded"));
        before.set("refunded", charge.get("refunded"));
        return before;
    }

    private void addRefunded(ObjectNode charge, long amount) {
        long refunded = Document.amount(charge, "amount_refunded") + amount;
        charge.put("amount_refunded", refunded).put("refunded", refunded == Document.amount(charge, "amount_captured"));
        ledger.charges().save(charge);
    }

    private void settle(String refundId) {
        var refund = refund(refundId).deepCopy();
        var before = Json.object().put("status", Document.text(refund, "status"));
        if (Document.is(refund, "status", "pending")) {
            refund.put("status", "succeeded");
        } else {
            refund.put("status", "failed").put("failure_reason", "expired_or_canceled_card");
            // The money is back on the account: the charge counts as not refunded again.
            addRefunded(ledger.charge(Document.text(refund, "charge")).deepCopy(), -Document.amount(refund, "amount"));
        }
        ledger.refunds().save(refund);
        tellUpdate(refund, before, Cause.NONE);
        if (Document.is(refund, "status", "failed")) {
            events.emit("refund.failed", refund, Cause.NONE);
        }
    }

    private ObjectNode update(Request request) {
        var refund = refund(request.path("id")).deepCopy();
        var before = Json.object();
        before.set("metadata", refund.get("metadata"));
        Metadata.apply(refund, request.params());
        ledger.refunds().save(refund);
        tellUpdate(refund, before, request.cause());
        return Document.wire(refund);
    }

    private void tellUpdate(ObjectNode refund, ObjectNode before, Cause cause) {
        events.emit("refund.updated", refund, before, cause);
        // The older name of the same event, which is sent as well.
        events.emit("charge.refund.updated", refund, before, cause);
    }

    private ObjectNode list(Request request) {
        var charge = request.text("charge");
        var shelf = request.text("payment_intent")
                .map(ledger.refunds()::shelfOfIntent)
                .orElse(ledger.refunds());
        return Listing.page(request.params(), "refund", "/v1/refunds", shelf, refund -> charge.map(
                        id -> Document.is(refund, "charge", id))
                .orElse(true));
    }
}
