package io.orderflow.api;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Lets the requests that are in flight end before the instance does, for a bounded time, and admits no new ones
 * meanwhile. What the worker is busy with, Camel waits for after that ({@code camel.main.shutdown-timeout}); what is not
 * done by then is due again when its claim ends. Quarkus's own waiting ({@code quarkus.shutdown.timeout}) refuses
 * requests without saying when to come again.
 */
@ApplicationScoped
public class GracefulShutdown {

    private static final Logger LOG = Logger.getLogger(GracefulShutdown.class);
    private static final String ADMITTED = GracefulShutdown.class.getName();
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Duration patience;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean isEnding;

    GracefulShutdown(@ConfigProperty(name = "orderflow.http.shutdown-timeout") Duration patience) {
        this.patience = patience;
    }

    /** Whether a request may still be worked; it is waited for until it has its response. */
    boolean admits(RoutingContext request) {
        if (request.get(ADMITTED) != null) {
            return true;
        }
        inFlight.incrementAndGet();
        // Looked at after it is counted: whoever waits below either counts it or has it refused.
        if (isEnding) {
            inFlight.decrementAndGet();
            return false;
        }
        request.put(ADMITTED, true).addEndHandler(done -> inFlight.decrementAndGet());
        return true;
    }

    void drain(@Observes ShutdownDelayInitiatedEvent event) {
        isEnding = true;
        var end = Instant.now().plus(patience);
        while (inFlight.get() > 0 && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        if (inFlight.get() > 0) {
            LOG.warnf("%d requests are still unanswered after %s", inFlight.get(), patience);
        }
    }
}
