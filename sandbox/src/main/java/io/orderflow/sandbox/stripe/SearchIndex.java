package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a search sees: every intent as it was a while ago. Stripe promises that a change can be found within a minute
 * "under normal operating conditions" (its page "Search"); here it always takes that minute.
 */
final class SearchIndex {

    /** How long a change takes to be seen, outside. */
    static final Duration LAG = Duration.ofSeconds(60);

    private record Change(long visibleAt, ObjectNode intent) {}

    private final Clock clock;
    private final long lag;
    private final Deque<Change> changes = new ArrayDeque<>();
    private final NavigableMap<String, ObjectNode> visible = new TreeMap<>();

    /**
     * @param lag as it is here, scaled
     * @param intents what is stored; each says in {@code _changed} when it last changed
     */
    SearchIndex(Clock clock, Duration lag, Collection<ObjectNode> intents) {
        this.clock = clock;
        this.lag = lag.toMillis();
        intents.stream().sorted(Comparator.comparingLong(SearchIndex::changed)).forEach(this::add);
    }

    /** Takes note of a new intent, or of a change. */
    void add(ObjectNode intent) {
        changes.add(new Change(changed(intent) + lag, intent));
        catchUp();
    }

    private static long changed(ObjectNode intent) {
        return Document.amount(intent, "_changed");
    }

    private void catchUp() {
        long now = clock.millis();
        while (!changes.isEmpty() && changes.peek().visibleAt() <= now) {
            var intent = changes.poll().intent();
            visible.put(Document.text(intent, "id"), intent);
        }
    }

    /** Newest first, from just before {@code id}, or from the newest when it is null. */
    Stream<ObjectNode> before(String id) {
        catchUp();
        var older = id == null ? visible : visible.headMap(id, false);
        return older.descendingMap().values().stream();
    }

    void clear() {
        changes.clear();
        visible.clear();
    }
}
