package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The scopes there are, and how they are written: in one string, a space between them. */
final class Scopes {

    /** Those of Orderflow's API. */
    static final Set<String> API =
            of("orders:read", "orders:write", "payments:write", "ops:read", "ops:write", "keys:write");

    /** Those of OpenID Connect, which say what a client learns about a person. */
    static final Set<String> IDENTITY = of("openid", "profile", "email");

    private Scopes() {}

    static Set<String> of(String... scopes) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(scopes)));
    }

    static Set<String> both(Set<String> one, Set<String> other) {
        var all = new LinkedHashSet<>(one);
        all.addAll(other);
        return Collections.unmodifiableSet(all);
    }

    static Set<String> common(Set<String> one, Set<String> other) {
        var common = new LinkedHashSet<>(one);
        common.retainAll(other);
        return Collections.unmodifiableSet(common);
    }

    static Set<String> parse(String scopes) {
        return of(scopes.strip().split(" +"));
    }

    static String text(Set<String> scopes) {
        return String.join(" ", scopes);
    }

    static Set<String> from(JsonNode list) {
        var scopes = new LinkedHashSet<String>();
        list.forEach(scope -> scopes.add(scope.asText()));
        return Collections.unmodifiableSet(scopes);
    }
}
