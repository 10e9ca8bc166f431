package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The registered clients. One with all scopes is there from the first start. */
final class Clients {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Store.Table table;
    private final Client first;

    Clients(Store store, Set<String> allScopes) {
        table = store.table("oauth-clients");
        var settings = store.table("oauth-settings");
        if (settings.get("first").isEmpty()) {
            var made = register(new Client("orderflow-" + random(6), random(32), allScopes, Client.TOKEN_SECONDS));
            settings.put("first", Json.object().put("clientId", made.id()));
        }
        first = find(settings.get("first").orElseThrow().get("clientId").textValue())
                .orElseThrow();
    }

    Client first() {
        return first;
    }

    Optional<Client> find(String id) {
        return table.get(id).map(Client::from);
    }

    Client register(Client client) {
        table.put(client.id(), client.toJson());
        return client;
    }

    static String random(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    static Set<String> split(String scopes) {
        return new LinkedHashSet<>(List.of(scopes.strip().split(" +")));
    }
}
