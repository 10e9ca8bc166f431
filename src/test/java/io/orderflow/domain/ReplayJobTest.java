package io.orderflow.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.domain.DeadLetterRules.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayJobTest {

    private static final Instant NOW = Orders.NOON;
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final Progress DONE = new Progress.Done();

    @Test
    void shouldGoInStagesOfOneTenAHundredAndTheRest() {
        // Given
        var job = job(500);
        var sizes = new ArrayList<Integer>();

        // When
        while (job.state() == ReplayJob.State.RUNNING) {
            var room = job.room(1000, 1000);
            sizes.add(room);
            job = allDone(sent(job, room)).settled(LATER, NOW);
        }

        // Then
        assertThat(sizes).containsExactly(1, 10, 100, 389);
        assertThat(job.state()).isEqualTo(ReplayJob.State.DONE);
        assertThat(job.tally().done()).isEqualTo(500);
        assertThat(job.nextAt()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 11, 12, 111, 112})
    void shouldEndAtTheLastLetter(int total) {
        // Given
        var job = job(total);

        // When
        for (int i = 0; i < 4 && job.state() == ReplayJob.State.RUNNING; i++) {
            job = allDone(sent(job, job.room(1000, 1000))).settled(LATER, NOW);
        }

        // Then
        assertThat(job.state()).isEqualTo(ReplayJob.State.DONE);
        assertThat(job.tally().position()).isEqualTo(total);
    }

    @Test
    void shouldWaitForEveryLetterOfAStage() {
        // When
        var job = sent(job(5), 1).settled(LATER, NOW);

        // Then
        assertThat(job.room(1000, 1000)).isZero();
        assertThat(job.nextAt()).isEqualTo(LATER);
        assertThat(allDone(job).settled(LATER, NOW).room(1000, 1000)).isEqualTo(4);
    }

    @Test
    void shouldSendNoMoreAtOnceThanItMay() {
        // Given
        var job = allDone(sent(job(500), 1)).settled(LATER, NOW);

        // Then
        assertThat(job.room(4, 1000)).isEqualTo(4);
        assertThat(sent(job, 4).room(4, 5)).isEqualTo(1);
    }

    @Test
    void shouldStopByItselfWhenALetterFailsAndWatchTheOthers() {
        // Given
        var job = sent(allDone(sent(job(500), 1)).settled(LATER, NOW), 10);

        // When
        var failed = job.observed("letter-3", new Progress.Failed("It is dead again: no"));

        // Then
        assertThat(failed.room(1000, 1000)).isZero();
        var stopped = failed.settled(LATER, NOW);
        assertThat(stopped.state()).isEqualTo(ReplayJob.State.STOPPED);
        assertThat(stopped.ending().by()).isNull();
        assertThat(stopped.ending().reason()).isEqualTo("Stage 2 failed at letter-3: It is dead again: no");
        assertThat(stopped.tally().findings())
                .containsExactly(new ReplayJob.Finding("letter-3", "It is dead again: no"));
        assertThat(stopped.nextAt()).isEqualTo(LATER);
        assertThat(allDone(stopped).settled(LATER, NOW).nextAt()).isNull();
        assertThat(allDone(stopped).settled(LATER, NOW).tally().done()).isEqualTo(10);
    }

    @Test
    void shouldPassOverWhatCannotBeReplayedAndProveNothingByIt() {
        // Given
        var job = job(500);

        // When
        for (int i = 0; i < 11; i++) {
            job = job.skipped("letter-" + i, "It was abandoned.").settled(LATER, NOW);
        }

        // Then
        assertThat(job.state()).isEqualTo(ReplayJob.State.RUNNING);
        assertThat(job.tally().stage()).isEqualTo(1);
        assertThat(job.tally().skipped()).isEqualTo(11);
        assertThat(job.room(1000, 1000)).isEqualTo(1);
    }

    @Test
    void shouldEndWhenNothingOfItCanBeReplayed() {
        // When
        var job = job(2).skipped("letter-0", "No").skipped("letter-1", "No").settled(LATER, NOW);

        // Then
        assertThat(job.state()).isEqualTo(ReplayJob.State.DONE);
    }

    @Test
    void shouldSayWhatFailedHoweverMuchWasSkipped() {
        // Given
        var job = job(500);
        for (int i = 0; i < 30; i++) {
            job = job.skipped("letter-" + i, "It was abandoned.");
        }

        // When
        var stopped = sent(job, 2)
                .observed("letter-30", new Progress.Failed("It is dead again: no"))
                .observed("letter-31", new Progress.Failed("Another"))
                .settled(LATER, NOW);

        // Then
        assertThat(stopped.ending().reason()).isEqualTo("Stage 1 failed at letter-30: It is dead again: no");
        assertThat(stopped.tally().findings())
                .hasSize(20)
                .startsWith(
                        new ReplayJob.Finding("letter-30", "It is dead again: no"),
                        new ReplayJob.Finding("letter-31", "Another"),
                        new ReplayJob.Finding("letter-0", "It was abandoned."));
    }

    @Test
    void shouldStopAtALetterThatCannotBeRead() {
        // When
        var job = job(5).failed("letter-0", "The item holds no order").settled(LATER, NOW);

        // Then
        assertThat(job.state()).isEqualTo(ReplayJob.State.STOPPED);
        assertThat(job.tally().position()).isEqualTo(1);
        assertThat(job.nextAt()).isNull();
    }

    @Test
    void shouldBeStoppedByAPersonOnce() {
        // Given
        var stopped = job(500).stopped("shop", "Wrong ones", NOW);

        // Then
        assertThat(stopped.room(1000, 1000)).isZero();
        assertThat(stopped.stopped("other", "Again", LATER)).isSameAs(stopped);
        assertThat(stopped.settled(LATER, NOW).nextAt()).isNull();
    }

    @Test
    void shouldKeepFewFindingsOfMany() {
        // Given
        var job = job(500);

        // When
        for (int i = 0; i < 100; i++) {
            job = job.skipped("letter-" + i, "No");
        }

        // Then
        assertThat(job.tally().findings()).hasSize(20);
        assertThat(job.tally().skipped()).isEqualTo(100);
    }

    private static ReplayJob job(int total) {
        return ReplayJob.accepted("job", new ReplayJob.Request("shop", "Why", "f", NOW), "frozen", total);
    }

    private static ReplayJob sent(ReplayJob job, int count) {
        var result = job;
        for (int i = 0; i < count; i++) {
            result = result.sent("letter-" + result.tally().position());
        }
        return result;
    }

    private static ReplayJob allDone(ReplayJob job) {
        var result = job;
        for (var letter : List.copyOf(job.tally().open())) {
            result = result.observed(letter, DONE);
        }
        return result;
    }
}
