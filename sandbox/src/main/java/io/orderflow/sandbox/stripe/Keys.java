package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;

/**
 * The account's keys. They are made at the first start and then stay, also through a reset.
 *
 * @param secret for servers: may do all
 * @param publishable for browsers
 * @param webhook what webhooks are signed with
 */
record Keys(String secret, String publishable, String webhook) {

    private static final String ROW = "keys";

    static Keys of(Store.Table table, Ids ids) {
        var stored = table.get(ROW).orElseGet(() -> {
            var made = make(ids);
            table.put(ROW, made);
            return made;
        });
        return new Keys(
                stored.get("secret").asText(),
                stored.get("publishable").asText(),
                stored.get("webhook").asText());
    }

    private static ObjectNode make(Ids ids) {
        return Json.object()
                .put("secret", "sk_test_sandbox" + ids.random(40))
                .put("publishable", "pk_test_sandbox" + ids.random(40))
                .put("webhook", "whsec_sandbox" + ids.random(32));
    }
}
