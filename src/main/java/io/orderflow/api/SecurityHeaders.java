package io.orderflow.api;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The header fields of every answer that tell browsers what not to do with it. */
@ApplicationScoped
public class SecurityHeaders {

    private static final String NOTHING =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** The page has its script and its styles inside. */
    private static final String SWAGGER_UI = "default-src 'none'; script-src 'self' 'unsafe-inline'; "
            + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final String transportSecurity;

    SecurityHeaders(@ConfigProperty(name = "orderflow.http.strict-transport-security") String transportSecurity) {
        this.transportSecurity = transportSecurity;
    }

    void install(@Observes Router router) {
        router.route().order(HttpOrder.HEADERS).handler(this::put);
    }

    private void put(RoutingContext context) {
        var isSwaggerUi = context.request().path().startsWith("/q/swagger-ui");
        var headers = context.response()
                .headers()
                .set("X-Content-Type-Options", "nosniff")
                .set("X-Frame-Options", "DENY")
                .set("Referrer-Policy", "no-referrer")
                .set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
                .set("Content-Security-Policy", isSwaggerUi ? SWAGGER_UI : NOTHING);
        if (!isSwaggerUi) {
            headers.set("Cache-Control", "no-store");
        }
        // As the caller sees it: a proxy that is believed may have taken the TLS off (quarkus.http.proxy.*).
        if ("https".equals(context.request().scheme())) {
            headers.set("Strict-Transport-Security", transportSecurity);
        }
        context.next();
    }
}
