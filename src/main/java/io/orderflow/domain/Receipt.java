package io.orderflow.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a third party tells of a mail that it has taken.
 *
 * @param id the third party's own, by which a repeat is known
 * @param at when it happened there
 * @param detail what the receiving server said, or null
 */
public record Receipt(String id, Kind kind, Instant at, String detail) {

    /** How many of one delivery are kept, */
    static final int KEPT = 8;

    /** and how many of it once its order has grown too large. */
    static final int KEPT_OF_OLD = 2;

    /** What can become of a mail, what says least first. */
    public enum Kind {
        /** The receiving server has put it off; it will be offered again. */
        DEFERRED,
        /** Is about to be delivered. */
        PROCESSED,
        DELIVERED,
        /** The receiver called it spam. */
        SPAMREPORT,
        /** The receiving server refused it. */
        BOUNCE,
        /** It was not even offered to the receiving server: an address that bounced before, say. */
        DROPPED;

        /** The constant that is written {@code text} outside, if there is one. */
        public static Optional<Kind> of(String text) {
            return Stream.of(values())
                    .filter(value -> value.toString().equals(text))
                    .findFirst();
        }

        /** Whether the mail has not reached its receiver, and will not. */
        public boolean isFailure() {
            return this == BOUNCE || this == DROPPED;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Comparator<Receipt> BY_TIME =
            Comparator.comparing(Receipt::at).thenComparing(Receipt::kind).thenComparing(Receipt::id);

    private static final Comparator<Receipt> BY_WEIGHT =
            Comparator.comparing(Receipt::kind).thenComparing(BY_TIME);

    Receipt withoutDetail() {
        return new Receipt(id, kind, at, null);
    }

    /** All of both, each once, as far as there is room: the same whatever the order in which they came. */
    static List<Receipt> merged(List<Receipt> known, List<Receipt> told, int room) {
        return Stream.concat(known.stream(), told.stream())
                .collect(Collectors.toMap(Receipt::id, receipt -> receipt, (first, repeat) -> first))
                .values()
                .stream()
                .sorted(BY_WEIGHT.reversed())
                .limit(room)
                .sorted(BY_TIME)
                .toList();
    }
}
