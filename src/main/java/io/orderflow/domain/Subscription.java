package io.orderflow.domain;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which events one integration is told of.
 *
 * @param integration the name: the id of its route
 * @param onUnknown what to do when an attempt ended without telling whether it had its effect
 * @param once the events that are not sent again then, whatever is done with the others
 */
public record Subscription(String integration, Set<EventType> events, OnUnknown onUnknown, Set<EventType> once) {

    /** What a receiver makes of a repeat decides what may be done after an unknown outcome. */
    public enum OnUnknown {
        /** The receiver recognises a repeat: try again like after any failure. */
        RETRY,
        /** It does not: once more, never more. */
        RESEND_ONCE,
        /** It does not, and twice is worse than not at all. */
        NEVER;

        /** The constant that is written {@code text} in routes, if there is one. */
        public static Optional<OnUnknown> of(String text) {
            return Stream.of(values())
                    .filter(value -> value.toString().equals(text))
                    .findFirst();
        }

        /** As written in routes: small letters and hyphens. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** @throws IllegalArgumentException when some are not to be sent again, and all are */
    public Subscription {
        events = Set.copyOf(events);
        once = Set.copyOf(once);
        if (onUnknown == OnUnknown.RETRY && !once.isEmpty()) {
            throw new IllegalArgumentException(
                    "once: " + integration + " is told again whatever is lost (onUnknown: retry); say resend-once");
        }
    }

    public Subscription(String integration, Set<EventType> events, OnUnknown onUnknown) {
        this(integration, events, onUnknown, Set.of());
    }

    /** Whether the claim must say {@code sending} before the call, because a repeat would not be recognised. */
    boolean isRecordedFirst() {
        return onUnknown != OnUnknown.RETRY;
    }

    boolean mayResend(EventType event, int unknowns) {
        return !once.contains(event)
                && switch (onUnknown) {
                    case RETRY -> true;
                    case RESEND_ONCE -> unknowns <= 1;
                    case NEVER -> false;
                };
    }
}
