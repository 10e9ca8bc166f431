package io.orderflow.sandbox;

import java.util.Optional;

/**
 * What a service is told about the rest of one call, faults included. A service that must remember its own answers
 * (as one with idempotency keys must) could not know otherwise what became of them.
 *
 * <p>At most one of {@link #refused} and {@link #worked} is called, then {@link #ended}, always and once.
 */
public interface Watch {

    /** For a service that need not know. */
    Watch NONE = new Watch() {};

    /** A fault struck before the work: nothing was done. {@code told} is empty when the connection was closed. */
    default void refused(Optional<Reply> told) {}

    /**
     * The work was done, and {@code answer} is what it answered.
     *
     * @param instead what a fault tells the caller in its place, as if the service itself had said it; empty also when
     *     the answer is delayed, spoiled or lost on its way
     */
    default void worked(Reply answer, Optional<Reply> instead) {}

    /** The answer is out or the connection closed: nothing more happens to this call. */
    default void ended() {}
}
