package io.orderflow.routes;

import io.orderflow.delivery.Integration;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;

/**
 * What Camel lets pass and must not: a route that names an error policy which nobody declares has none, and an
 * integration without the policy {@code delivery} would have its effect and never be recorded.
 */
@ApplicationScoped
class RouteRules {

    private static final String DELIVERY = "delivery";

    void start(@Observes StartupEvent started, CamelContext camel) {
        check(camel);
    }

    /** @throws IllegalStateException naming the route that breaks a rule, and the remedy */
    static void check(CamelContext camel) {
        var model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        for (var route : model.getRouteDefinitions()) {
            policy(route)
                    .filter(policy -> model.getRouteConfigurationDefinition(policy) == null)
                    .ifPresent(policy -> {
                        throw new IllegalStateException("Route " + route.getId() + " names the error policy " + policy
                                + ", which no file declares; see error-policies.camel.yaml");
                    });
        }
        for (var integration : camel.getRegistry().findByType(Integration.class)) {
            var route = Optional.ofNullable(model.getRouteDefinition(integration.getRoute()))
                    .orElseThrow(() -> new IllegalStateException(
                            "An Integration names the route " + integration.getRoute() + ", which no file holds"));
            if (policy(route).filter(DELIVERY::equals).isEmpty()) {
                throw new IllegalStateException(
                        "Route " + route.getId() + " tells an integration; give it routeConfigurationId: " + DELIVERY);
            }
        }
    }

    private static Optional<String> policy(RouteDefinition route) {
        return Optional.ofNullable(route.getRouteConfigurationId());
    }
}
