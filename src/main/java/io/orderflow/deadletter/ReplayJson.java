package io.orderflow.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.orderflow.domain.ReplayJob;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;

/** A replay as the API shows it (schema {@code Replay} of the contract). */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReplayJson(
        String id,
        String state,
        String by,
        String reason,
        Instant createdAt,
        int total,
        int stage,
        int taken,
        int open,
        int done,
        int failed,
        int skipped,
        List<Finding> findings,
        Instant endedAt,
        String endedBy,
        String endedBecause) {

    /** What became of a letter that was not done. */
    @RegisterForReflection
    record Finding(String id, String what) {}

    /** The latest replays. */
    @RegisterForReflection
    record Page(List<ReplayJson> replays) {}

    static ReplayJson of(ReplayJob job) {
        var tally = job.tally();
        var ending = job.ending();
        return new ReplayJson(
                job.id(),
                job.state().toString(),
                job.request().by(),
                job.request().reason(),
                job.request().at(),
                job.total(),
                tally.stage(),
                tally.position(),
                tally.open().size(),
                tally.done(),
                tally.failed(),
                tally.skipped(),
                tally.findings().stream()
                        .map(finding -> new Finding(finding.letter(), finding.what()))
                        .toList(),
                ending == null ? null : ending.at(),
                ending == null ? null : ending.by(),
                ending == null ? null : ending.reason());
    }
}
