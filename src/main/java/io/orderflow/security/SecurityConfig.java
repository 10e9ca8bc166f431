package io.orderflow.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who is known: by API keys, how they are kept, and by tokens. */
@ConfigMapping(prefix = "orderflow.security")
public interface SecurityConfig {

    /** It may do everything. At least 24 characters. Without it there are only the keys in the ledger. */
    Optional<String> bootstrapApiKey();

    /** Whose the orders are that are placed with it. It must not change: it is part of every order's id. */
    String client();

    /**
     * Under which the hashes of API keys are made, at least 32 characters each. The first is used for new ones, any of
     * them to know a key again.
     */
    List<String> keyHashSecret();

    /** How long an instance may rely on what it has read of an API key. */
    @WithDefault("5s")
    Duration keyCache();

    /** What tokens must be meant for; with a slash after it, it may stand before each of their scopes. */
    @WithDefault("orderflow")
    String audience();

    /** By the OAuth client id of a token: whose orders it places. Otherwise they are the OAuth client's own. */
    Map<String, String> clients();

    /** By an e-mail address that the issuer has verified: scopes, besides those that the token has. */
    Map<String, Set<String>> grants();
}
