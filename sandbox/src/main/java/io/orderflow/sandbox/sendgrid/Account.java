package io.orderflow.sandbox.sendgrid;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/** The API key and the key pair of the event webhook, made at the first start. */
final class Account {

    static final String SENDER = "orders@shop.example";
    static final String SENDER_NAME = "Orderflow";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final String apiKey;
    private final PrivateKey webhookKey;
    private final String webhookPublicKey;

    private Account(ObjectNode stored) throws GeneralSecurityException {
        apiKey = stored.get("apiKey").textValue();
        webhookPublicKey = stored.get("webhookPublicKey").textValue();
        webhookKey = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder()
                        .decode(stored.get("webhookPrivateKey").textValue())));
    }

    static Account open(Store store) {
        var table = store.table("sendgrid-account");
        try {
            if (table.get("account").isEmpty()) {
                table.put("account", generate());
            }
            return new Account(table.get("account").orElseThrow());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The keys of the SendGrid account cannot be used", e);
        }
    }

    private static ObjectNode generate() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        return Json.object()
                .put("apiKey", "SG.sandbox" + random(16) + "." + random(32))
                .put(
                        "webhookPrivateKey",
                        Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()))
                .put(
                        "webhookPublicKey",
                        Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
    }

    /** Random bytes in the letters that SendGrid uses in keys and ids. */
    static String random(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    String apiKey() {
        return apiKey;
    }

    /** As SendGrid's page for the webhook's settings shows it: the key's X.509 form in Base64. */
    String webhookPublicKey() {
        return webhookPublicKey;
    }

    /** The headers of one attempt to deliver events: the signature covers the time of the attempt and the raw body. */
    Map<String, String> sign(byte[] body, Instant sentAt) {
        var timestamp = String.valueOf(sentAt.getEpochSecond());
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(webhookKey);
            signature.update(timestamp.getBytes());
            signature.update(body);
            return Map.of(
                    "Content-Type",
                    "application/json",
                    "User-Agent",
                    "SendGrid Event API",
                    "X-Twilio-Email-Event-Webhook-Timestamp",
                    timestamp,
                    "X-Twilio-Email-Event-Webhook-Signature",
                    Base64.getEncoder().encodeToString(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Events cannot be signed", e);
        }
    }
}
