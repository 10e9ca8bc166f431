package io.orderflow.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.CorsHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Lets scripts of the configured origins, and of no others, read the answers. A preflight of theirs is answered without a
 * key, as browsers send none; of another origin's it is a request like any other.
 */
@ApplicationScoped
public class Cors {

    private static final int PREFLIGHT_KEPT_SECONDS = 600;

    private final List<String> origins;

    Cors(@ConfigProperty(name = "orderflow.http.cors-origins") Optional<List<String>> origins) {
        this.origins = origins.orElse(List.of()).stream().map(String::strip).toList();
        this.origins.stream()
                .filter(origin -> !origin.matches("https?://[A-Za-z0-9.\\[\\]:-]+"))
                .findFirst()
                .ifPresent(origin -> {
                    throw new IllegalArgumentException(
                            "CORS_ORIGINS names origins such as https://shop.example.com, separated by commas; one is "
                                    + origin);
                });
    }

    void install(@Observes Router router) {
        if (origins.isEmpty()) {
            return;
        }
        var handler = CorsHandler.create()
                .addOrigins(origins)
                .allowedMethods(
                        Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PATCH, HttpMethod.DELETE))
                .allowedHeaders(Set.of("X-API-Key", "Authorization", "Content-Type", "Idempotency-Key", "If-Match"))
                .exposedHeaders(Set.of(
                        "ETag",
                        "Location",
                        "Retry-After",
                        "RateLimit",
                        "RateLimit-Policy",
                        "RateLimit-Limit",
                        "RateLimit-Remaining",
                        "RateLimit-Reset"))
                .maxAgeSeconds(PREFLIGHT_KEPT_SECONDS);
        router.route().order(HttpOrder.CORS).handler(context -> {
            var origin = context.request().getHeader("Origin");
            context.response().putHeader("Vary", "Origin");
            if (origin != null && origins.contains(origin)) {
                handler.handle(context);
            } else {
                context.next();
            }
        });
    }
}
