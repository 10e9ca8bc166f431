package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;

/** Cards and bank accounts that a customer pays with. */
final class PaymentMethods {

    /** A payment method written out in a request. */
    static final Schema.Param[] DATA = {
        Schema.oneOf("type", "card", "us_bank_account").mandatory(),
        Schema.group(
                "card",
                Schema.text("number"),
                Schema.whole("exp_month"),
                Schema.whole("exp_year"),
                Schema.text("cvc"),
                Schema.text("token"),
                Schema.unread("networks")),
        Schema.group(
                "us_bank_account",
                Schema.text("account_number"),
                Schema.text("routing_number"),
                Schema.oneOf("account_type", "checking", "savings"),
                Schema.oneOf("account_holder_type", "company", "individual")),
        Schema.group(
                "billing_details",
                Schema.group("address", Addresses.FIELDS).orUnset(),
                Schema.email("email").orUnset(),
                Schema.text("name").orUnset(),
                Schema.text("phone").orUnset(),
                Schema.text("tax_id").orUnset()),
        Schema.metadata(),
        Schema.oneOf("allow_redisplay", "always", "limited", "unspecified"),
        Schema.unread("radar_options")
    };

    private static final ObjectNode CARD = Document.of("""
            {"id": null, "object": "payment_method", "allow_redisplay": "unspecified",
             "billing_details": {
               "address": {"city": null, "country": null, "line1": null, "line2": null, "postal_code": null,
                           "state": null},
               "email": null, "name": null, "phone": null, "tax_id": null},
             "card": {"brand": null,
               "checks": {"address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass"},
               "country": "US", "display_brand": null, "exp_month": null, "exp_year": null, "fingerprint": null,
               "funding": null, "generated_from": null, "last4": null,
               "networks": {"available": [], "preferred": null}, "regulated_status": "unregulated",
               "three_d_secure_usage": {"supported": true}, "wallet": null},
             "created": null, "customer": null, "customer_account": null, "livemode": false, "metadata": {},
             "type": "card"}""");

    private static final ObjectNode BANK_ACCOUNT = Document.of("""
            {"id": null, "object": "payment_method", "allow_redisplay": "unspecified",
             "billing_details": {
               "address": {"city": null, "country": null, "line1": null, "line2": null, "postal_code": null,
                           "state": null},
               "email": null, "name": null, "phone": null, "tax_id": null},
             "created": null, "customer": null, "customer_account": null, "livemode": false, "metadata": {},
             "type": "us_bank_account",
             "us_bank_account": {"account_holder_type": "individual", "account_type": "checking",
               "bank_name": "STRIPE TEST BANK", "financial_connections_account": null, "fingerprint": null,
               "last4": null, "networks": {"preferred": "ach", "supported": ["ach"]},
               "routing_number": "110000000", "status_details": {}}}""");

    private final Ledger ledger;

    PaymentMethods(Ledger ledger) {
        this.ledger = ledger;
    }

    Stream<Operation> operations() {
        return Stream.of(
                Operation.post(
                                "/v1/payment_methods",
                                "payment_methods.create",
                                Schema.of(DATA).and(Schema.items("expand")),
                                "payment_method",
                                request -> Document.wire(create(request.params())))
                        .alsoInBrowsers(),
                Operation.get(
                        "/v1/payment_methods/:id",
                        "payment_methods.retrieve",
                        Operation.RETRIEVE,
                        "payment_method",
                        request -> Document.wire(ledger.methods()
                                .find(request.path("id"))
                                .orElseThrow(() ->
                                        ApiError.notFound("PaymentMethod", request.path("id"), "payment_method")))));
    }

    /** The payment method that a request names or writes out, if it does either. */
    Optional<ObjectNode> of(Params params) {
        if (params.has("payment_method") && params.has("payment_method_data")) {
            throw ApiError.exclusive("payment_method", "payment_method_data");
        }
        return params.text("payment_method").map(this::named).or(() -> params.group("payment_method_data")
                .map(this::create));
    }

    private ObjectNode named(String id) {
        // The test ids stand for a fresh payment method each time.
        return TestMethod.byToken(id)
                .map(test -> save(blank(test)))
                .or(() -> ledger.methods().find(id))
                .orElseThrow(() -> ApiError.noSuch("PaymentMethod", id, "payment_method"));
    }

    /** What will happen when {@code method} is asked to pay. */
    static TestMethod.Behavior behavior(ObjectNode method) {
        return TestMethod.byToken(Document.text(method, "_test")).orElseThrow().behavior();
    }

    /** A payment method that no customer keeps pays once only. */
    void use(ObjectNode method) {
        if (method.has("_used")) {
            throw ApiError.invalid(
                    "The provided PaymentMethod was previously used with a PaymentIntent without Customer"
                            + " attachment, shared with a connected account without Customer attachment, or was detached from a"
                            + " Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it"
                            + " to a Customer first.");
        }
        ledger.methods().save(method.deepCopy().put("_used", true));
    }

    private ObjectNode create(Params data) {
        var method = data.text("type").orElseThrow().equals("card")
                ? card(data.group("card").orElseThrow(() -> ApiError.missing("card")))
                : bankAccount(data.group("us_bank_account").orElseThrow(() -> ApiError.missing("us_bank_account")));
        data.group("billing_details").ifPresent(given -> {
            var details = (ObjectNode) method.get("billing_details");
            given.group("address").ifPresent(address -> Addresses.fill((ObjectNode) details.get("address"), address));
            for (var field : new String[] {"email", "name", "phone", "tax_id"}) {
                given.text(field).ifPresent(value -> details.put(field, value));
            }
        });
        data.group("metadata").ifPresent(metadata -> method.set("metadata", Metadata.merged(method, metadata)));
        data.text("allow_redisplay").ifPresent(value -> method.put("allow_redisplay", value));
        return save(method);
    }

    private ObjectNode save(ObjectNode method) {
        ledger.methods().save(method);
        return method;
    }

    private ObjectNode card(Params card) {
        if (card.has("token")) {
            var token = card.text("token").orElse("");
            return TestMethod.byToken(token.replaceFirst("^tok_", "pm_card_"))
                    .filter(test -> token.startsWith("tok_"))
                    .map(this::blank)
                    .orElseThrow(() -> ApiError.noSuch("token", token, "card[token]"));
        }
        var number = card.text("number")
                .orElseThrow(() -> ApiError.missing("card[number]"))
                .replaceAll("[ -]", "");
        if (!number.matches("\\d{12,19}") || !hasCheckDigit(number)) {
            throw ApiError.card("incorrect_number", "Your card number is incorrect.")
                    .param("number");
        }
        checkExpiry(card);
        if (!card.text("cvc").map(cvc -> cvc.matches("\\d{3,4}")).orElse(true)) {
            throw ApiError.card("invalid_cvc", "Your card's security code is invalid.")
                    .param("cvc");
        }
        var test = TestMethod.byNumber(number)
                .filter(known -> known.type().equals("card"))
                .orElseThrow(() -> ApiError.card(
                                "card_declined",
                                "Your card was declined. Your request was in test mode, but used a non test (live) card. For a"
                                        + " list of valid test cards, visit: https://stripe.com/docs/testing.")
                        .with("decline_code", "test_mode_live_card"));
        var method = blank(test);
        ((ObjectNode) method.get("card"))
                .put("exp_month", card.whole("exp_month").orElseThrow())
                .put("exp_year", year(card));
        return method;
    }

    private void checkExpiry(Params card) {
        long month = card.whole("exp_month").orElseThrow(() -> ApiError.missing("card[exp_month]"));
        if (month < 1 || month > 12) {
            throw ApiError.card("invalid_expiry_month", "Your card's expiration month is invalid.")
                    .param("exp_month");
        }
        long year = year(card);
        var now = YearMonth.from(ledger.clock().instant().atZone(ZoneOffset.UTC));
        if (year > now.getYear() + 50
                || year < 2000
                || YearMonth.of((int) year, (int) month).isBefore(now)) {
            throw ApiError.card("invalid_expiry_year", "Your card's expiration year is invalid.")
                    .param("exp_year");
        }
    }

    private static long year(Params card) {
        long year = card.whole("exp_year").orElseThrow(() -> ApiError.missing("card[exp_year]"));
        return year >= 0 && year < 100 ? 2000 + year : year;
    }

    private ObjectNode bankAccount(Params account) {
        var number =
                account.text("account_number").orElseThrow(() -> ApiError.missing("us_bank_account[account_number]"));
        var routing =
                account.text("routing_number").orElseThrow(() -> ApiError.missing("us_bank_account[routing_number]"));
        if (!routing.equals("110000000")) {
            throw ApiError.invalid("You must use a test bank account routing number in testmode transactions. Try using"
                            + " 110000000.")
                    .code("routing_number_invalid")
                    .param("us_bank_account[routing_number]");
        }
        return TestMethod.byNumber(number)
                .filter(known -> known.type().equals("us_bank_account"))
                .map(this::blank)
                .orElseThrow(() -> ApiError.invalid("You must use a test bank account number in testmode transactions.")
                        .code("account_number_invalid")
                        .param("us_bank_account[account_number]"));
    }

    private ObjectNode blank(TestMethod test) {
        var isCard = test.type().equals("card");
        var method = (isCard ? CARD : BANK_ACCOUNT).deepCopy();
        method.put("id", ledger.ids().next("pm_")).put("created", ledger.now());
        var details = (ObjectNode) method.get(test.type());
        details.put("fingerprint", Integer.toString(test.number().hashCode() & 0x7fffffff, 36) + "sandbox")
                .put("last4", test.number().substring(test.number().length() - 4));
        if (isCard) {
            details.put("brand", test.brand())
                    .put("display_brand", test.brand())
                    .put("funding", test.funding())
                    .put("exp_month", 8)
                    .put(
                            "exp_year",
                            ledger.clock().instant().atZone(ZoneOffset.UTC).getYear() + 1);
            ((ObjectNode) details.get("networks")).putArray("available").add(test.brand());
        }
        return method.put("_test", test.token());
    }

    /** Luhn's formula, ISO/IEC 7812-1. */
    private static boolean hasCheckDigit(String number) {
        int sum = 0;
        for (int i = 0; i < number.length(); i++) {
            int digit = number.charAt(number.length() - 1 - i) - '0';
            int weighed = i % 2 == 0 ? digit : digit * 2;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return sum % 10 == 0;
    }
}
