package io.orderflow.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How often one may ask. */
@ConfigMapping(prefix = "orderflow.limits")
public interface LimitConfig {

    /** Of one API key or user, once it is known. */
    Rate caller();

    /** Of one address, before anything is believed of what it says. */
    Address address();

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

    /** The same for addresses. */
    interface Address extends Rate {

        /** How many tokens a wrong key or token takes besides; 0 or more. What is not there is owed. */
        @WithDefault("50")
        long wrongKeyCost();
    }
}
