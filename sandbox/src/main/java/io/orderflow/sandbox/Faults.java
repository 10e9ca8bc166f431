package io.orderflow.sandbox;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The faults that are switched on. A rule strikes a share of the calls to one operation, or to all of a service; its
 * own seeded random decides which, so that a run can be repeated.
 */
public final class Faults {

    /** What goes wrong, named as in the JSON of the control endpoint. */
    public enum Kind {
        /** The work starts late, by {@code delayMillis}. */
        LATENCY,
        /** Nothing is done; the answer is {@code status}. */
        STATUS,
        /** Nothing is done; 429 with {@code retryAfterSeconds}. */
        RATE_LIMIT,
        /** Nothing is done; the connection is closed. */
        RESET,
        /** The work is done; the connection is closed instead of an answer. */
        LOST_ANSWER,
        /** The work is done; the answer comes late, by {@code delayMillis}. */
        LATE_ANSWER,
        /** The work is done; the answer says {@code status}. */
        STATUS_AFTER,
        /** The work is done; the answer breaks off in the middle. */
        MALFORMED,
        /** The work is done; the answer is 64 MiB of zeros. */
        HUGE,
        /** A webhook is sent twice. */
        WEBHOOK_DUPLICATE,
        /** A webhook is sent late, by {@code delayMillis}; with a rate below 1 they overtake each other. */
        WEBHOOK_LATE,
        /** A webhook is never sent. */
        WEBHOOK_LOST;

        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @JsonCreator
        static Kind of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /**
     * One rule, as the control endpoint takes it.
     *
     * @param service the service's name
     * @param operation one operation, or none for all
     * @param rate the share of calls that it strikes, 0 (exclusive) to 1; 1 when left out
     * @param times how many calls it strikes before it ends; no end when left out
     * @param seconds how long it lasts; no end when left out
     * @param delayMillis for the kinds that delay; 1000 when left out
     * @param status for the kinds that answer with one; 500 when left out
     * @param retryAfterSeconds for {@code rate-limit}; 1 when left out
     * @param seed of the random that chooses; 42 when left out
     */
    public record Rule(
            String service,
            String operation,
            Kind kind,
            Double rate,
            Integer times,
            Double seconds,
            Long delayMillis,
            Integer status,
            Integer retryAfterSeconds,
            Long seed) {

        public Rule {
            if (service == null || service.isBlank()) {
                throw new IllegalArgumentException("service: name the service that is to fail");
            }
            if (kind == null) {
                throw new IllegalArgumentException("kind: one of "
                        + java.util.Arrays.toString(java.util.Arrays.stream(Kind.values())
                                .map(Kind::text)
                                .toArray()));
            }
            if (status != null && (status < 400 || status > 599)) {
                throw new IllegalArgumentException("status: 400 to 599");
            }
            if (rate != null && !(rate > 0 && rate <= 1)) {
                throw new IllegalArgumentException("rate: above 0, at most 1");
            }
        }

        public Duration delay() {
            return Duration.ofMillis(delayMillis == null ? 1000 : delayMillis);
        }

        public Integer status() {
            return status == null ? Integer.valueOf(500) : status;
        }

        public Integer retryAfterSeconds() {
            return retryAfterSeconds == null ? Integer.valueOf(1) : retryAfterSeconds;
        }
    }

    private static final class Active {
        final Rule rule;
        final Random random;
        final Instant end;
        int left;

        Active(Rule rule, Instant now) {
            this.rule = rule;
            this.random = new Random(rule.seed() == null ? 42 : rule.seed());
            this.end = rule.seconds() == null ? Instant.MAX : now.plusMillis((long) (rule.seconds() * 1000));
            this.left = rule.times() == null ? Integer.MAX_VALUE : rule.times();
        }
    }

    private final Clock clock;
    private final Map<String, Active> rules = new LinkedHashMap<>();
    private long next = 1;

    public Faults(Clock clock) {
        this.clock = clock;
    }

    /** Switches a rule on and returns its id. */
    public synchronized String add(Rule rule) {
        var id = "fault-" + next++;
        rules.put(id, new Active(rule, clock.instant()));
        return id;
    }

    public synchronized Map<String, Rule> list() {
        var all = new LinkedHashMap<String, Rule>();
        rules.forEach((id, active) -> all.put(id, active.rule));
        return all;
    }

    public synchronized boolean remove(String id) {
        return rules.remove(id) != null;
    }

    public synchronized void clear() {
        rules.clear();
    }

    Optional<Rule> beforeWork(String service, String operation) {
        return strike(service, operation, java.util.EnumSet.of(Kind.LATENCY, Kind.STATUS, Kind.RATE_LIMIT, Kind.RESET));
    }

    Optional<Rule> afterWork(String service, String operation) {
        return strike(
                service,
                operation,
                java.util.EnumSet.of(Kind.LOST_ANSWER, Kind.LATE_ANSWER, Kind.STATUS_AFTER, Kind.MALFORMED, Kind.HUGE));
    }

    /** The webhook fault, if any, that strikes a webhook of {@code service}. */
    public Optional<Rule> onWebhook(String service, String eventType) {
        return strike(
                service, eventType, java.util.EnumSet.of(Kind.WEBHOOK_DUPLICATE, Kind.WEBHOOK_LATE, Kind.WEBHOOK_LOST));
    }

    private synchronized Optional<Rule> strike(String service, String operation, Collection<Kind> kinds) {
        var now = clock.instant();
        rules.values().removeIf(active -> active.left <= 0 || !now.isBefore(active.end));
        for (var active : rules.values()) {
            var rule = active.rule;
            if (rule.service().equals(service)
                    && (rule.operation() == null || rule.operation().equals(operation))
                    && kinds.contains(rule.kind())
                    && (rule.rate() == null || active.random.nextDouble() < rule.rate())) {
                active.left--;
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }
}
