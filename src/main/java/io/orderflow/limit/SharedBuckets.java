package io.orderflow.limit;

import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** The buckets that all instances share, in Redis. While it does not answer, it is left alone but for a try now and then. */
final class SharedBuckets implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SharedBuckets.class);

    /** How long an answer is waited for: a caller waits as long. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    /** Between two tries while it does not answer. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Less than the pause: there is one try at a time. */
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(1);

    /** After it a full bucket is forgotten. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private final RedisClient client;
    private final RedisURI uri;
    private final AtomicBoolean isAway = new AtomicBoolean();
    private final AtomicLong nextTry = new AtomicLong(System.nanoTime());
    private volatile AsyncProxyManager<String> buckets;

    SharedBuckets(String url) {
        uri = RedisURI.create(url);
        client = RedisClient.create();
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(
                        SocketOptions.builder().connectTimeout(LONGEST_CONNECT).build())
                .build());
        connect();
    }

    /** Takes a token; fails when Redis does not answer. */
    CompletableFuture<ConsumptionProbe> take(Limit limit, String who) {
        return ask(limit, who, bucket -> bucket.tryConsumeAndReturnRemaining(1));
    }

    private <T> CompletableFuture<T> ask(
            Limit limit, String who, Function<AsyncBucketProxy, CompletableFuture<T>> question) {
        if (isAway.get() && !isTimeToTry()) {
            return CompletableFuture.failedFuture(new IllegalStateException("Redis does not answer"));
        }
        var connected = buckets;
        if (connected == null) {
            if (isAway.get()) {
                connect();
            }
            return CompletableFuture.failedFuture(new IllegalStateException("There is no connection to Redis yet"));
        }
        return CompletableFuture.completedFuture(connected.builder().build(limit.key(who), limit.bucket()))
                .thenCompose(question)
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> heard(failure));
    }

    /** One request after each pause finds out whether Redis is back. */
    private boolean isTimeToTry() {
        var next = nextTry.get();
        return System.nanoTime() - next >= 0 && nextTry.compareAndSet(next, System.nanoTime() + PAUSE.toNanos());
    }

    private void connect() {
        client.connectAsync(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE), uri)
                .whenComplete((connection, failure) -> {
                    if (failure == null) {
                        buckets = on(connection);
                    }
                    heard(failure);
                });
    }

    private static AsyncProxyManager<String> on(StatefulRedisConnection<String, byte[]> connection) {
        return Bucket4jLettuce.casBasedBuilder(connection)
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT))
                .build()
                .asAsync();
    }

    private void heard(Throwable failure) {
        if (failure == null) {
            if (isAway.compareAndSet(true, false)) {
                LOG.info("Redis answers: rate limits are counted by all instances together");
            }
        } else {
            nextTry.set(System.nanoTime() + PAUSE.toNanos());
            if (isAway.compareAndSet(false, true)) {
                LOG.warnf("Redis does not answer: until it does, each instance counts by itself (%s)", failure);
            }
        }
    }

    @Override
    public void close() {
        client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    }
}
