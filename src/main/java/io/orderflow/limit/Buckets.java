package io.orderflow.limit;

import io.github.bucket4j.ConsumptionProbe;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The buckets that requests take their tokens from: in Redis when there is one, else in memory. A Redis that is away
 * never refuses a request: this instance counts by itself then.
 */
@ApplicationScoped
public class Buckets {

    private final LocalBuckets local = new LocalBuckets();
    private final SharedBuckets shared;

    /** With a URL such as {@code rediss://user:password@host:6379}, or none. */
    Buckets(@ConfigProperty(name = "orderflow.redis-url") Optional<String> redisUrl) {
        shared = redisUrl.map(SharedBuckets::new).orElse(null);
    }

    /** Takes a token, and says how many are left. On an event loop the answer comes on the same. */
    Future<ConsumptionProbe> take(Limit limit, String who) {
        if (shared == null) {
            return Future.succeededFuture(local.take(limit, who));
        }
        var answer =
                shared.take(limit, who).handle((probe, failure) -> failure == null ? probe : local.take(limit, who));
        var context = Vertx.currentContext();
        return context == null ? Future.fromCompletionStage(answer) : Future.fromCompletionStage(answer, context);
    }

    @PreDestroy
    void close() {
        if (shared != null) {
            shared.close();
        }
    }
}
