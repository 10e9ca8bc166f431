package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.stripe.Request.Cause;
import io.orderflow.sandbox.stripe.TestMethod.Behavior;
import io.orderflow.sandbox.stripe.TestMethod.Sequel;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How an intent is paid.
 *
 * <pre>
 * requires_payment_method ─▶ requires_confirmation ─▶ confirm ─┬▶ succeeded
 *            ▲                                                 ├▶ requires_capture ─▶ capture ─▶ succeeded
 *            │                                                 ├▶ requires_action ─▶ the customer authenticates
 *            ├──────────── declined, bounced ◀─────────────────┼▶ processing ─▶ the bank settles ─▶ succeeded
 *            └────────────────────────────────────────────────▶└▶ canceled, from any but succeeded
 * </pre>
 *
 * <p>Source: Stripe's page "How PaymentIntents and SetupIntents work".
 */
final class Payments {

    /** How long a bank debit is under way, outside. */
    private static final Duration BANK_TIME = Duration.ofSeconds(5);

    /** How long the holder of a disputing card takes, outside. */
    private static final Duration DISPUTE_TIME = Duration.ofSeconds(2);

    private static final ObjectNode DISPUTE = Document.of("""
            {"id": null, "object": "dispute", "amount": 0, "balance_transactions": [], "charge": null,
             "created": 0, "currency": null, "enhanced_eligibility_types": [], "evidence": {},
             "evidence_details": {"due_by": 0, "has_evidence": false, "past_due": false, "submission_count": 0},
             "is_charge_refundable": false, "livemode": false, "metadata": {}, "payment_intent": null,
             "reason": null, "status": "needs_response"}""");

    private final Ledger ledger;
    private final Events events;
    private final Agenda agenda;
    private final Charges charges;
    private final PaymentMethods methods;
    private final URI base;

    /** @param base the sandbox's own address */
    Payments(Ledger ledger, Events events, Agenda agenda, Charges charges, PaymentMethods methods, URI base) {
        this.ledger = ledger;
        this.events = events;
        this.agenda = agenda;
        this.charges = charges;
        this.methods = methods;
        this.base = base;
        agenda.worker(Agenda.Task.SETTLE_CHARGE, this::settle);
        agenda.worker(Agenda.Task.DISPUTE_CHARGE, this::dispute);
    }

    /**
     * Asks {@code method} to pay.
     *
     * @param intent a copy, which is saved with what came of it
     * @param absent the customer is not there to authenticate
     * @throws ApiError when the payment is declined; that is recorded all the same
     */
    ObjectNode pay(ObjectNode intent, ObjectNode method, boolean absent, Cause cause) {
        intent.putNull("last_payment_error").putNull("next_action");
        intent.put("payment_method", Document.text(method, "id"));
        return pay(intent, method, PaymentMethods.behavior(method), absent, cause);
    }

    private ObjectNode pay(ObjectNode intent, ObjectNode method, Behavior behavior, boolean absent, Cause cause) {
        return switch (behavior) {
            case Behavior.Authenticates _ when absent -> throw unauthenticated(intent, method, cause);
            case Behavior.Authenticates _ -> ask(intent, cause);
            case Behavior.Pays(Sequel sequel) -> {
                methods.use(method);
                yield succeed(intent, charges.draft(intent, method), sequel, cause);
            }
            case Behavior.Declines why -> {
                methods.use(method);
                var charge = Charges.failed(charges.draft(intent, method), why);
                throw decline(intent, method, charge, why, cause);
            }
            case Behavior.Debits(Optional<Behavior> then) -> {
                methods.use(method);
                yield process(intent, charges.draft(intent, method), then.isPresent(), cause);
            }
        };
    }

    private ObjectNode succeed(ObjectNode intent, ObjectNode charge, Sequel sequel, Cause cause) {
        boolean captured = !Document.is(intent, "capture_method", "manual");
        ledger.charges().save(Charges.paid(charge, captured));
        intent.put("latest_charge", Document.text(charge, "id"));
        if (captured) {
            intent.put("status", "succeeded").set("amount_received", intent.get("amount"));
        } else {
            intent.put("status", "requires_capture").set("amount_capturable", intent.get("amount"));
        }
        ledger.saveIntent(intent);
        events.emit("charge.succeeded", charge, cause);
        events.emit(captured ? "payment_intent.succeeded" : "payment_intent.amount_capturable_updated", intent, cause);
        if (captured) {
            afterwards(charge, sequel);
        }
        return intent;
    }

    private void afterwards(ObjectNode charge, Sequel sequel) {
        if (sequel == Sequel.DISPUTED_AS_FRAUDULENT || sequel == Sequel.DISPUTED_AS_NOT_RECEIVED) {
            agenda.after(DISPUTE_TIME, Agenda.Task.DISPUTE_CHARGE, Document.text(charge, "id"));
        }
    }

    private ApiError decline(
            ObjectNode intent, ObjectNode method, ObjectNode charge, Behavior.Declines why, Cause cause) {
        ledger.charges().save(charge);
        intent.put("latest_charge", Document.text(charge, "id"));
        var error = ApiError.card(why.code(), why.message())
                .with("decline_code", why.declineCode())
                .with("advice_code", Document.text((ObjectNode) charge.get("outcome"), "advice_code"))
                .with("network_decline_code", Document.text((ObjectNode) charge.get("outcome"), "network_decline_code"))
                .with("charge", Document.text(charge, "id"));
        return fail(intent, method, error, Optional.of(charge), cause);
    }

    private ApiError unauthenticated(ObjectNode intent, ObjectNode method, Cause cause) {
        var error = ApiError.card(
                        "authentication_required", "Your card was declined. This transaction requires authentication.")
                .with("decline_code", "authentication_required");
        return fail(intent, method, error, Optional.empty(), cause);
    }

    /** Puts the intent back to where another payment method can be tried. */
    private ApiError fail(
            ObjectNode intent, ObjectNode method, ApiError error, Optional<ObjectNode> charge, Cause cause) {
        error.with("payment_method", Document.wire(method)).with("payment_method_type", Document.text(method, "type"));
        intent.put("status", "requires_payment_method")
                .putNull("payment_method")
                .putNull("next_action");
        intent.set("last_payment_error", error.error().deepCopy());
        ledger.saveIntent(intent);
        charge.ifPresent(failed -> events.emit("charge.failed", failed, cause));
        events.emit("payment_intent.payment_failed", intent, cause);
        return error.with("payment_intent", Document.wire(intent));
    }

    private ObjectNode ask(ObjectNode intent, Cause cause) {
        var id = Document.text(intent, "id");
        var page = base + "/stripe/authenticate/" + id + "?client_secret=" + Document.text(intent, "client_secret");
        var action = Json.object();
        if (intent.hasNonNull("_return_url")) {
            action.putObject("redirect_to_url")
                    .put("return_url", Document.text(intent, "_return_url"))
                    .put("url", page);
            action.put("type", "redirect_to_url");
        } else {
            action.put("type", "use_stripe_sdk");
            action.putObject("use_stripe_sdk")
                    .put("type", "three_d_secure_redirect")
                    .put("stripe_js", page);
        }
        intent.put("status", "requires_action").set("next_action", action);
        ledger.saveIntent(intent);
        events.emit("payment_intent.requires_action", intent, cause);
        return intent;
    }

    /** Goes on when the customer has authenticated, or has failed to. */
    void authenticated(ObjectNode asked, boolean success) {
        var intent = asked.deepCopy().putNull("next_action");
        var method =
                ledger.methods().find(Document.text(intent, "payment_method")).orElseThrow();
        if (!success) {
            var error = ApiError.invalid("We are unable to authenticate your payment method. Please choose a different"
                            + " payment method and try again.")
                    .code("payment_intent_authentication_failure");
            fail(intent, method, error, Optional.empty(), Cause.NONE);
        } else if (PaymentMethods.behavior(method) instanceof Behavior.Authenticates(Behavior then)) {
            try {
                pay(intent, method, then, false, Cause.NONE);
            } catch (ApiError declined) {
                // Nobody asked by the API: the intent and the webhook tell it.
            }
        }
    }

    private ObjectNode process(ObjectNode intent, ObjectNode charge, boolean ends, Cause cause) {
        ledger.charges().save(Charges.pending(charge));
        intent.put("latest_charge", Document.text(charge, "id")).put("status", "processing");
        ledger.saveIntent(intent);
        events.emit("charge.pending", charge, cause);
        events.emit("payment_intent.processing", intent, cause);
        if (ends) {
            agenda.after(BANK_TIME, Agenda.Task.SETTLE_CHARGE, Document.text(charge, "id"));
        }
        return intent;
    }

    private void settle(String chargeId) {
        var charge = ledger.charge(chargeId).deepCopy();
        var intent = ledger.intent(Document.text(charge, "payment_intent")).deepCopy();
        if (!Document.is(intent, "status", "processing") || !Document.is(intent, "latest_charge", chargeId)) {
            return; // Cancelled in the meantime.
        }
        var method =
                ledger.methods().find(Document.text(charge, "payment_method")).orElseThrow();
        var debit = (Behavior.Debits) PaymentMethods.behavior(method);
        switch (debit.then().orElseThrow()) {
            case Behavior.Pays(Sequel sequel) -> succeed(intent, charge, sequel, Cause.NONE);
            case Behavior.Declines why -> decline(intent, method, Charges.failed(charge, why), why, Cause.NONE);
            default -> throw new IllegalStateException("A bank debit is paid or bounces");
        }
    }

    /** Takes {@code amount} of what is held; the rest is let go. */
    ObjectNode capture(ObjectNode intent, long amount, Cause cause) {
        var charge = ledger.charge(Document.text(intent, "latest_charge")).deepCopy();
        charge.put("captured", true).put("amount_captured", amount);
        ledger.charges().save(charge);
        intent.put("status", "succeeded").put("amount_capturable", 0).put("amount_received", amount);
        ledger.saveIntent(intent);
        events.emit("charge.captured", charge, cause);
        events.emit("payment_intent.succeeded", intent, cause);
        var method =
                ledger.methods().find(Document.text(charge, "payment_method")).orElseThrow();
        if (PaymentMethods.behavior(method) instanceof Behavior.Pays(Sequel sequel)) {
            afterwards(charge, sequel);
        }
        return intent;
    }

    /** Cancels; what is held is let go and what is under way is called back. */
    ObjectNode cancel(ObjectNode intent, Optional<String> reason, Cause cause) {
        var open = Optional.ofNullable(Document.text(intent, "latest_charge"))
                .map(id -> ledger.charge(id).deepCopy());
        switch (Document.text(intent, "status")) {
            case "requires_capture" ->
                open.ifPresent(charge -> {
                    charge.put("refunded", true).set("amount_refunded", charge.get("amount"));
                    ledger.charges().save(charge);
                    events.emit("charge.refunded", charge, cause);
                });
            case "processing" ->
                open.ifPresent(charge -> {
                    charge.put("status", "failed")
                            .put("captured", false)
                            .put("amount_captured", 0)
                            .put("failure_code", "canceled")
                            .put("failure_message", "The payment was canceled.");
                    ledger.charges().save(charge);
                    events.emit("charge.failed", charge, cause);
                });
            default -> {}
        }
        intent.put("status", "canceled")
                .put("canceled_at", ledger.now())
                .put("cancellation_reason", reason.orElse(null))
                .put("amount_capturable", 0)
                .putNull("next_action");
        ledger.saveIntent(intent);
        events.emit("payment_intent.canceled", intent, cause);
        return intent;
    }

    private void dispute(String chargeId) {
        var charge = ledger.charge(chargeId).deepCopy();
        if (charge.get("disputed").asBoolean() || charge.get("refunded").asBoolean()) {
            return; // What was paid back in full cannot be disputed.
        }
        var method =
                ledger.methods().find(Document.text(charge, "payment_method")).orElseThrow();
        var dispute = DISPUTE.deepCopy();
        dispute.put("id", ledger.ids().next("du_"))
                .put("amount", Document.amount(charge, "amount_captured") - Document.amount(charge, "amount_refunded"))
                .put("charge", chargeId)
                .put("created", ledger.now())
                .put("currency", Document.text(charge, "currency"))
                .put("payment_intent", Document.text(charge, "payment_intent"))
                .put("reason", notReceived(method) ? "product_not_received" : "fraudulent");
        ((ObjectNode) dispute.get("evidence_details"))
                .put("due_by", ledger.now() + Duration.ofDays(9).toSeconds());
        ledger.disputes().save(dispute);
        ledger.charges().save(charge.put("disputed", true).put("dispute", Document.text(dispute, "id")));
        events.emit("charge.dispute.created", dispute, Cause.NONE);
        events.emit("charge.dispute.funds_withdrawn", dispute, Cause.NONE);
    }

    private static boolean notReceived(ObjectNode method) {
        return PaymentMethods.behavior(method) instanceof Behavior.Pays(Sequel sequel)
                && sequel == Sequel.DISPUTED_AS_NOT_RECEIVED;
    }
}
