package io.orderflow.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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
     * @param outcome what state it led to
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

    public Delivery {
        attempts = List.copyOf(attempts);
    }

    static Delivery due(Instant at) {
        return new Delivery(State.PENDING, List.of(), 0, 0, at, null, null, 1, null, null, null);
    }

    /** Whether it is still owed, by itself and not by a person. */
    public boolean isOpen() {
        return nextAt != null;
    }

    boolean isDue(Instant now) {
        return nextAt != null && !nextAt.isAfter(now);
    }

    /** About to be sent: {@code sending} when it must be recorded first, and under a key that is not forgotten. */
    Delivery begun(Instant now, boolean recordedFirst) {
        var forgotten = keySince != null && keySince.plus(KEY_LIFETIME).isBefore(now);
        return new Delivery(
                recordedFirst ? State.SENDING : state,
                attempts,
                attemptCount,
                unknowns,
                nextAt,
                cause,
                error,
                forgotten ? keyNumber + 1 : keyNumber,
                forgotten || keySince == null ? now : keySince,
                externalId,
                replay);
    }

    /** Due now, if it is due at all. */
    Delivery hastened(Instant now) {
        return nextAt == null || !nextAt.isAfter(now)
                ? this
                : new Delivery(
                        state,
                        attempts,
                        attemptCount,
                        unknowns,
                        now,
                        cause,
                        error,
                        keyNumber,
                        keySince,
                        externalId,
                        replay);
    }

    /** Not sent after all: due again at {@code next}. */
    Delivery parkedUntil(Instant next, String why) {
        return new Delivery(
                State.PENDING,
                attempts,
                attemptCount,
                unknowns,
                next,
                cause,
                why,
                keyNumber,
                keySince,
                externalId,
                replay);
    }

    Delivery attempted(Instant now, State outcome, Instant next, String failureCause, String failure) {
        var all = Stream.concat(attempts.stream(), Stream.of(new Attempt(now, outcome, failure)))
                .toList();
        return new Delivery(
                outcome,
                all.subList(Math.max(0, all.size() - KEPT_ATTEMPTS), all.size()),
                attemptCount + 1,
                outcome == State.UNKNOWN ? unknowns + 1 : unknowns,
                next,
                failureCause,
                failure,
                keyNumber,
                keySince,
                externalId,
                replay);
    }

    /** To be sent again from the start, under a new key: the old one may be bound to what was refused. */
    Delivery replayed(String id, Instant now) {
        return new Delivery(
                State.PENDING,
                attempts,
                attemptCount,
                unknowns,
                now,
                cause,
                error,
                keyNumber + 1,
                null,
                externalId,
                new Replay(id, now, attemptCount));
    }

    Delivery abandoned() {
        return new Delivery(
                State.ABANDONED,
                attempts,
                attemptCount,
                unknowns,
                null,
                cause,
                error,
                keyNumber,
                keySince,
                externalId,
                replay);
    }

    /** One more attempt, which was already counted, may have had its effect. */
    Delivery withUnknown() {
        return new Delivery(
                state,
                attempts,
                attemptCount,
                unknowns + 1,
                nextAt,
                cause,
                error,
                keyNumber,
                keySince,
                externalId,
                replay);
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

    /** Whether a person's {@code id} had it tried again, and nobody since. */
    public boolean isReplayOf(String id) {
        return replay != null && replay.id().equals(id);
    }

    /** When the last attempt ended; null before the first. */
    public Instant lastAttemptAt() {
        return attempts.isEmpty() ? null : attempts.getLast().at();
    }

    /** With the last attempt only; the count still tells of all. */
    Delivery compacted() {
        return new Delivery(
                state,
                attempts.subList(Math.max(0, attempts.size() - 1), attempts.size()),
                attemptCount,
                unknowns,
                nextAt,
                cause,
                error,
                keyNumber,
                keySince,
                externalId,
                replay);
    }

    Delivery withNextKey() {
        return new Delivery(
                state, attempts, attemptCount, unknowns, nextAt, cause, error, keyNumber + 1, null, externalId, replay);
    }

    Delivery withExternalId(String id) {
        return new Delivery(
                state, attempts, attemptCount, unknowns, nextAt, cause, error, keyNumber, keySince, id, replay);
    }
}
