package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A registered client.
 *
 * @param scopes what it may ask for
 * @param tokenSeconds how long its tokens last
 */
record Client(String id, String secret, Set<String> scopes, int tokenSeconds) {

    static final int TOKEN_SECONDS = 3600;

    ObjectNode toJson() {
        var json = Json.object().put("clientId", id).put("clientSecret", secret).put("tokenSeconds", tokenSeconds);
        scopes.forEach(json.putArray("scopes")::add);
        return json;
    }

    static Client from(JsonNode json) {
        var scopes = new LinkedHashSet<String>();
        json.get("scopes").forEach(scope -> scopes.add(scope.textValue()));
        return new Client(
                json.get("clientId").textValue(),
                json.get("clientSecret").textValue(),
                scopes,
                json.get("tokenSeconds").intValue());
    }
}
