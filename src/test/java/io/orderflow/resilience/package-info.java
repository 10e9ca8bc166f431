/**
 * The invariants under crashes, faults and outages: the packaged app as a process that is killed, against a sandbox of
 * its own, and a {@link io.orderflow.resilience.Judge} that compares what the ledger says with what was really done.
 */
package io.orderflow.resilience;
