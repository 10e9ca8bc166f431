package io.orderflow.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The first API key, and how the others are kept. */
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
}
