package io.orderflow.domain;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * What a person did about a dead letter, and why.
 *
 * @param id of what was asked for, so that a repeated request is known again: a replay's, or one of the request's key
 * @param by who did it: the client, and which of its API keys or users
 * @param eventId which delivery it was about, with {@code integration}
 * @param changes of a correction: by field what it was and what it is, as {@code before → after}, masked
 */
public record Action(
        String id,
        Kind kind,
        Instant at,
        String by,
        String reason,
        String eventId,
        String integration,
        Map<String, String> changes) {

    /** What was done. */
    public enum Kind {
        REPLAYED,
        /** The order was corrected, and the delivery replayed. */
        CORRECTED,
        ABANDONED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Action {
        changes = changes == null ? Map.of() : Map.copyOf(changes);
    }

    Action withChanges(Map<String, String> all) {
        return new Action(id, kind, at, by, reason, eventId, integration, all);
    }
}
