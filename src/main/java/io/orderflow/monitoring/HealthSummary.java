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
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Tells load balancers whether the instance is well, and no more: what it is made of and what it misses is for operators
 * ({@code ops:read}), whom Quarkus answers.
 */
@ApplicationScoped
public class HealthSummary {

    /** However often it is asked: the checks are work, and whoever asks is not limited. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Map<String, Uni<SmallRyeHealth>> healths;

    HealthSummary(SmallRyeHealthReporter reporter) {
        healths = Map.of(
                "/q/health", remembered(reporter::getHealthAsync),
                "/q/health/live", remembered(reporter::getLivenessAsync),
                "/q/health/ready", remembered(reporter::getReadinessAsync),
                "/q/health/started", remembered(reporter::getStartupAsync));
    }

    private static Uni<SmallRyeHealth> remembered(Supplier<Uni<? extends SmallRyeHealth>> health) {
        return Uni.createFrom().<SmallRyeHealth>deferred(health).memoize().atLeast(FRESH);
    }

    void install(@Observes Router router) {
        healths.forEach((path, health) -> router.route(path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .order(HttpOrder.AFTER_AUTHENTICATION + 1)
                .handler(context -> answer(context, health)));
    }

    private static void answer(RoutingContext context, Uni<SmallRyeHealth> health) {
        if (context.user() instanceof QuarkusHttpUser user
                && user.getSecurityIdentity().hasRole("ops:read")) {
            context.next();
            return;
        }
        health.subscribe()
                .with(
                        found -> context.response()
                                .setStatusCode(found.isDown() ? 503 : 200)
                                .putHeader("Content-Type", "application/json")
                                .end(found.isDown() ? "{\"status\":\"DOWN\"}" : "{\"status\":\"UP\"}"),
                        context::fail);
    }
}
