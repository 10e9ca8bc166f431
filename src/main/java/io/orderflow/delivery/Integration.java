package io.orderflow.delivery;

import io.orderflow.domain.EventType;
import io.orderflow.domain.Subscription;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an integration's file in {@code routes/} says of it, as a Camel YAML bean. The id of its route is
 * the integration's name.
 *
 * <pre>
 * - beans:
 *     - name: chatIntegration
 *       type: io.orderflow.delivery.Integration
 *       properties:
 *         route: chat
 *         events: order.created, order.cancelled
 *         onUnknown: resend-once
 * </pre>
 */
@RegisterForReflection
public class Integration {

    private String route;
    private Set<EventType> events = Set.of();
    private Subscription.OnUnknown onUnknown = Subscription.OnUnknown.RESEND_ONCE;

    /** The id of the route that tells it. */
    public void setRoute(String route) {
        this.route = route;
    }

    public String getRoute() {
        return route;
    }

    /**
     * The events that it is told of, separated by commas.
     *
     * @throws IllegalArgumentException naming what is no event
     */
    public void setEvents(String events) {
        this.events = Arrays.stream(events.split(","))
                .map(String::strip)
                .map(name -> EventType.of(name)
                        .orElseThrow(
                                () -> new IllegalArgumentException("events: " + name + " is no event; the events are "
                                        + Stream.of(EventType.values())
                                                .map(EventType::toString)
                                                .collect(Collectors.joining(", ")))))
                .collect(Collectors.toSet());
    }

    public String getEvents() {
        return events.stream().map(EventType::toString).sorted().collect(Collectors.joining(", "));
    }

    /**
     * What to do when a call's answer was lost: {@code retry} when the receiver recognises a repeat,
     * {@code resend-once} (the default), or {@code never}.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public void setOnUnknown(String onUnknown) {
        this.onUnknown = Subscription.OnUnknown.of(onUnknown)
                .orElseThrow(() -> new IllegalArgumentException(
                        "onUnknown: " + onUnknown + " is not retry, resend-once or never"));
    }

    public String getOnUnknown() {
        return onUnknown.toString();
    }

    Subscription subscription() {
        return new Subscription(route, events, onUnknown);
    }
}
