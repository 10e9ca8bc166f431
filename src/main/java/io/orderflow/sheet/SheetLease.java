package io.orderflow.sheet;

import io.orderflow.TimeScale;
import io.orderflow.ledger.Leases;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.quarkus.main.events.AfterStop;

/**
 * The right to write to the spreadsheet, which one instance has at a time. No call that changes the sheet starts unless
 * the lease outlasts it: a call that came after its end could overwrite what the next holder has written.
 */
@ApplicationScoped
@Named("sheetLease")
@RegisterForReflection
public class SheetLease {

    private static final String NAME = "google-sheets";

    /** For clocks that differ, and for what passes between the look at the lease and the call. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Leases leases;
    private final Clock clock;
    private final Duration duration;
    private final Duration needed;

    private Leases.Lease lease;

    SheetLease(SheetConfig config, Leases leases, TimeScale time, Clock clock) {
        this.leases = leases;
        this.clock = clock;
        this.duration = time.scaled(config.lease());
        this.needed = time.scaled(config.callTimeout())
                .multipliedBy(SheetsClientFactory.MOST_EXCHANGES)
                .plus(time.scaled(MARGIN));
        if (duration.compareTo(needed) <= 0) {
            throw new IllegalArgumentException("orderflow.google.lease: more than " + SheetsClientFactory.MOST_EXCHANGES
                    + " times orderflow.google.call-timeout and five seconds; it is " + config.lease());
        }
    }

    /**
     * Takes the lease when it is free, and renews it in good time when it is held.
     *
     * @return its token: while that is the same, nobody else has written; nothing when another instance has the lease
     */
    synchronized Optional<String> take() {
        if (!outlastsACall()) {
            lease = leases.take(NAME, isRunning() ? lease : null, duration).orElse(null);
        }
        return Optional.ofNullable(lease).map(Leases.Lease::token);
    }

    /** Whether the lease is held, as far as this instance knows. */
    synchronized boolean isHeld() {
        return isRunning();
    }

    /**
     * Has the lease outlast a call that starts now.
     *
     * @throws SheetException when it does not, because it has ended or has passed to another
     */
    public synchronized void keep() {
        if (isRunning() && !outlastsACall()) {
            lease = leases.take(NAME, lease, duration).orElse(null);
        }
        if (!outlastsACall()) {
            throw new SheetException("The lease on the spreadsheet ended before the write", false);
        }
    }

    private boolean isRunning() {
        return remains(Duration.ZERO);
    }

    private boolean outlastsACall() {
        return remains(needed);
    }

    private boolean remains(Duration atLeast) {
        return lease != null && clock.instant().plus(atLeast).isBefore(lease.until());
    }

    /** Lets another instance write at once, when this one ends. */
    synchronized void stop(@Observes AfterStop stopped) {
        if (isRunning()) {
            leases.release(lease);
            lease = null;
        }
    }
}
