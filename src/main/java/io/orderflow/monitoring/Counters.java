package io.orderflow.monitoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.Event;
import io.orderflow.domain.Order;
import io.orderflow.domain.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/**
 * What this instance has done since it started. It is counted when the ledger has said that it holds it, so a crash or
 * a lost answer leaves a counter behind the ledger, never ahead of it.
 */
@ApplicationScoped
public class Counters {

    /** What the names of all of them begin with. */
    static final String PREFIX = "orderflow.";

    private static final String DELIVERIES = PREFIX + "deliveries";

    private final MeterRegistry registry;
    private final Counter accepted;

    Counters(MeterRegistry registry) {
        this.registry = registry;
        this.accepted = Counter.builder(PREFIX + "orders.accepted")
                .description("New orders that were stored; a repeated request is none.")
                .register(registry);
    }

    /** A new order is stored. */
    public void accepted() {
        accepted.increment();
    }

    /** The ledger holds what came of a delivery. */
    public void settled(String integration, Outcome outcome) {
        settled(integration, name(outcome));
    }

    /**
     * Counts the deliveries that a claim found left in the air by a worker that ended.
     *
     * @param before the order as it was read
     * @param after as it was written
     */
    public void interrupted(Order before, Order after) {
        for (int i = 0; i < before.events().size(); i++) {
            var found = deliveries(before.events().get(i));
            deliveries(after.events().get(i)).forEach((integration, delivery) -> {
                if (found.containsKey(integration)
                        && delivery.unknowns() > found.get(integration).unknowns()) {
                    settled(integration, "unknown");
                }
            });
        }
    }

    /** Counts the deliveries that their receiver has told of before their sender could. */
    public void proven(Order before, Order after) {
        for (int i = 0; i < before.events().size(); i++) {
            var found = deliveries(before.events().get(i));
            deliveries(after.events().get(i)).forEach((integration, delivery) -> {
                if (delivery.state() == Delivery.State.DONE
                        && found.containsKey(integration)
                        && found.get(integration).state() != Delivery.State.DONE) {
                    settled(integration, "done");
                }
            });
        }
    }

    private static Map<String, Delivery> deliveries(Event event) {
        return event.deliveries() == null ? Map.of() : event.deliveries();
    }

    private void settled(String integration, String outcome) {
        Counter.builder(DELIVERIES)
                .description("Attempts at a delivery, and what came of them.")
                .tag("integration", integration)
                .tag("outcome", outcome)
                .register(registry)
                .increment();
    }

    private static String name(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> "done";
            case Outcome.Parked _ -> "parked";
            case Outcome.KeptBack _ -> "kept-back";
            case Outcome.Unknown _ -> "unknown";
            case Outcome.Buried _ -> "dead";
        };
    }
}
