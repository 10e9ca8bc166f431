package io.orderflow.delivery;

import io.orderflow.domain.Subscription;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.apache.camel.CamelContext;

/** The integrations that the routes declare. */
@ApplicationScoped
public class Integrations {

    private final CamelContext camel;
    private volatile List<Subscription> subscriptions;

    Integrations(CamelContext camel) {
        this.camel = camel;
    }

    public List<Subscription> subscriptions() {
        if (subscriptions == null) {
            refresh();
        }
        return subscriptions;
    }

    /** Reads again what the routes declare. */
    public void refresh() {
        subscriptions = camel.getRegistry().findByType(Integration.class).stream()
                .map(Integration::subscription)
                .toList();
    }
}
