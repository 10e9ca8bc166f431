package io.orderflow.domain;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happened to an order, and how far the telling of it has got.
 *
 * @param id the order's id and the event's number in it: stable, so that receivers can count distinct ids
 * @param version the order's version that it led to
 * @param data what belongs to this event alone, for example the tracking number
 * @param deliveries by integration; null until the first claim decides who is told
 */
public record Event(
        String id,
        EventType type,
        Instant at,
        long version,
        Map<String, String> data,
        Map<String, Delivery> deliveries) {

    public Event {
        data = Map.copyOf(data);
        deliveries = deliveries == null ? null : java.util.Collections.unmodifiableMap(new TreeMap<>(deliveries));
    }

    Event withDeliveries(Map<String, Delivery> next) {
        return new Event(id, type, at, version, data, next);
    }

    Event withDelivery(String integration, Delivery next) {
        var all = new TreeMap<>(deliveries);
        all.put(integration, next);
        return withDeliveries(all);
    }
}
