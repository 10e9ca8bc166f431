package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The smaller operations around the account: itself, its balance, its customers and the disputes against it. */
final class AccountData {

    private static final Schema CUSTOMER = Schema.of(
            Schema.email("email"),
            Schema.text("name", 256),
            Schema.text("phone", 20),
            Schema.text("description"),
            Schema.metadata(),
            Schema.items("expand"));

    private static final ObjectNode CUSTOMER_TEMPLATE = Document.of("""
            {"id": null, "object": "customer", "address": null, "balance": 0, "created": 0, "currency": null,
             "customer_account": null, "default_source": null, "delinquent": false, "description": null,
             "discount": null, "email": null, "invoice_prefix": null, "livemode": false, "metadata": {},
             "name": null, "phone": null, "preferred_locales": [], "shipping": null, "tax_exempt": "none",
             "test_clock": null}""");

    private static final ObjectNode ACCOUNT = Document.of("""
            {"id": "acct_sandbox", "object": "account", "business_type": "company",
             "capabilities": {"card_payments": "active", "us_bank_account_ach_payments": "active"},
             "charges_enabled": true, "country": "US", "default_currency": "usd", "details_submitted": true,
             "metadata": {}, "payouts_enabled": true, "type": "standard"}""");

    private final Ledger ledger;

    AccountData(Ledger ledger) {
        this.ledger = ledger;
    }

    Stream<Operation> operations() {
        return Stream.of(
                Operation.get(
                        "/v1/account",
                        "account.retrieve",
                        Operation.RETRIEVE,
                        Expansion.NOTHING,
                        request -> ACCOUNT.deepCopy()),
                Operation.get(
                        "/v1/balance", "balance.retrieve", Operation.RETRIEVE, Expansion.NOTHING, request -> balance()),
                Operation.post("/v1/customers", "customers.create", CUSTOMER, "customer", this::createCustomer),
                Operation.get(
                        "/v1/customers/:id",
                        "customers.retrieve",
                        Operation.RETRIEVE,
                        "customer",
                        request -> Document.wire(ledger.customers()
                                .find(request.path("id"))
                                .orElseThrow(() -> ApiError.notFound("customer", request.path("id"), "id")))),
                Operation.get(
                        "/v1/disputes",
                        "disputes.list",
                        Listing.SCHEMA.and(Schema.text("payment_intent"), Schema.text("charge")),
                        Expansion.listOf("dispute"),
                        this::listDisputes),
                Operation.get(
                        "/v1/disputes/:id",
                        "disputes.retrieve",
                        Operation.RETRIEVE,
                        "dispute",
                        request -> Document.wire(ledger.disputes()
                                .find(request.path("id"))
                                .orElseThrow(() -> ApiError.notFound("dispute", request.path("id"), "dispute")))));
    }

    /** What was taken and not given back, per currency; fees and payouts do not exist here. */
    private ObjectNode balance() {
        var sums = new TreeMap<String, Long>();
        sums.put("usd", 0L);
        ledger.charges().all().stream()
                .filter(charge -> Document.is(charge, "status", "succeeded"))
                .filter(charge -> charge.get("captured").asBoolean())
                .forEach(charge -> sums.merge(
                        Document.text(charge, "currency"),
                        Document.amount(charge, "amount_captured") - Document.amount(charge, "amount_refunded"),
                        Long::sum));
        var balance = Json.object().put("object", "balance");
        var available = balance.putArray("available");
        balance.put("livemode", false);
        var pending = balance.putArray("pending");
        sums.forEach((currency, sum) -> {
            available.addObject().put("amount", 0).put("currency", currency);
            pending.addObject().put("amount", sum).put("currency", currency);
        });
        return balance;
    }

    private ObjectNode createCustomer(Request request) {
        var customer = CUSTOMER_TEMPLATE.deepCopy();
        customer.put("id", ledger.ids().next("cus_")).put("created", ledger.now());
        for (var field : new String[] {"email", "name", "phone", "description"}) {
            customer.put(field, request.text(field).orElse(null));
        }
        Metadata.apply(customer, request.params());
        ledger.customers().save(customer);
        return Document.wire(customer);
    }

    private ObjectNode listDisputes(Request request) {
        var charge = request.text("charge");
        var shelf = request.text("payment_intent")
                .map(ledger.disputes()::shelfOfIntent)
                .orElse(ledger.disputes());
        return Listing.page(request.params(), "dispute", "/v1/disputes", shelf, dispute -> charge.map(
                        id -> Document.is(dispute, "charge", id))
                .orElse(true));
    }
}
