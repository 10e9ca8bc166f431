package io.orderflow.security;

import io.orderflow.api.Caller;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes the identity of a caller, the same whether it showed an API key or a token. */
final class Identities {

    /** Every scope there is; as roles they are named in the permissions of {@code application.properties}. */
    static final Set<String> SCOPES =
            Set.of("orders:read", "orders:write", "payments:write", "ops:read", "ops:write", "keys:write");

    private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private Identities() {}

    /**
     * An identity.
     *
     * @param client whose orders it places; see {@link #isClient}
     * @param scopes what it may do, of {@link #SCOPES}
     * @param actor who it is among the client's, as it is kept beside what it did: the id of an API key or a token's
     *     subject; never a secret
     */
    static SecurityIdentity of(String client, Set<String> scopes, String actor) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(client))
                .addRoles(scopes)
                .addAttribute(Caller.ACTOR, actor)
                .build();
    }

    /**
     * Whether a client can be called so: 1 to 100 letters, digits, dots, hyphens and underscores, the first a letter or
     * digit. The name is part of order ids and index keys, and must not change.
     */
    static boolean isClient(String name) {
        return CLIENT.matcher(name).matches();
    }
}
