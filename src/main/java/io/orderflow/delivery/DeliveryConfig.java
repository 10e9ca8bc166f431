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
    @WithDefault("45s")
    Duration lease();

    /**
     * The longest that one attempt at a delivery can take, with all its calls and the notice of its dead letter. None
     * starts that could outlive its claim.
     */
    @WithDefault("20s")
    Duration callTimeout();

    /** The longest that one HTTP call of an integration can take, to the last byte of its answer. Not scaled. */
    @WithDefault("7s")
    Duration httpTimeout();

    /** The longest that one call of SNS can take. Not scaled. */
    @WithDefault("5s")
    Duration snsTimeout();

    /** The longest that a message to a queue can take: a caller may be waiting for its answer meanwhile. Not scaled. */
    @WithDefault("2s")
    Duration queueTimeout();

    /** How long after its start a call to Stripe for which a caller waits may still be repeated. */
    @WithDefault("500ms")
    Duration apiPatience();

    /** Before the first quick redelivery; three times as long before the second. Not scaled. */
    Duration quickDelay();

    /** Before the ledger is written to once more; twice as long each time, five times. Not scaled. */
    Duration ledgerDelay();

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
