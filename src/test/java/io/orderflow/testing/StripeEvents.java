package io.orderflow.testing;

import static io.restassured.RestAssured.given;

import com.stripe.net.Webhook;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** Stripe as its dashboard and its webhook are, for tests. */
public final class StripeEvents {

    private StripeEvents() {}

    /** An event about a PaymentIntent, whose object says no more of it than Stripe's does. */
    public static String event(String type, String intentId) {
        var object = type.startsWith("payment_intent.") ? "payment_intent" : type.split("\\.")[0];
        return """
                {"id": "evt_1", "object": "event", "type": "%s",
                 "data": {"object": {"id": "%s", "object": "%s", "payment_intent": "%s"}}}""".formatted(type, object.equals("payment_intent") ? intentId : "x_1", object, intentId);
    }

    /** Sends an event as Stripe would, now. */
    public static Response send(String body) {
        return send(body, signature(body, Instant.now(), secret()));
    }

    public static Response send(String body, String signature) {
        return given().header("Stripe-Signature", signature)
                .contentType("application/json")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/webhooks/stripe");
    }

    /** The header Stripe-Signature. */
    public static String signature(String body, Instant at, String secret) {
        try {
            var time = at.getEpochSecond();
            return "t=" + time + ",v1=" + Webhook.Util.computeHmacSha256(secret, time + "." + body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The signing secret of the sandbox's webhook endpoint. */
    public static String secret() {
        return setting("STRIPE_WEBHOOK_SECRET");
    }

    /** Calls Stripe with the shop's own key, as its dashboard does. */
    public static Response call(String path, Map<String, String> form) {
        return given().auth()
                .preemptive()
                .basic(setting("STRIPE_SECRET_KEY"), "")
                .formParams(form)
                .post(setting("STRIPE_API_BASE") + path);
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }
}
