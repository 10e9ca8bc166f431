package io.orderflow.sandbox.google;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * "Usage limits" of the Sheets API: 60 reads and 60 writes a minute for each user. Here a minute is any 60 seconds, the
 * strictest reading of "refilled every minute", so that the 61st call in a row is refused wherever the minute began. A
 * refused call uses nothing up, and says nothing of when to come back.
 */
final class Quota {

    static final int DEFAULT = 60;

    private final Clock clock;
    private final Duration minute;
    private final String project;
    private final Map<Operation.Access, Integer> limits = new HashMap<>();
    private final Map<String, Deque<Instant>> calls = new HashMap<>();

    Quota(Clock clock, Duration minute, String project) {
        this.clock = clock;
        this.minute = minute;
        this.project = project;
        reset();
    }

    void limit(Operation.Access access, int callsPerMinute) {
        limits.put(access, callsPerMinute);
    }

    void reset() {
        calls.clear();
        limit(Operation.Access.READ, DEFAULT);
        limit(Operation.Access.WRITE, DEFAULT);
    }

    /** @throws GoogleError when the user has no call left */
    void use(String user, Operation.Access access) {
        var now = clock.instant();
        var recent = calls.computeIfAbsent(user + " " + access, key -> new ArrayDeque<>());
        while (!recent.isEmpty() && !recent.peekFirst().isAfter(now.minus(minute))) {
            recent.removeFirst();
        }
        var limit = limits.get(access);
        if (recent.size() >= limit) {
            throw exceeded(access, limit);
        }
        recent.addLast(now);
    }

    private GoogleError exceeded(Operation.Access access, int limit) {
        var name = access == Operation.Access.READ ? "Read" : "Write";
        return new GoogleError(
                        GoogleError.Code.RESOURCE_EXHAUSTED,
                        "Quota exceeded for quota metric '%s requests' and limit '%s requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:%s'."
                                .formatted(name, name, project))
                .info(
                        "RATE_LIMIT_EXCEEDED",
                        Map.of(
                                "quota_metric",
                                "sheets.googleapis.com/" + name.toLowerCase(Locale.ROOT) + "_requests",
                                "quota_limit",
                                name + "RequestsPerMinutePerUser",
                                "quota_limit_value",
                                String.valueOf(limit),
                                "quota_unit",
                                "1/min/{project}/{user}",
                                "quota_location",
                                "global",
                                "service",
                                "sheets.googleapis.com",
                                "consumer",
                                "projects/" + project));
    }
}
