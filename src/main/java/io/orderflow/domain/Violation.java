package io.orderflow.domain;

/**
 * One field of a request that breaks a rule.
 *
 * @param pointer where: a JSON Pointer (RFC 6901) into the request's body, or {@code ""} for the whole of it
 * @param detail what is wrong and what would be right, for the person who wrote the request
 */
public record Violation(String pointer, String detail) {}
