package io.orderflow.sandbox;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

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
        /** Nothing is done until the rule is removed; then it is, or never, as the remover says. */
        HOLD,
        /** The work is done; the connection is closed instead of an answer. */
        LOST_ANSWER,
        /** The work is done; the answer comes when the rule is removed, if the remover does not drop it. */
        HOLD_ANSWER,
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
     * @param matching regular expressions, or one; only calls in whose path, query or body all of them are found, and
     *     webhooks in whose body
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

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            List<String> matching,

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
            if (matching != null) {
                matching.forEach(Rule::compiled);
            }
        }

        private static Pattern compiled(String expression) {
            try {
                return Pattern.compile(expression);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("matching: regular expressions; " + e.getDescription(), e);
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

    /**
     * A rule that is switched on.
     *
     * @param struck how many calls it has struck
     * @param held how many of them it holds now, their callers still waiting
     */
    public record State(@JsonUnwrapped Rule rule, int struck, long held) {}

    /** A call that a rule holds. */
    interface Held {

        /** Whether its caller still waits for the answer. */
        boolean isAwaited();

        void goOn();

        /** Closes its connection, and does what is not done yet never. */
        void drop();
    }

    /** A call that is struck by a rule. */
    static final class Strike {
        private final Active by;

        private Strike(Active by) {
            this.by = by;
        }

        Rule rule() {
            return by.rule;
        }

        /** Holds the call until the rule is removed. */
        void hold(Held call) {
            by.held.add(call);
        }
    }

    private static final class Active {
        final Rule rule;
        final List<Pattern> matching;
        final Random random;
        final Instant end;
        final List<Held> held = new CopyOnWriteArrayList<>();
        int struck;

        Active(Rule rule, Instant now) {
            this.rule = rule;
            this.matching = rule.matching() == null
                    ? List.of()
                    : rule.matching().stream().map(Rule::compiled).toList();
            this.random = new Random(rule.seed() == null ? 42 : rule.seed());
            this.end = rule.seconds() == null ? Instant.MAX : now.plusMillis((long) (rule.seconds() * 1000));
        }

        boolean isOver(Instant now) {
            var spent = rule.times() != null && struck >= rule.times();
            return (spent || !now.isBefore(end)) && held.isEmpty();
        }

        boolean concerns(String service, String operation, Supplier<String> request) {
            return rule.service().equals(service)
                    && (rule.operation() == null || rule.operation().equals(operation))
                    && matching.stream()
                            .allMatch(expression ->
                                    expression.matcher(request.get()).find());
        }

        boolean strikes(Instant now) {
            return (rule.times() == null || struck < rule.times())
                    && now.isBefore(end)
                    && (rule.rate() == null || random.nextDouble() < rule.rate());
        }

        void release(boolean drop) {
            held.forEach(drop ? Held::drop : Held::goOn);
        }
    }

    private static final Set<Kind> BEFORE =
            EnumSet.of(Kind.LATENCY, Kind.STATUS, Kind.RATE_LIMIT, Kind.RESET, Kind.HOLD);
    private static final Set<Kind> AFTER = EnumSet.of(
            Kind.LOST_ANSWER, Kind.LATE_ANSWER, Kind.STATUS_AFTER, Kind.MALFORMED, Kind.HUGE, Kind.HOLD_ANSWER);
    private static final Set<Kind> WEBHOOK = EnumSet.of(Kind.WEBHOOK_DUPLICATE, Kind.WEBHOOK_LATE, Kind.WEBHOOK_LOST);

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

    public synchronized Map<String, State> list() {
        var all = new LinkedHashMap<String, State>();
        rules.forEach((id, active) -> all.put(
                id,
                new State(
                        active.rule,
                        active.struck,
                        active.held.stream().filter(Held::isAwaited).count())));
        return all;
    }

    /**
     * Switches a rule off. What it holds goes on.
     *
     * @param drop whether what it holds is dropped instead
     * @return false when there is no such rule
     */
    public boolean remove(String id, boolean drop) {
        Active removed;
        synchronized (this) {
            removed = rules.remove(id);
        }
        if (removed == null) {
            return false;
        }
        removed.release(drop);
        return true;
    }

    /** Switches every rule off. What they hold goes on. */
    public void clear() {
        List<String> ids;
        synchronized (this) {
            ids = List.copyOf(rules.keySet());
        }
        ids.forEach(id -> remove(id, false));
    }

    Optional<Strike> beforeWork(String service, String operation, Supplier<String> request) {
        return strike(service, operation, request, BEFORE);
    }

    Optional<Strike> afterWork(String service, String operation, Supplier<String> request) {
        return strike(service, operation, request, AFTER);
    }

    /** The webhook fault, if any, that strikes a webhook of {@code service}. */
    public Optional<Rule> onWebhook(String service, String eventType, String body) {
        return strike(service, eventType, () -> body, WEBHOOK).map(Strike::rule);
    }

    private synchronized Optional<Strike> strike(
            String service, String operation, Supplier<String> request, Set<Kind> kinds) {
        var now = clock.instant();
        rules.values().removeIf(active -> active.isOver(now));
        for (var active : rules.values()) {
            if (kinds.contains(active.rule.kind())
                    && active.concerns(service, operation, request)
                    && active.strikes(now)) {
                active.struck++;
                return Optional.of(new Strike(active));
            }
        }
        return Optional.empty();
    }
}
