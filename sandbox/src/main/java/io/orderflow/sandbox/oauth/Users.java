package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The people who can sign in. Their passwords are made at the first start, and shown on the page that asks for them. */
final class Users {

    private final Store.Table passwords;
    private final List<User> all;

    Users(Store store) {
        passwords = store.table("oauth-passwords");
        all = List.of(
                user("viewer", "Vera Viewer", "sees orders and what happens", Scopes.of("orders:read", "ops:read")),
                user(
                        "operator",
                        "Oscar Operator",
                        "sees the same, and deals with what failed",
                        Scopes.of("orders:read", "ops:read", "ops:write")),
                user("admin", "Ada Admin", "may do everything, API keys included", Scopes.API));
    }

    private User user(String id, String name, String mayDo, Set<String> scopes) {
        if (passwords.get(id).isEmpty()) {
            passwords.put(id, Json.object().put("password", Secrets.password()));
        }
        var password = passwords.get(id).orElseThrow().get("password").textValue();
        return new User(id, name, mayDo, scopes, password);
    }

    List<User> all() {
        return all;
    }

    Optional<User> find(String id) {
        return all.stream().filter(user -> user.id().equals(id)).findFirst();
    }
}
