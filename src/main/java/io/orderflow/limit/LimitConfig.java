package io.orderflow.limit;

import io.smallrye.config.ConfigMapping;

/** How often one may ask. */
@ConfigMapping(prefix = "orderflow.limits")
public interface LimitConfig {

    /** Of one API key or user, once it is known. */
    Rate caller();

    /** Of one address, before anything is believed of what it says. */
    Rate address();

    /** Of wrong API keys from one address. */
    Rate wrongKey();

    /** Of one webhook from one address. */
    Rate webhookSender();

    /** Of one webhook from everywhere. */
    Rate webhook();

    /** A bucket of tokens, of which each request takes one. */
    interface Rate {

        /** How many tokens come back in a second; at least 1. */
        long perSecond();

        /** How many there are at most; at least 1. */
        long burst();
    }
}
