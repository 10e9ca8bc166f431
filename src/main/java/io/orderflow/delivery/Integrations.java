package io.orderflow.delivery;

import io.orderflow.domain.Subscription;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.apache.camel.CamelContext;

/** The integrations that the routes declare, as they are now: a route file that is edited counts at once. */
@ApplicationScoped
public class Integrations {

    private final CamelContext camel;

    Integrations(CamelContext camel) {
        this.camel = camel;
    }

    public List<Subscription> subscriptions() {
        return camel.getRegistry().findByType(Integration.class).stream()
                .map(Integration::subscription)
                .toList();
    }
}
