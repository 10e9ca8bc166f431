package io.orderflow.testing;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import org.eclipse.microprofile.config.ConfigProvider;

/** Batches of SendGrid's events as tests want them, signed with a key that the app believes. */
public final class MailEvents {

    private MailEvents() {}

    /** One event of the mail of an order's event. */
    public static String event(String orderId, int eventNumber, String name, String id) {
        return """
                {"email": "jane@example.com", "timestamp": %d, "event": "%s", "sg_event_id": "%s",
                 "sg_message_id": "message-1.recvd-0.0", "reason": "550 5.1.1 Nobody of that name",
                 "order_id": "%s", "event_id": "%s-%d", "delivery_id": "%s-%d/sendgrid"}""".formatted(
                        Instant.now().getEpochSecond(), name, id, orderId, orderId, eventNumber, orderId, eventNumber);
    }

    /** Sends a batch, signed at {@code at}. */
    public static Response send(String batch, Instant at) {
        return send(batch, sign(batch, at, key()), String.valueOf(at.getEpochSecond()));
    }

    public static Response send(String batch, String signature, String timestamp) {
        return given().contentType("application/json")
                .header("X-Twilio-Email-Event-Webhook-Signature", signature)
                .header("X-Twilio-Email-Event-Webhook-Timestamp", timestamp)
                .body(batch.getBytes(StandardCharsets.UTF_8))
                .post("/webhooks/sendgrid");
    }

    /** The signature of a batch, in Base64. */
    public static String sign(String batch, Instant at, PrivateKey key) {
        try {
            var signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(key);
            signer.update((at.getEpochSecond() + batch).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key that the app believes. */
    public static PrivateKey key() {
        try {
            var text = ConfigProvider.getConfig().getValue(SandboxResource.MAIL_EVENTS_KEY, String.class);
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key that nobody knows. */
    public static KeyPair newKey() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(Key key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }
}
