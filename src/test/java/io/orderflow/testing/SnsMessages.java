package io.orderflow.testing;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;

/** Messages of SNS as tests want them, signed with the sandbox's key. */
public final class SnsMessages {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SnsMessages() {}

    /** A notification of {@code topic}, not yet signed. */
    public static ObjectNode notification(String topic, String text, Instant at) {
        return MAPPER.createObjectNode()
                .put("Type", "Notification")
                .put("MessageId", "message-1")
                .put("TopicArn", topic)
                .put("Message", text)
                .put("Timestamp", at.truncatedTo(ChronoUnit.MILLIS).toString())
                .put("SigningCertURL", certificateUrl());
    }

    /** The same message, signed with the sandbox's key. */
    public static ObjectNode signed(ObjectNode message, String version) {
        return signed(message, version, key());
    }

    public static ObjectNode signed(ObjectNode message, String version, PrivateKey key) {
        var names = message.path("Type").asText().equals("Notification")
                ? List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
                : List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");
        var text = names.stream()
                .filter(message::has)
                .map(name -> name + "\n" + message.get(name).asText() + "\n")
                .collect(Collectors.joining());
        try {
            var signer = Signature.getInstance(version.equals("1") ? "SHA1withRSA" : "SHA256withRSA");
            signer.initSign(key);
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            return message.deepCopy()
                    .put("SignatureVersion", version)
                    .put("Signature", Base64.getEncoder().encodeToString(signer.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a body as SNS does. */
    public static Response send(String body) {
        return given().contentType("text/plain; charset=UTF-8")
                .header("x-amz-sns-message-type", "Notification")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/webhooks/sns");
    }

    /** Where the sandbox has its certificate. */
    public static String certificateUrl() {
        try {
            var pem = Files.readString(folder().resolve("signing-certificate.pem"));
            var hash = MessageDigest.getInstance("SHA-256").digest(pem.getBytes(StandardCharsets.US_ASCII));
            return setting(SandboxResource.BASE) + "/sns/SimpleNotificationService-"
                    + HexFormat.of().formatHex(hash, 0, 16) + ".pem";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PrivateKey key() {
        try {
            var pem = Files.readString(folder().resolve("signing-key.pem")).replaceAll("-----[A-Z ]+-----", "");
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path folder() {
        return Path.of(setting(SandboxResource.DATA), "sns");
    }

    /** One of the app's settings. */
    public static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }
}
