package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.World;
import java.time.Clock;

/** All that the account holds. */
record Ledger(
        Clock clock,
        Ids ids,
        Documents intents,
        Documents charges,
        Documents refunds,
        Documents methods,
        Documents disputes,
        Documents customers,
        SearchIndex search) {

    static Ledger open(World world) {
        var intents = documents(world, "intents");
        return new Ledger(
                world.clock(),
                new Ids(world.clock()),
                intents,
                documents(world, "charges"),
                documents(world, "refunds"),
                documents(world, "payment-methods"),
                documents(world, "disputes"),
                documents(world, "customers"),
                new SearchIndex(world.clock(), world.scaled(SearchIndex.LAG), intents.all()));
    }

    private static Documents documents(World world, String name) {
        return new Documents(world.store().table("stripe-" + name));
    }

    /** Stripe's time stamp: seconds. */
    long now() {
        return clock.instant().getEpochSecond();
    }

    void saveIntent(ObjectNode intent) {
        intent.put("_changed", clock.millis());
        intents.save(intent);
        search.add(intent);
    }

    /** The intent that a path names. */
    ObjectNode intent(String id) {
        return intents.find(id).orElseThrow(() -> ApiError.notFound("payment_intent", id, "intent"));
    }

    /** The charge by its id; what asks for it knows that it exists. */
    ObjectNode charge(String id) {
        return charges.find(id).orElseThrow(() -> ApiError.notFound("charge", id, "id"));
    }

    void clear() {
        intents.clear();
        charges.clear();
        refunds.clear();
        methods.clear();
        disputes.clear();
        customers.clear();
        search.clear();
    }
}
