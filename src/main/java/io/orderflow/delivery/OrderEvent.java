package io.orderflow.delivery;

import io.orderflow.domain.Event;
import io.orderflow.domain.Order;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What an integration's route gets as its body: one event, and the order as it was when the event's deliveries were
 * claimed. In the simple language: {@code ${body.event.type}}, {@code ${body.order.total}}.
 */
@RegisterForReflection
public record OrderEvent(Event event, Order order) {}
