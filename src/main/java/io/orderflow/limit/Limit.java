package io.orderflow.limit;

import io.github.bucket4j.BucketConfiguration;
import io.orderflow.limit.LimitConfig.Rate;
import java.time.Duration;

/**
 * A limit.
 *
 * @param name as callers see it
 * @param burst how many requests may come at once
 * @param perSecond how many a second in the long run
 */
record Limit(String name, long burst, long perSecond) {

    Limit {
        if (burst < 1 || perSecond < 1) {
            throw new IllegalArgumentException("orderflow.limits." + name
                    + ".burst and .per-second must be at least 1; they are " + burst + " and " + perSecond);
        }
    }

    Limit(String name, Rate rate) {
        this(name, rate.burst(), rate.perSecond());
    }

    BucketConfiguration bucket() {
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }

    /** In how many seconds an empty bucket is full again, rounded up. */
    long window() {
        return Math.ceilDiv(burst, perSecond);
    }

    /** Where the bucket of {@code who} is. A changed limit begins with full ones. */
    String key(String who) {
        return "orderflow:limit:" + name + ":" + burst + "/" + perSecond + ":" + who;
    }
}
