package io.orderflow.deadletter;

import io.orderflow.domain.ReplayJob;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** One look at a replay, by the one who holds it: the letters that can be sent now, and what came of them. */
@RegisterForReflection
public final class ReplayStep {

    private final ReplayJob held;
    private final List<String> letters;
    private ReplayJob job;
    private boolean over;

    /**
     * @param held as stored
     * @param observed the same, with what became of the letters sent before
     */
    ReplayStep(ReplayJob held, ReplayJob observed, List<String> letters) {
        this.held = held;
        this.job = observed;
        this.letters = List.copyOf(letters);
    }

    public List<String> letters() {
        return letters;
    }

    ReplayJob held() {
        return held;
    }

    ReplayJob job() {
        return job;
    }

    /** Whether nothing more may be sent under this look. */
    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    void sent(String letter) {
        job = job.sent(letter);
    }

    void sentAndDone() {
        job = job.sentAndDone();
    }

    void skipped(String letter, String why) {
        job = job.skipped(letter, why);
    }

    void failed(String letter, String why) {
        job = job.failed(letter, why);
    }
}
