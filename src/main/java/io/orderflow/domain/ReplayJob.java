package io.orderflow.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The replay of many dead letters, in stages of 1, 10, 100 and the rest. The next stage waits for the one before, and a
 * failure ends the whole.
 *
 * <pre>
 *   running ──every stage is done──▶ done
 *      └─────a letter failed, or a person said so──▶ stopped
 * </pre>
 *
 * <p>What was sent before it was stopped is still watched until it is decided.
 *
 * @param frozen names the list of letters that was stored when it was asked for
 * @param total how many there are in it
 * @param nextAt when it is to be looked at; null when there is nothing more to do
 * @param holder who looks at it now, until {@code nextAt}; or null
 * @param rev counts every write, from 1; the condition of the next one
 */
public record ReplayJob(
        String id,
        Request request,
        String frozen,
        int total,
        State state,
        Tally tally,
        Ending ending,
        Instant nextAt,
        String holder,
        long rev) {

    private static final int[] STAGES = {1, 10, 100};
    private static final int MOST_FINDINGS = 20;

    /** Where it stands. */
    public enum State {
        RUNNING,
        DONE,
        STOPPED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Who asked for it.
     *
     * @param by the client whose key was used
     * @param fingerprint of the request, to tell a repeat from a different one under the same key
     */
    public record Request(String by, String reason, String fingerprint, Instant at) {}

    /**
     * How far it has got.
     *
     * @param stage from 1
     * @param stageEnd how many letters of the list belong to this and the stages before it; for one that is skipped
     *     another comes in, because it proves nothing
     * @param position how many letters of the list were dealt with
     * @param open the letters that were sent and are not decided
     * @param skipped how many could not be replayed, or were taken on by another
     * @param findings of those that failed, and then of those that were skipped, the first {@value #MOST_FINDINGS}
     */
    public record Tally(
            int stage,
            int stageEnd,
            int position,
            List<String> open,
            int done,
            int failed,
            int skipped,
            List<Finding> findings) {
        public Tally {
            open = List.copyOf(open);
            findings = List.copyOf(findings);
        }

        private Tally moved(List<String> nowOpen) {
            return new Tally(stage, stageEnd, position + 1, nowOpen, done, failed, skipped, findings);
        }

        private Tally without(String letter) {
            return new Tally(
                    stage,
                    stageEnd,
                    position,
                    open.stream().filter(each -> !each.equals(letter)).toList(),
                    done,
                    failed,
                    skipped,
                    findings);
        }

        private Tally plusDone() {
            return new Tally(stage, stageEnd, position, open, done + 1, failed, skipped, findings);
        }

        private Tally plusFailed(Finding finding) {
            var end = Math.min(failed, findings.size());
            return new Tally(stage, stageEnd, position, open, done, failed + 1, skipped, with(finding, end));
        }

        private Tally plusSkipped(Finding finding, int total) {
            var end = Math.min(total, stageEnd + 1);
            return new Tally(stage, end, position, open, done, failed, skipped + 1, with(finding, findings.size()));
        }

        private List<Finding> with(Finding finding, int at) {
            var all = new ArrayList<>(findings);
            all.add(at, finding);
            return all.subList(0, Math.min(all.size(), MOST_FINDINGS));
        }

        private Tally inStage(int number, int end) {
            return new Tally(number, end, position, open, done, failed, skipped, findings);
        }
    }

    /** What became of one letter, when it was not done. */
    public record Finding(String letter, String what) {}

    /** @param by who ended it; null when it ended by itself */
    public record Ending(String by, String reason, Instant at) {}

    /** A job that begins now. */
    public static ReplayJob accepted(String id, Request request, String frozen, int total) {
        return new ReplayJob(
                id,
                request,
                frozen,
                total,
                State.RUNNING,
                new Tally(1, Math.min(STAGES[0], total), 0, List.of(), 0, 0, 0, List.of()),
                null,
                request.at(),
                null,
                1);
    }

    /** How many letters may be sent now. */
    public int room(int atOnce, int mostOpen) {
        return state == State.RUNNING && tally.failed() == 0
                ? Math.max(
                        0,
                        Math.min(
                                Math.min(atOnce, tally.stageEnd() - tally.position()),
                                mostOpen - tally.open().size()))
                : 0;
    }

    /** The next letter of the list is on its way. */
    public ReplayJob sent(String letter) {
        return with(tally.moved(
                Stream.concat(tally.open().stream(), Stream.of(letter)).toList()));
    }

    /** The next letter of the list is done already. */
    public ReplayJob sentAndDone() {
        return with(tally.moved(tally.open()).plusDone());
    }

    /** The next letter of the list cannot be replayed. */
    public ReplayJob skipped(String letter, String why) {
        return with(tally.moved(tally.open()).plusSkipped(new Finding(letter, why), total));
    }

    /** The next letter of the list cannot even be read or written. */
    public ReplayJob failed(String letter, String why) {
        return with(tally.moved(tally.open()).plusFailed(new Finding(letter, why)));
    }

    /** What is known of an open letter now. */
    public ReplayJob observed(String letter, DeadLetterRules.Progress progress) {
        return switch (progress) {
            case DeadLetterRules.Progress.Open open -> this;
            case DeadLetterRules.Progress.Done done ->
                with(tally.without(letter).plusDone());
            case DeadLetterRules.Progress.Failed(var why) ->
                with(tally.without(letter).plusFailed(new Finding(letter, why)));
            case DeadLetterRules.Progress.Left(var why) ->
                with(tally.without(letter).plusSkipped(new Finding(letter, why), total));
        };
    }

    /**
     * Ends the look at it: the next stage, the end, or another look later.
     *
     * @param later when the next look is
     */
    public ReplayJob settled(Instant later, Instant now) {
        var next = state == State.RUNNING ? decided(now) : this;
        var isOver = next.state != State.RUNNING && next.tally.open().isEmpty();
        return new ReplayJob(
                id, request, frozen, total, next.state, next.tally, next.ending, isOver ? null : later, null, rev);
    }

    private ReplayJob decided(Instant now) {
        if (tally.failed() > 0) {
            var first = tally.findings().getFirst();
            return ended(
                    State.STOPPED,
                    new Ending(
                            null,
                            "Stage " + tally.stage() + " failed at " + first.letter() + ": " + first.what(),
                            now));
        }
        if (tally.position() < tally.stageEnd() || !tally.open().isEmpty()) {
            return this;
        }
        if (tally.position() == total) {
            return ended(State.DONE, new Ending(null, "Every letter was dealt with.", now));
        }
        var size = tally.stage() < STAGES.length ? STAGES[tally.stage()] : total;
        return with(tally.inStage(tally.stage() + 1, (int) Math.min(total, (long) tally.stageEnd() + size)));
    }

    /** Sends nothing more. A job that has ended stays as it is. */
    public ReplayJob stopped(String by, String reason, Instant now) {
        return state == State.RUNNING ? ended(State.STOPPED, new Ending(by, reason, now)) : this;
    }

    /** The same job, with what was counted by one who looked at it meanwhile. */
    public ReplayJob counted(Tally counted) {
        return with(counted);
    }

    /** Held by one who looks at it, until {@code until}. */
    public ReplayJob heldBy(String token, Instant until) {
        return new ReplayJob(id, request, frozen, total, state, tally, ending, until, token, rev);
    }

    /** The same job, as write number {@code number} holds it. */
    public ReplayJob withRev(long number) {
        return new ReplayJob(id, request, frozen, total, state, tally, ending, nextAt, holder, number);
    }

    private ReplayJob with(Tally next) {
        return new ReplayJob(id, request, frozen, total, state, next, ending, nextAt, holder, rev);
    }

    private ReplayJob ended(State how, Ending end) {
        return new ReplayJob(id, request, frozen, total, how, tally, end, nextAt, holder, rev);
    }
}
