package io.orderflow.monitoring;

import io.orderflow.api.HttpOrder;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Tells load balancers whether the instance is well, and no more: what it is made of and what it misses is for operators
 * ({@code ops:read}), whom Quarkus answers.
 */
@ApplicationScoped
public class HealthSummary {

    private final SmallRyeHealthReporter reporter;

    HealthSummary(SmallRyeHealthReporter reporter) {
        this.reporter = reporter;
    }

    void install(@Observes Router router) {
        router.route("/q/health*")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .order(HttpOrder.AFTER_AUTHENTICATION + 1)
                .handler(this::answer);
    }

    private void answer(RoutingContext context) {
        if (context.user() instanceof QuarkusHttpUser user
                && user.getSecurityIdentity().hasRole("ops:read")) {
            context.next();
            return;
        }
        health(context.normalizedPath())
                .subscribe()
                .with(
                        health -> context.response()
                                .setStatusCode(health.isDown() ? 503 : 200)
                                .putHeader("Content-Type", "application/json")
                                .end(health.isDown() ? "{\"status\":\"DOWN\"}" : "{\"status\":\"UP\"}"),
                        context::fail);
    }

    private Uni<SmallRyeHealth> health(String path) {
        return switch (path) {
            case "/q/health/live" -> reporter.getLivenessAsync();
            case "/q/health/ready" -> reporter.getReadinessAsync();
            case "/q/health/started" -> reporter.getStartupAsync();
            default -> reporter.getHealthAsync();
        };
    }
}
