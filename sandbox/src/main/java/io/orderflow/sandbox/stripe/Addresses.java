package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;

/** Postal addresses and what is shipped to them. */
final class Addresses {

    static final Schema.Param[] FIELDS = {
        Schema.text("city").orUnset(),
        Schema.text("country").orUnset(),
        Schema.text("line1").orUnset(),
        Schema.text("line2").orUnset(),
        Schema.text("postal_code").orUnset(),
        Schema.text("state").orUnset()
    };

    private static final String[] SHIPPING_FIELDS = {"carrier", "name", "phone", "tracking_number"};

    /** The {@code shipping} of an intent. */
    static final Schema.Param SHIPPING = Schema.group(
            "shipping",
            Schema.group("address", FIELDS).mandatory(),
            Schema.text("name").mandatory(),
            Schema.text("carrier").orUnset(),
            Schema.text("phone").orUnset(),
            Schema.text("tracking_number").orUnset());

    private Addresses() {}

    /** Copies what {@code given} holds into {@code address}; what it does not hold stays. */
    static void fill(ObjectNode address, Params given) {
        for (var field : FIELDS) {
            given.text(field.name()).ifPresent(value -> address.put(field.name(), value));
        }
    }

    static ObjectNode shipping(Params given) {
        var shipping = Json.object();
        var address = shipping.putObject("address");
        for (var field : FIELDS) {
            address.put(
                    field.name(),
                    given.group("address").flatMap(of -> of.text(field.name())).orElse(null));
        }
        for (var field : SHIPPING_FIELDS) {
            shipping.put(field, given.text(field).orElse(null));
        }
        return shipping;
    }
}
