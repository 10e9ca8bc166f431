package io.orderflow.domain;

/** Who ordered, as the caller names them. */
public record Customer(String id, String email, String name) {}
