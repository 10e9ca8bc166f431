package io.orderflow.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How far one event has got with one integration.
 *
 * @param attempts the last {@value #KEPT_ATTEMPTS}, oldest first
 * @param attemptCount all that were made
 * @param unknowns how many of them ended without telling whether they had their effect
 * @param nextAt when it is due; null when nothing more will be done by itself
 * @param cause what kind of failure the last attempt met, for grouping; null when it met none
 * @param error what the last failed attempt said, or null
 * @param keyNumber counts the idempotency keys under which it was sent, from 1: Stripe saves a 5xx under its key and
 *     forgets keys after 24 hours, and then a new key is due
 * @param keySince when the present key was first used, or null when it was not
 * @param externalId what the third party calls the effect, or null
 * @param receipts what it has told of it since, oldest first; of many the {@value Receipt#KEPT} that say most
 * @param replay how a person last had it tried again after it was given up, or null
 */
public record Delivery(
        State state,
        List<Attempt> attempts,
        int attemptCount,
        int unknowns,
        Instant nextAt,
        String cause,
        String error,
        int keyNumber,
        Instant keySince,
        String externalId,
        List<Receipt> receipts,
        Replay replay) {

    static final int KEPT_ATTEMPTS = 10;

    /** Stripe forgets an idempotency key after 24 hours at the earliest; an hour of it is left for clocks that differ. */
    private static final Duration KEY_LIFETIME = Duration.ofHours(23);

    /** Where a delivery stands. */
    public enum State {
        /** Due at {@code nextAt}. */
        PENDING,
        /** Being sent by the holder of the claim, to a receiver that would not recognise a repeat. */
        SENDING,
        /** Had its effect. */
        DONE,
        /** May have had its effect. With {@code nextAt} it will be sent once more. */
        UNKNOWN,
        /** Given up; waits for a person. */
        DEAD,
        /** Given up, and a person has said that it stays so. */
        ABANDONED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One try.
     *
     * @param outcome what state it led to; {@link State#UNKNOWN} too when the delivery was given up after it
     * @param error or null
     */
    public record Attempt(Instant at, State outcome, String error) {}

    /**
     * A new start, with the patience of the first.
     *
     * @param id of what a person asked for, so that it is done once
     * @param attempts how many had been made before
     */
    public record Replay(String id, Instant at, int attempts) {}

    /** Items that were written before there were receipts have none. */
    public Delivery {
        attempts = List.copyOf(attempts);
        receipts = receipts == null ? List.of() : List.copyOf(receipts);
    }

    static Delivery due(Instant at) {
        return new Delivery(State.PENDING, List.of(), 0, 0, at, null, null, 1, null, null, List.of(), null);
    }

    /** Whether it is still owed, by itself and not by a person. */
    public boolean isOpen() {
        return nextAt != null;
    }

    /** Whether it waits for a person: given up, or not known and not sent again by itself. */
    public boolean isGivenUp() {
        return state == State.DEAD || (state == State.UNKNOWN && !isOpen());
    }

    boolean isDue(Instant now) {
        return nextAt != null && !nextAt.isAfter(now);
    }

    /** About to be sent: {@code sending} when it must be recorded first, and under a key that is not forgotten. */
    Delivery begun(Instant now, boolean recordedFirst) {
        var forgotten = keySince != null && keySince.plus(KEY_LIFETIME).isBefore(now);
        return with(next -> {
            next.state = recordedFirst ? State.SENDING : state;
            next.keyNumber = forgotten ? keyNumber + 1 : keyNumber;
            next.keySince = forgotten || keySince == null ? now : keySince;
        });
    }

    /** Due now, if it is due at all. */
    Delivery hastened(Instant now) {
        return nextAt == null || !nextAt.isAfter(now) ? this : with(next -> next.nextAt = now);
    }

    /** Not sent after all: due again at {@code at}. */
    Delivery parkedUntil(Instant at, String why) {
        return with(next -> {
            next.state = State.PENDING;
            next.nextAt = at;
            next.error = why;
        });
    }

    Delivery attempted(Instant now, State outcome, Instant again, String failureCause, String failure) {
        var all = Stream.concat(attempts.stream(), Stream.of(new Attempt(now, outcome, failure)))
                .toList();
        return with(next -> {
            next.state = outcome;
            next.attempts = all.subList(Math.max(0, all.size() - KEPT_ATTEMPTS), all.size());
            next.attemptCount = attemptCount + 1;
            next.unknowns = outcome == State.UNKNOWN ? unknowns + 1 : unknowns;
            next.nextAt = again;
            next.cause = failureCause;
            next.error = failure;
        });
    }

    /** Given up after one more attempt, which had no effect, or of which nobody knows. */
    Delivery buried(Instant now, boolean unknown, String failureCause, String failure) {
        return attempted(now, unknown ? State.UNKNOWN : State.DEAD, null, failureCause, failure)
                .with(next -> next.state = State.DEAD);
    }

    /**
     * To be sent again from the start. A key that may be bound to what was refused is not used again; where the last
     * answer was lost it is, so that what is perhaps still being done is recognised.
     */
    Delivery replayed(String id, Instant now) {
        var keyed = endedWith(State.UNKNOWN) ? this : withNextKey();
        return keyed.with(next -> {
            next.state = State.PENDING;
            next.nextAt = now;
            next.error = null;
            next.replay = new Replay(id, now, attemptCount);
        });
    }

    /** Whether the last attempt had this outcome. */
    boolean endedWith(State outcome) {
        return !attempts.isEmpty() && attempts.getLast().outcome() == outcome;
    }

    Delivery abandoned() {
        return with(next -> {
            next.state = State.ABANDONED;
            next.nextAt = null;
        });
    }

    Delivery abandoned(String why) {
        return abandoned().with(next -> next.error = why);
    }

    /** Whether nothing more will be done, by itself or by a person. */
    boolean isSettled() {
        return state == State.DONE || state == State.ABANDONED;
    }

    /** Without what third parties said of it, and {@code instead} in its place. */
    Delivery withoutTexts(String instead) {
        return with(next -> {
            next.error = error == null ? null : instead;
            next.attempts = attempts.stream()
                    .map(attempt ->
                            new Attempt(attempt.at(), attempt.outcome(), attempt.error() == null ? null : instead))
                    .toList();
            next.receipts = receipts.stream().map(Receipt::withoutDetail).toList();
        });
    }

    /** How many attempts were made since the start, or since a person had it start again. */
    public int attemptsSinceStart() {
        return replay == null ? attemptCount : attemptCount - replay.attempts();
    }

    /**
     * Since when it is tried: the event, or the last replay.
     *
     * @param eventAt when the event happened
     */
    public Instant startedAt(Instant eventAt) {
        return replay == null ? eventAt : replay.at();
    }

    /** Whether it was taken, and has not reached its receiver: a mail to an address that does not exist, say. */
    public boolean isUndelivered() {
        return state == State.DONE
                && receipts.stream().filter(this::isSinceReplay).anyMatch(receipt -> receipt.kind()
                        .isFailure());
    }

    /** Whether a person's {@code id} had it tried again, and nobody since. */
    public boolean isReplayOf(String id) {
        return replay != null && replay.id().equals(id);
    }

    /** When the last attempt ended; null before the first. */
    public Instant lastAttemptAt() {
        return attempts.isEmpty() ? null : attempts.getLast().at();
    }

    /**
     * Had its effect, as the third party itself tells: whatever was thought of it before. One that is just being sent
     * counts as an attempt; the sender will find it done. What is told of what was sent before a replay says nothing of
     * the replay.
     */
    Delivery taken(String id, List<Receipt> told, Instant now) {
        if (isOfBefore(id, told)) {
            return with(next -> next.receipts = Receipt.merged(receipts, told, Receipt.KEPT));
        }
        var done =
                switch (state) {
                    case DONE -> this;
                    case SENDING -> attempted(now, State.DONE, null, null, null);
                    case PENDING, UNKNOWN, DEAD, ABANDONED ->
                        with(next -> {
                            next.state = State.DONE;
                            next.nextAt = null;
                            next.cause = null;
                            next.error = null;
                        });
                };
        return done.with(next -> {
            next.externalId = externalId == null ? id : externalId;
            next.receipts = Receipt.merged(receipts, told, Receipt.KEPT);
        });
    }

    /** Whether this is told of what was sent before a person had it sent again: by its id, or by when it happened. */
    private boolean isOfBefore(String id, List<Receipt> told) {
        return replay != null
                && state != State.DONE
                && ((id != null && id.equals(externalId))
                        || (!told.isEmpty() && told.stream().noneMatch(this::isSinceReplay)));
    }

    /** Receipts have whole seconds: one of the second of the replay is of the mail before. */
    private boolean isSinceReplay(Receipt receipt) {
        return replay == null || receipt.at().isAfter(replay.at().truncatedTo(ChronoUnit.SECONDS));
    }

    /** With the last attempt and the receipts that say most; the count still tells of all attempts. */
    Delivery compacted() {
        return with(next -> {
            next.attempts = attempts.subList(Math.max(0, attempts.size() - 1), attempts.size());
            next.receipts = Receipt.merged(receipts, List.of(), Receipt.KEPT_OF_OLD);
        });
    }

    Delivery withNextKey() {
        return with(next -> {
            next.keyNumber = keyNumber + 1;
            next.keySince = null;
        });
    }

    Delivery withExternalId(String id) {
        return with(next -> next.externalId = id);
    }

    private Delivery with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return new Delivery(
                draft.state,
                draft.attempts,
                draft.attemptCount,
                draft.unknowns,
                draft.nextAt,
                draft.cause,
                draft.error,
                draft.keyNumber,
                draft.keySince,
                draft.externalId,
                draft.receipts,
                draft.replay);
    }

    /** What of a delivery can change. */
    private static final class Draft {
        State state;
        List<Attempt> attempts;
        int attemptCount;
        int unknowns;
        Instant nextAt;
        String cause;
        String error;
        int keyNumber;
        Instant keySince;
        String externalId;
        List<Receipt> receipts;
        Replay replay;

        Draft(Delivery delivery) {
            state = delivery.state;
            attempts = delivery.attempts;
            attemptCount = delivery.attemptCount;
            unknowns = delivery.unknowns;
            nextAt = delivery.nextAt;
            cause = delivery.cause;
            error = delivery.error;
            keyNumber = delivery.keyNumber;
            keySince = delivery.keySince;
            externalId = delivery.externalId;
            receipts = delivery.receipts;
            replay = delivery.replay;
        }
    }
}
