package io.orderflow.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;

/** The buckets of this instance. Those that were not asked for the longest make room for others. */
final class LocalBuckets {

    private static final int MOST = 100_000;

    /** By then a bucket is full again. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private final Cache<String, Bucket> buckets =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(FORGOTTEN).build();

    ConsumptionProbe take(Limit limit, String who) {
        return bucket(limit, who).tryConsumeAndReturnRemaining(1);
    }

    private Bucket bucket(Limit limit, String who) {
        return buckets.get(limit.key(who), key -> Bucket.builder()
                .addLimit(limit.bucket().getBandwidths()[0])
                .withNanosecondPrecision()
                .build());
    }
}
