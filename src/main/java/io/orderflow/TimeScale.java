package io.orderflow;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How long things take here. Every delay and every lease goes through {@link #scaled}, so that a test can live through
 * a day in minutes by {@code orderflow.time-scale}; in production it is 1.
 */
@ApplicationScoped
public class TimeScale {

    private final double factor;

    TimeScale(@ConfigProperty(name = "orderflow.time-scale", defaultValue = "1") double factor) {
        if (!(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException("orderflow.time-scale: above 0, at most 1; it is " + factor);
        }
        this.factor = factor;
    }

    public Duration scaled(Duration real) {
        return Duration.ofNanos(Math.max(1_000_000, (long) (real.toNanos() * factor)));
    }

    @Produces
    @ApplicationScoped
    static Clock clock() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }
}
