package io.orderflow.domain;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A message of the order queue that nobody could read.
 *
 * @param id the queue's
 * @param text as received, or its beginning
 * @param cut whether {@code text} is only the beginning
 * @param error what is wrong with it
 * @param state dead, done (sent to the queue again) or abandoned
 * @param replayId of the replay that sent it again, or null
 * @param actions what people did about it, oldest first
 * @param rev counts every write, from 1; the condition of the next one
 */
public record UnreadableMessage(
        String id,
        String text,
        boolean cut,
        String error,
        Instant at,
        Delivery.State state,
        String replayId,
        List<Action> actions,
        long rev) {

    public UnreadableMessage {
        actions = actions == null ? List.of() : List.copyOf(actions);
    }

    /** One that has just been found. */
    public static UnreadableMessage found(String id, String text, int longest, String error, Instant now) {
        var cut = text.length() > longest;
        return new UnreadableMessage(
                id, cut ? text.substring(0, longest) : text, cut, error, now, Delivery.State.DEAD, null, List.of(), 1);
    }

    /** Whether it can be sent again. */
    public DeadLetterRules.Verdict verdict() {
        if (state == Delivery.State.DEAD) {
            return cut
                    ? new DeadLetterRules.Verdict.Refused(
                            "The message is too long to be kept here as a whole; take it from the dead-letter queue.")
                    : new DeadLetterRules.Verdict.Replayable(List.of());
        }
        return new DeadLetterRules.Verdict.Refused(
                state == Delivery.State.ABANDONED ? "It was abandoned." : "It was sent to the queue again.");
    }

    /** Sent to the queue again. */
    public UnreadableMessage replayed(Action action) {
        return with(Delivery.State.DONE, action.id(), action);
    }

    public UnreadableMessage abandoned(Action action) {
        return with(Delivery.State.ABANDONED, replayId, action);
    }

    /** The same message, as write number {@code number} holds it. */
    public UnreadableMessage withRev(long number) {
        return new UnreadableMessage(id, text, cut, error, at, state, replayId, actions, number);
    }

    private UnreadableMessage with(Delivery.State next, String replay, Action action) {
        return new UnreadableMessage(
                id,
                text,
                cut,
                error,
                at,
                next,
                replay,
                Stream.concat(actions.stream(), Stream.of(action)).toList(),
                rev);
    }
}
