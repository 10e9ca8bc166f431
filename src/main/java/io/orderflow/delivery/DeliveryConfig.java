package io.orderflow.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithDefaults;
import java.time.Duration;
import java.util.Map;

/** How patient deliveries are. Every duration is scaled by {@code orderflow.time-scale}. */
@ConfigMapping(prefix = "orderflow.delivery")
public interface DeliveryConfig {

    /** How long a claim lasts. All the calls of one claim must fit in. */
    @WithDefault("60s")
    Duration lease();

    /** The longest that one call to a third party can take. No attempt starts that could outlive its deadline. */
    @WithDefault("10s")
    Duration callTimeout();

    /** How long the caller of the API waits for Stripe, at most. */
    @WithDefault("4s")
    Duration apiWait();

    /** Before the first quick redelivery; three times as long before the second. Not scaled. */
    Duration quickDelay();

    /** How many quick redeliveries a route makes before an order is parked. */
    @WithDefault("2")
    int quickRedeliveries();

    /** By integration; what is not set for one has the default. */
    @WithDefaults
    Map<String, Schedule> schedule();

    /** When a parked delivery is due again, and when it is given up. */
    interface Schedule {

        /** The delay after the first failed attempt; it doubles with each one. */
        @WithDefault("30s")
        Duration firstDelay();

        @WithDefault("6h")
        Duration maximumDelay();

        /** Given up after so many attempts, */
        @WithDefault("40")
        int attempts();

        /** or when the event is as old as this. */
        @WithDefault("3d")
        @io.smallrye.config.WithConverter(io.quarkus.runtime.configuration.DurationConverter.class)
        Duration giveUpAfter();
    }
}
