package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Store;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The registered clients. There from the first start: {@code shop} and {@code ops-robot}, which are programs, and
 * {@code dashboard}, the web client of the app and of Vite's development server.
 */
final class Clients {

    static final String SHOP = "shop";
    static final String DASHBOARD = "dashboard";

    private static final String DEVELOPMENT = "http://localhost:5173";
    private static final int DASHBOARD_TOKEN_SECONDS = 900;

    private final Store.Table table;

    Clients(Store store, URI app) {
        table = store.table("oauth-clients");
        program(SHOP, Scopes.of("orders:read", "orders:write", "payments:write"));
        program("ops-robot", Scopes.API);
        // The app may be somewhere else than at the last start.
        register(new Client(
                DASHBOARD,
                Optional.empty(),
                Scopes.both(Scopes.IDENTITY, Scopes.API),
                Stream.of(app.toString(), DEVELOPMENT)
                        .flatMap(base -> Stream.of(
                                        "/",
                                        "/dashboard",
                                        "/dashboard/",
                                        "/dashboard/callback",
                                        "/hawtio",
                                        "/hawtio/",
                                        "/hawtio/index.html")
                                .map(base::concat))
                        .collect(Collectors.toUnmodifiableSet()),
                DASHBOARD_TOKEN_SECONDS));
    }

    private void program(String id, Set<String> scopes) {
        var secret = find(id).flatMap(Client::secret).orElseGet(() -> Secrets.random(32));
        register(new Client(id, Optional.of(secret), scopes, Set.of(), Client.TOKEN_SECONDS));
    }

    Optional<Client> find(String id) {
        return table.get(id).map(Client::from);
    }

    Stream<Client> all() {
        return table.all().map(Client::from);
    }

    /** Adds a client, or changes the one of this id. */
    Client register(Client client) {
        table.put(client.id(), client.toJson());
        return client;
    }

    /** Where web clients come from. */
    boolean isOrigin(String origin) {
        return all().flatMap(client -> client.redirectUris().stream())
                .map(Clients::origin)
                .anyMatch(origin::equals);
    }

    static String origin(String uri) {
        var parsed = URI.create(uri);
        return parsed.getScheme() + "://" + parsed.getRawAuthority();
    }
}
