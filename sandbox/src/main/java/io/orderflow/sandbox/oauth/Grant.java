package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a person lets a web client do.
 *
 * @param userId who signed in
 * @param sid the session that it belongs to; not the cookie
 * @param authenticatedAt when the password was given
 * @param nonce the client's own, which comes back in the ID token
 */
record Grant(
        String clientId,
        String userId,
        Set<String> scopes,
        String sid,
        Instant authenticatedAt,
        Optional<String> nonce) {

    /** For ID tokens that no authorization request waits for. */
    Grant withoutNonce() {
        return new Grant(clientId, userId, scopes, sid, authenticatedAt, Optional.empty());
    }

    ObjectNode toJson() {
        var json = Json.object()
                .put("clientId", clientId)
                .put("userId", userId)
                .put("scope", Scopes.text(scopes))
                .put("sid", sid)
                .put("authenticatedAt", authenticatedAt.toString());
        nonce.ifPresent(value -> json.put("nonce", value));
        return json;
    }

    static Grant from(JsonNode json) {
        return new Grant(
                json.get("clientId").textValue(),
                json.get("userId").textValue(),
                Scopes.parse(json.get("scope").textValue()),
                json.get("sid").textValue(),
                Instant.parse(json.get("authenticatedAt").textValue()),
                Optional.ofNullable(json.path("nonce").textValue()));
    }
}
