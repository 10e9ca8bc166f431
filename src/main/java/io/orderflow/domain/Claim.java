package io.orderflow.domain;

import java.time.Instant;

/**
 * The right to work an order's deliveries, held by one worker at a time.
 *
 * @param token made afresh for each claim, so that a worker whose claim has expired cannot be taken for its successor
 * @param until when it ends by itself; no outside call is started that could outlive it
 */
public record Claim(String token, Instant until) {

    public boolean isActive(Instant now) {
        return now.isBefore(until);
    }
}
