package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;

/** How many tokens were issued to whom, and of the last access tokens what they allow; never a token itself. */
final class Issued {

    private static final int KEPT = 200;

    private final Store.Table counts;
    private final Store.Table latest;

    Issued(Store store) {
        counts = store.table("oauth-issued");
        latest = store.table("oauth-tokens");
    }

    /** @param kind {@code accessTokens}, {@code idTokens} or {@code refreshTokens} */
    void count(String clientId, String kind) {
        var all = counts.get(clientId).orElseGet(Json::object);
        counts.put(
                clientId, all.put("clientId", clientId).put(kind, all.path(kind).asLong() + 1));
    }

    void remember(ObjectNode accessToken) {
        latest.append(accessToken, KEPT);
    }

    ObjectNode effects() {
        var effects = Json.object();
        counts.all().forEach(effects.putArray("issued")::add);
        latest.all().forEach(effects.putArray("tokens")::add);
        return effects;
    }

    void clear() {
        counts.clear();
        latest.clear();
    }
}
