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
    private Set<EventType> once = Set.of();

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
        this.events = read("events", events);
    }

    public String getEvents() {
        return written(events);
    }

    /**
     * The events that are never sent again when a call's answer was lost, separated by commas: where twice is worse than
     * perhaps not at all. For the others {@link #setOnUnknown} says.
     *
     * @throws IllegalArgumentException naming what is no event
     */
    public void setOnce(String events) {
        this.once = read("once", events);
    }

    public String getOnce() {
        return written(once);
    }

    private static Set<EventType> read(String property, String events) {
        return Arrays.stream(events.split(","))
                .map(String::strip)
                .map(name -> EventType.of(name)
                        .orElseThrow(() -> new IllegalArgumentException(property + ": " + name
                                + " is no event; the events are "
                                + Stream.of(EventType.values())
                                        .map(EventType::toString)
                                        .collect(Collectors.joining(", ")))))
                .collect(Collectors.toSet());
    }

    private static String written(Set<EventType> events) {
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
        return new Subscription(route, events, onUnknown, once);
    }
}
