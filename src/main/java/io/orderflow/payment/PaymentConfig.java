package io.orderflow.payment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How long payments are waited for. Every duration is scaled by {@code orderflow.time-scale}. */
@ConfigMapping(prefix = "orderflow.payments")
public interface PaymentConfig {

    /** How many payments an instance asks about in a second; the rest waits. */
    int checksPerSecond();

    /** How long nothing may be heard of a payment before Stripe is asked. */
    @WithDefault("10m")
    Duration firstCheck();

    /** The longest pause between two questions. */
    @WithDefault("6h")
    Duration longestCheck();

    /** How old an order becomes that nobody pays, before it is cancelled; never when it is absent. */
    Optional<Duration> cancelUnpaidAfter();
}
