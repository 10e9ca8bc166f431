package io.orderflow.sandbox.sendgrid;

import io.orderflow.sandbox.Reply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** "Rate Limits": so many calls of an endpoint in each refresh period, and headers that say how many are left. */
final class RateLimit {

    private final Clock clock;
    private final int limit;
    private final Duration period;
    private Instant end = Instant.MIN;
    private int left;

    RateLimit(Clock clock, int limit, Duration period) {
        this.clock = clock;
        this.limit = limit;
        this.period = period;
    }

    void reset() {
        end = Instant.MIN;
    }

    /** Takes one call off; false when none was left. */
    boolean take() {
        var now = clock.instant();
        if (!now.isBefore(end)) {
            end = now.plus(period);
            left = limit;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }

    Reply describe(Reply reply) {
        return reply.with("X-RateLimit-Limit", String.valueOf(limit))
                .with("X-RateLimit-Remaining", String.valueOf(left))
                .with("X-RateLimit-Reset", String.valueOf(end.plusMillis(999).getEpochSecond()));
    }
}
