package io.orderflow.domain;

/** One event that is due to one integration. */
public record Task(String eventId, String integration) {}
