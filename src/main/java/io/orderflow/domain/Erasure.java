package io.orderflow.domain;

import java.time.Instant;

/**
 * That the customer's data was taken out of an order.
 *
 * @param by who did it: the client, and which of its API keys or users
 */
public record Erasure(Instant at, String by, String reason) {}
