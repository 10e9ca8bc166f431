package io.orderflow.sandbox.stripe;

import io.orderflow.sandbox.Webhooks;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs webhooks: HMAC with SHA-256 over the time of sending and the body. Source: Stripe's page "Resolve webhook
 * signature verification errors" and "Verify webhook signatures manually".
 */
record WebhookSigner(String secret) implements Webhooks.Signer {

    @Override
    public Map<String, String> headers(byte[] body, Instant sentAt) {
        long seconds = sentAt.getEpochSecond();
        return Map.of(
                "Content-Type", "application/json; charset=utf-8",
                "User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                "Stripe-Signature", "t=" + seconds + ",v1=" + signature(seconds, body));
    }

    private String signature(long seconds, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }
}
