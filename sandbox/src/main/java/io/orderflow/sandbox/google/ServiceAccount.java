package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

/**
 * The service account and its key file, which is all that is kept of it: made at the first start, afterwards only its
 * {@code token_uri} follows the sandbox's address.
 */
final class ServiceAccount {

    private static final String PROJECT = "orderflow-sandbox";
    private static final String PEM_TYPE = "PRIVATE KEY";

    private final Path file;
    private final ObjectNode content;
    private final RSAPublicKey publicKey;

    private ServiceAccount(Path file, ObjectNode content, RSAPublicKey publicKey) {
        this.file = file;
        this.content = content;
        this.publicKey = publicKey;
    }

    /** Reads the key file, or makes it. */
    static ServiceAccount open(Path file, URI tokenUri) {
        try {
            var content = Files.exists(file) ? (ObjectNode) Json.read(Files.readAllBytes(file)) : generate();
            if (!tokenUri.toString().equals(content.path("token_uri").textValue())) {
                content.put("token_uri", tokenUri.toString());
                write(file, content);
            }
            return new ServiceAccount(
                    file, content, publicKeyOf(content.get("private_key").textValue()));
        } catch (IOException e) {
            throw new UncheckedIOException("The service-account file " + file + " cannot be used", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The key in " + file + " cannot be used", e);
        }
    }

    private static ObjectNode generate() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return Json.object()
                .put("type", "service_account")
                .put("project_id", PROJECT)
                .put("private_key_id", Secrets.hex(40))
                .put("private_key", pem(generator.generateKeyPair().getPrivate()))
                .put("client_email", "orders@" + PROJECT + ".iam.gserviceaccount.com")
                .put("client_id", Secrets.digits(21))
                .put("universe_domain", "googleapis.com");
    }

    private static void write(Path file, ObjectNode content) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, content.toPrettyString());
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(PrivateKey key) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return boundary("BEGIN") + "\n" + lines + "\n" + boundary("END") + "\n";
    }

    private static String boundary(String side) {
        return "-----" + side + " " + PEM_TYPE + "-----";
    }

    private static RSAPublicKey publicKeyOf(String pem) throws GeneralSecurityException {
        var encoded = pem.replace(boundary("BEGIN"), "").replace(boundary("END"), "");
        var factory = KeyFactory.getInstance("RSA");
        var key = (RSAPrivateCrtKey) factory.generatePrivate(
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(encoded)));
        return (RSAPublicKey) factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    }

    Path file() {
        return file;
    }

    String email() {
        return content.get("client_email").textValue();
    }

    String keyId() {
        return content.get("private_key_id").textValue();
    }

    String tokenUri() {
        return content.get("token_uri").textValue();
    }

    String project() {
        return content.get("project_id").textValue();
    }

    RSAPublicKey publicKey() {
        return publicKey;
    }
}
