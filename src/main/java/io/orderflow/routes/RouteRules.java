package io.orderflow.routes;

import io.orderflow.delivery.Integration;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.EnrichDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/**
 * What Camel lets pass and must not: a route that names an error policy which nobody declares has none, an integration
 * without the policy {@code delivery} would have its effect and never be recorded, and a call of a route that nobody has
 * would wait for it.
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
        checkCalls(model.getRouteDefinitions());
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

    /** A call of a route that nobody has would wait for it, again and again. */
    private static void checkCalls(List<RouteDefinition> routes) {
        var served = routes.stream().map(route -> route.getInput().getUri()).collect(Collectors.toSet());
        for (var route : routes) {
            var sends = ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class).stream()
                    .map(ToDefinition::getUri);
            var enriches =
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), EnrichDefinition.class).stream()
                            .map(enrich -> enrich.getExpression().getExpression());
            Stream.concat(sends, enriches)
                    .filter(uri -> uri != null && uri.startsWith("direct:") && !served.contains(uri))
                    .findFirst()
                    .ifPresent(uri -> {
                        throw new IllegalStateException(
                                "Route " + route.getId() + " calls " + uri + ", which no file holds");
                    });
        }
    }

    private static Optional<String> policy(RouteDefinition route) {
        return Optional.ofNullable(route.getRouteConfigurationId());
    }
}
