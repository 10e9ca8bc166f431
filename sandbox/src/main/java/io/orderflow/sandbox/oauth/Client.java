package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.util.Optional;
import java.util.Set;

/**
 * A registered client: a program with a secret, or the web client of people, which has none.
 *
 * @param secret empty for a web client
 * @param scopes what it may ask for
 * @param redirectUris where a web client takes its answers, compared as they are written
 * @param tokenSeconds how long its access tokens last
 */
record Client(String id, Optional<String> secret, Set<String> scopes, Set<String> redirectUris, int tokenSeconds) {

    static final int TOKEN_SECONDS = 3600;

    boolean isPublic() {
        return secret.isEmpty();
    }

    Set<String> grantTypes() {
        return isPublic() ? Set.of("authorization_code", "refresh_token") : Set.of("client_credentials");
    }

    ObjectNode toJson() {
        var json = Json.object().put("clientId", id);
        secret.ifPresent(value -> json.put("clientSecret", value));
        json.put("tokenSeconds", tokenSeconds);
        scopes.forEach(json.putArray("scopes")::add);
        redirectUris.forEach(json.putArray("redirectUris")::add);
        return json;
    }

    static Client from(JsonNode json) {
        return new Client(
                json.get("clientId").textValue(),
                Optional.ofNullable(json.path("clientSecret").textValue()),
                Scopes.from(json.get("scopes")),
                Scopes.from(json.path("redirectUris")),
                json.get("tokenSeconds").intValue());
    }
}
