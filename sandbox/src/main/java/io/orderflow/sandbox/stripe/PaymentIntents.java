package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The operations on payment intents. How an intent is paid is in {@link Payments}. */
final class PaymentIntents {

    private static final String[] CAPTURE_METHODS = {"automatic", "automatic_async", "manual"};

    /** What create, update and confirm have in common. */
    private static final Schema COMMON = Schema.of(
            Schema.text("payment_method"),
            Schema.group("payment_method_data", PaymentMethods.DATA),
            Schema.unread("payment_method_options"),
            Schema.items("payment_method_types"),
            Schema.oneOf("capture_method", CAPTURE_METHODS),
            Schema.email("receipt_email").orUnset(),
            Schema.oneOf("setup_future_usage", "off_session", "on_session").orUnset(),
            Addresses.SHIPPING.orUnset(),
            Schema.unread("amount_details"),
            Schema.unread("payment_details"),
            Schema.unread("hooks"),
            Schema.unmodelled("excluded_payment_method_types"),
            Schema.items("expand"));

    private static final Schema CONFIRMING = COMMON.and(
            Schema.oneOf("off_session", "true", "false", "one_off", "recurring"),
            Schema.flag("error_on_requires_action"),
            Schema.text("return_url"),
            Schema.flag("use_stripe_sdk"),
            Schema.unread("mandate_data"),
            Schema.unmodelled("mandate"),
            Schema.unmodelled("confirmation_token"),
            Schema.unread("radar_options"));

    private static final Schema CREATE = CONFIRMING.and(
            Schema.whole("amount").mandatory(),
            Schema.text("currency").mandatory(),
            Schema.group(
                    "automatic_payment_methods",
                    Schema.flag("enabled").mandatory(),
                    Schema.oneOf("allow_redirects", "always", "never")),
            Schema.flag("confirm"),
            Schema.oneOf("confirmation_method", "automatic", "manual"),
            Schema.text("customer"),
            Schema.text("description", 1000).orUnset(),
            Schema.metadata(),
            Schema.text("statement_descriptor", 22),
            Schema.text("statement_descriptor_suffix", 22),
            Schema.unmodelled("application_fee_amount"),
            Schema.unmodelled("customer_account"),
            Schema.unmodelled("on_behalf_of"),
            Schema.unmodelled("payment_method_configuration"),
            Schema.unmodelled("transfer_data"),
            Schema.text("transfer_group"));

    private static final Schema UPDATE = COMMON.and(
            Schema.whole("amount"),
            Schema.text("currency"),
            Schema.text("customer"),
            Schema.text("description", 1000).orUnset(),
            Schema.metadata(),
            Schema.text("statement_descriptor", 22).orUnset(),
            Schema.text("statement_descriptor_suffix", 22).orUnset(),
            Schema.unmodelled("application_fee_amount"),
            Schema.unmodelled("customer_account"),
            Schema.unmodelled("payment_method_configuration"),
            Schema.unmodelled("transfer_data"),
            Schema.text("transfer_group").orUnset());

    private static final Schema CONFIRM = CONFIRMING.and(Schema.text("client_secret"));

    private static final Schema CAPTURE = Schema.of(
            Schema.whole("amount_to_capture"),
            Schema.flag("final_capture"),
            Schema.metadata(),
            Schema.text("statement_descriptor", 22),
            Schema.text("statement_descriptor_suffix", 22),
            Schema.unread("amount_details"),
            Schema.unread("payment_details"),
            Schema.unread("hooks"),
            Schema.unmodelled("application_fee_amount"),
            Schema.unmodelled("transfer_data"),
            Schema.items("expand"));

    private static final Schema CANCEL = Schema.of(
            Schema.oneOf("cancellation_reason", "abandoned", "duplicate", "fraudulent", "requested_by_customer"),
            Schema.items("expand"));

    private static final Schema SEARCH = Schema.of(
            Schema.text("query").mandatory(), Schema.whole("limit"), Schema.text("page"), Schema.items("expand"));

    private static final Set<String> PAYABLE =
            Set.of("requires_payment_method", "requires_confirmation", "requires_action");
    private static final List<String> FIXED_ONCE_PAID =
            List.of("amount", "currency", "customer", "payment_method", "payment_method_data", "payment_method_types");

    private static final ObjectNode TEMPLATE = Document.of("""
            {"id": null, "object": "payment_intent", "amount": 0, "amount_capturable": 0,
             "amount_details": {"tip": {}}, "amount_received": 0, "application": null,
             "application_fee_amount": null, "automatic_payment_methods": null, "canceled_at": null,
             "cancellation_reason": null, "capture_method": "automatic_async", "client_secret": null,
             "confirmation_method": "automatic", "created": 0, "currency": null, "customer": null,
             "customer_account": null, "description": null, "excluded_payment_method_types": null,
             "last_payment_error": null, "latest_charge": null, "livemode": false, "metadata": {},
             "next_action": null, "on_behalf_of": null, "payment_method": null,
             "payment_method_configuration_details": null, "payment_method_options": {},
             "payment_method_types": [], "processing": null, "receipt_email": null, "review": null,
             "setup_future_usage": null, "shipping": null, "source": null, "statement_descriptor": null,
             "statement_descriptor_suffix": null, "status": "requires_payment_method", "transfer_data": null,
             "transfer_group": null}""");

    private final Ledger ledger;
    private final Events events;
    private final PaymentMethods methods;
    private final Payments payments;

    PaymentIntents(Ledger ledger, Events events, PaymentMethods methods, Payments payments) {
        this.ledger = ledger;
        this.events = events;
        this.methods = methods;
        this.payments = payments;
    }

    Stream<Operation> operations() {
        var intent = "payment_intent";
        var path = "/v1/payment_intents";
        return Stream.of(
                Operation.post(path, "payment_intents.create", CREATE, intent, this::create),
                Operation.get(
                        path,
                        "payment_intents.list",
                        Listing.SCHEMA.and(Schema.text("customer")),
                        Expansion.listOf(intent),
                        this::list),
                // Before the retrieval, whose path would take "search" for an id.
                Operation.get(
                        path + "/search", "payment_intents.search", SEARCH, Expansion.listOf(intent), this::search),
                Operation.get(
                                path + "/:id",
                                "payment_intents.retrieve",
                                Operation.RETRIEVE.and(Schema.text("client_secret")),
                                intent,
                                this::retrieve)
                        .alsoInBrowsers(),
                Operation.post(path + "/:id", "payment_intents.update", UPDATE, intent, this::update),
                Operation.post(path + "/:id/confirm", "payment_intents.confirm", CONFIRM, intent, this::confirm)
                        .alsoInBrowsers(),
                Operation.post(path + "/:id/capture", "payment_intents.capture", CAPTURE, intent, this::capture),
                Operation.post(path + "/:id/cancel", "payment_intents.cancel", CANCEL, intent, this::cancel));
    }

    private ObjectNode create(Request request) {
        var params = request.params();
        var currency = Currencies.supported(params.text("currency").orElseThrow());
        long amount = params.whole("amount").orElseThrow();
        Currencies.checkCharge(amount, currency);
        var intent = TEMPLATE.deepCopy();
        var id = ledger.ids().next("pi_");
        intent.put("id", id)
                .put("amount", amount)
                .put("client_secret", id + "_secret_" + ledger.ids().random(25))
                .put("created", ledger.now())
                .put("currency", currency);
        setMethodTypes(intent, params);
        params.text("confirmation_method").ifPresent(value -> intent.put("confirmation_method", value));
        if (request.cause().idempotencyKey() != null) {
            intent.put("_idempotency_key", request.cause().idempotencyKey());
        }
        apply(intent, params);
        var method = methods.of(params);
        method.ifPresent(given -> attach(intent, given));
        ledger.saveIntent(intent);
        events.emit("payment_intent.created", intent, request.cause());
        return Document.wire(params.flag("confirm") ? confirm(intent.deepCopy(), method, request) : intent);
    }

    private static void setMethodTypes(ObjectNode intent, Params params) {
        var types = params.items("payment_method_types");
        var automatic = params.group("automatic_payment_methods");
        if (!types.isEmpty()) {
            if (automatic.map(group -> group.flag("enabled")).orElse(false)) {
                throw ApiError.exclusive("automatic_payment_methods", "payment_method_types");
            }
            setMethodTypes(intent, types);
            return;
        }
        if (automatic.map(group -> !group.flag("enabled")).orElse(false)) {
            intent.putArray("payment_method_types").add("card");
            return;
        }
        if (params.has("confirmation_method")) {
            throw ApiError.exclusive("automatic_payment_methods", "confirmation_method");
        }
        // Since API version 2023-08-16 this is also what happens when the caller says nothing.
        intent.putObject("automatic_payment_methods")
                .put(
                        "allow_redirects",
                        automatic
                                .flatMap(group -> group.text("allow_redirects"))
                                .orElse("always"))
                .put("enabled", true);
        var accepted = intent.putArray("payment_method_types").add("card");
        if (Document.is(intent, "currency", "usd")) {
            accepted.add("us_bank_account");
        }
    }

    private static void setMethodTypes(ObjectNode intent, List<String> types) {
        var accepted = intent.putArray("payment_method_types");
        for (var type : types) {
            if (!type.equals("card") && !type.equals("us_bank_account")) {
                throw ApiError.invalid("The payment method type provided: " + type + " is invalid. Please ensure the"
                                + " provided type is activated in your dashboard"
                                + " (https://dashboard.stripe.com/account/payments/settings) and your account is"
                                + " enabled for any preview features that you are trying to use.")
                        .code("payment_intent_invalid_parameter")
                        .param("payment_method_types");
            }
            if (type.equals("us_bank_account") && !Document.is(intent, "currency", "usd")) {
                throw ApiError.invalid("The currency provided (" + Document.text(intent, "currency")
                                + ") is invalid for one or more payment method types on this PaymentIntent.")
                        .code("payment_intent_invalid_parameter")
                        .param("payment_method_types");
            }
            accepted.add(type);
        }
    }

    /** What create, update and confirm write in the same way. */
    private void apply(ObjectNode intent, Params params) {
        for (var field : new String[] {
            "description",
            "receipt_email",
            "setup_future_usage",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_group"
        }) {
            if (params.has(field)) {
                intent.put(field, params.text(field).orElse(null));
            }
        }
        params.text("capture_method").ifPresent(value -> intent.put("capture_method", value));
        params.text("return_url").ifPresent(value -> intent.put("_return_url", value));
        params.group("shipping").ifPresent(shipping -> intent.set("shipping", Addresses.shipping(shipping)));
        if (params.unsets("shipping")) {
            intent.putNull("shipping");
        }
        params.text("customer").ifPresent(customer -> {
            if (!ledger.customers().has(customer)) {
                throw ApiError.noSuch("customer", customer, "customer");
            }
            intent.put("customer", customer);
        });
        Metadata.apply(intent, params);
    }

    private void attach(ObjectNode intent, ObjectNode method) {
        checkType(intent, method);
        intent.put("payment_method", Document.text(method, "id"))
                .put("status", "requires_confirmation")
                .putNull("next_action");
    }

    private static void checkType(ObjectNode intent, ObjectNode method) {
        var type = Document.text(method, "type");
        var accepted = Json.MAPPER.convertValue(intent.get("payment_method_types"), String[].class);
        if (!List.of(accepted).contains(type)) {
            throw ApiError.invalid("The PaymentMethod provided (" + type + ") is not allowed for this PaymentIntent."
                            + " Please attach a PaymentMethod with one of the following types: "
                            + String.join(", ", accepted) + ".")
                    .code("payment_intent_incompatible_payment_method")
                    .param("payment_method")
                    .with("payment_intent", Document.wire(intent));
        }
    }

    private ObjectNode list(Request request) {
        var customer = request.text("customer");
        customer.filter(id -> !ledger.customers().has(id)).ifPresent(id -> {
            throw ApiError.noSuch("customer", id, "customer");
        });
        return Listing.page(
                request.params(), "payment_intent", "/v1/payment_intents", ledger.intents(), intent -> customer.map(
                                id -> Document.is(intent, "customer", id))
                        .orElse(true));
    }

    private ObjectNode search(Request request) {
        var query = SearchQuery.parse(request.text("query").orElseThrow());
        int limit = Listing.limit(request.params());
        var found = ledger.search()
                .before(request.text("page").map(PaymentIntents::idOfPage).orElse(null))
                .filter(query)
                .limit(limit + 1L)
                .toList();
        var more = found.size() > limit;
        var page = more ? found.subList(0, limit) : found;
        var result = Listing.list("/v1/payment_intents/search", page, more).put("object", "search_result");
        return result.put("next_page", more ? pageOf(Document.text(page.getLast(), "id")) : null);
    }

    private static String pageOf(String lastId) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(lastId.getBytes(StandardCharsets.UTF_8));
    }

    private static String idOfPage(String page) {
        try {
            return new String(Base64.getUrlDecoder().decode(page), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiError.invalid("Invalid page token").param("page");
        }
    }

    private ObjectNode retrieve(Request request) {
        var intent = ledger.intent(request.path("id"));
        checkSecret(request, intent);
        return Document.wire(intent);
    }

    private static void checkSecret(Request request, ObjectNode intent) {
        var secret = request.text("client_secret");
        if (secret.isEmpty() && request.access() == Request.Access.PUBLISHABLE) {
            throw ApiError.missing("client_secret");
        }
        if (secret.isPresent() && !Document.is(intent, "client_secret", secret.get())) {
            throw ApiError.invalid("The client_secret provided does not match any associated PaymentIntent on this"
                            + " account. Ensure the provided client_secret is correct.")
                    .code("payment_intent_invalid_parameter")
                    .param("client_secret");
        }
    }

    private ObjectNode update(Request request) {
        var params = request.params();
        var intent = ledger.intent(request.path("id")).deepCopy();
        var status = Document.text(intent, "status");
        if (!PAYABLE.contains(status)) {
            FIXED_ONCE_PAID.stream().filter(params::has).findFirst().ifPresent(field -> {
                throw unexpectedState(
                                "This PaymentIntent's " + field + " could not be updated because it has a status of "
                                        + status + ". You may only update the " + field
                                        + " of a PaymentIntent with one of the following statuses:"
                                        + " requires_payment_method, requires_confirmation, requires_action.",
                                intent)
                        .param(field);
            });
        }
        var currency = params.text("currency").map(Currencies::supported).orElse(Document.text(intent, "currency"));
        long amount = params.whole("amount").orElse(Document.amount(intent, "amount"));
        Currencies.checkCharge(amount, currency);
        intent.put("currency", currency).put("amount", amount);
        if (params.has("payment_method_types")) {
            intent.putNull("automatic_payment_methods");
            setMethodTypes(intent, params.items("payment_method_types"));
        }
        apply(intent, params);
        methods.of(params).ifPresent(method -> attach(intent, method));
        ledger.saveIntent(intent);
        return Document.wire(intent);
    }

    private ObjectNode confirm(Request request) {
        var intent = ledger.intent(request.path("id")).deepCopy();
        checkSecret(request, intent);
        return Document.wire(confirm(intent, Optional.empty(), request));
    }

    /** @param given the payment method, when the caller has already been read */
    private ObjectNode confirm(ObjectNode intent, Optional<ObjectNode> given, Request request) {
        var params = request.params();
        checkConfirmable(request, intent);
        var method = given.or(() -> methods.of(params))
                .or(() -> Optional.ofNullable(Document.text(intent, "payment_method"))
                        .flatMap(ledger.methods()::find))
                .orElseThrow(() -> unexpectedState(
                        "You cannot confirm this PaymentIntent because it's missing a payment method. You can either"
                                + " update the PaymentIntent with a payment method and then confirm it again, or"
                                + " confirm it again directly with a payment method or ConfirmationToken.",
                        intent));
        if (params.has("payment_method_types")) {
            setMethodTypes(intent, params.items("payment_method_types"));
        }
        checkType(intent, method);
        apply(intent, params);
        var absent =
                params.text("off_session").map(value -> !value.equals("false")).orElse(false)
                        || params.flag("error_on_requires_action");
        return payments.pay(intent, method, absent, request.cause());
    }

    private static void checkConfirmable(Request request, ObjectNode intent) {
        var status = Document.text(intent, "status");
        if (status.equals("succeeded")) {
            throw unexpectedState(
                    "You cannot confirm this PaymentIntent because it has already succeeded after being previously"
                            + " confirmed.",
                    intent);
        }
        if (!PAYABLE.contains(status)) {
            throw unexpectedState(
                    "You cannot confirm this PaymentIntent because it has a status of " + status
                            + ". Only a PaymentIntent with one of the following statuses may be confirmed:"
                            + " requires_payment_method, requires_confirmation, requires_action.",
                    intent);
        }
        if (Document.is(intent, "confirmation_method", "manual") && request.access() == Request.Access.PUBLISHABLE) {
            throw ApiError.invalid("This PaymentIntent cannot be confirmed using your publishable key because its"
                            + " `confirmation_method` is set to `manual`. Please use your secret key instead, or create"
                            + " a PaymentIntent with `confirmation_method` set to `automatic`.")
                    .code("payment_intent_unexpected_state");
        }
    }

    private ObjectNode capture(Request request) {
        var intent = ledger.intent(request.path("id")).deepCopy();
        var status = Document.text(intent, "status");
        if (!status.equals("requires_capture")) {
            throw unexpectedState(
                    "This PaymentIntent could not be captured because it has a status of " + status
                            + ". Only a PaymentIntent with one of the following statuses may be captured:"
                            + " requires_capture.",
                    intent);
        }
        long held = Document.amount(intent, "amount_capturable");
        long amount = request.params().whole("amount_to_capture").orElse(held);
        if (amount < 1) {
            throw ApiError.invalid("This value must be greater than or equal to 1.")
                    .code("parameter_invalid_integer")
                    .param("amount_to_capture")
                    .with("payment_intent", Document.wire(intent));
        }
        if (amount > held) {
            throw ApiError.invalid("The payment could not be captured because the requested capture amount is greater"
                            + " than the amount you can capture for this charge.")
                    .code("amount_too_large")
                    .with("payment_intent", Document.wire(intent));
        }
        Currencies.checkDigits(amount, Document.text(intent, "currency"), "amount_to_capture");
        Metadata.apply(intent, request.params());
        return Document.wire(payments.capture(intent, amount, request.cause()));
    }

    private ObjectNode cancel(Request request) {
        var intent = ledger.intent(request.path("id")).deepCopy();
        var status = Document.text(intent, "status");
        if (status.equals("succeeded") || status.equals("canceled")) {
            throw unexpectedState(
                    "You cannot cancel this PaymentIntent because it has a status of " + status
                            + ". Only a PaymentIntent with one of the following statuses may be canceled:"
                            + " requires_payment_method, requires_capture, requires_confirmation, requires_action,"
                            + " processing.",
                    intent);
        }
        return Document.wire(payments.cancel(intent, request.text("cancellation_reason"), request.cause()));
    }

    private static ApiError unexpectedState(String message, ObjectNode intent) {
        return ApiError.invalid(message)
                .code("payment_intent_unexpected_state")
                .with("payment_intent", Document.wire(intent));
    }
}
