package io.orderflow.deadletter;

import io.orderflow.api.Problem;
import io.orderflow.domain.Violation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which dead letters a request is about (schema {@code DeadLetterSelection} of the contract): those named, or all of one
 * integration and cause.
 *
 * @param limit of a group: no more than so many; or null
 * @param reason why they are replayed; null in a preview
 */
@RegisterForReflection
record Selection(List<String> ids, String integration, String cause, Integer limit, String reason) {

    /** @throws Problem when it says neither or both */
    Selection checked() {
        var violations = new ArrayList<Violation>();
        var byGroup = integration != null || cause != null;
        if (ids == null && !byGroup) {
            violations.add(new Violation("", "names no dead letters; give ids, or integration and cause"));
        }
        if (ids != null && byGroup) {
            violations.add(new Violation("/ids", "goes not with integration and cause; give one or the other"));
        }
        if (ids == null && byGroup && integration == null) {
            violations.add(new Violation("/integration", "is missing; cause goes with it"));
        }
        if (ids == null && byGroup && cause == null) {
            violations.add(new Violation("/cause", "is missing; integration goes with it"));
        }
        if (ids != null && limit != null) {
            violations.add(new Violation("/limit", "goes with integration and cause, not with ids"));
        }
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations);
        }
        return this;
    }

    Optional<Letter.Group> group() {
        return Optional.ofNullable(integration).map(name -> new Letter.Group(name, cause));
    }

    /** The same for the same request, to tell a repeat from another one under the same key. */
    String fingerprint() {
        return Integer.toHexString(Objects.hash(ids, integration, cause, limit, reason));
    }
}
