package io.orderflow.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Set;

/** Who is known. */
@ConfigMapping(prefix = "orderflow.security")
public interface SecurityConfig {

    /** It may do everything. At least 24 characters. */
    String bootstrapApiKey();

    /** Whose the orders are that are placed with it. It must not change: it is part of every order's id. */
    String client();

    /** What tokens must be meant for; with a slash after it, it may stand before each of their scopes. */
    @WithDefault("orderflow")
    String audience();

    /** By the OAuth client id of a token: whose orders it places. Otherwise they are the OAuth client's own. */
    Map<String, String> clients();

    /** By an e-mail address that the issuer has verified: scopes, besides those that the token has. */
    Map<String, Set<String>> grants();
}
