package io.orderflow.security;

import io.smallrye.config.ConfigMapping;

/** The first API key. */
@ConfigMapping(prefix = "orderflow.security")
public interface SecurityConfig {

    /** It may do everything. At least 24 characters. */
    String bootstrapApiKey();

    /** Whose the orders are that are placed with it. It must not change: it is part of every order's id. */
    String client();
}
