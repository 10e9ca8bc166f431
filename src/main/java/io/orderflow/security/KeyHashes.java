package io.orderflow.security;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes API keys (HMAC-SHA-256) under the secrets of {@code orderflow.security.key-hash-secret}: who has the ledger but
 * none of these cannot tell whether something is a key in it, nor put one there. A key has 256 random bits, so that no
 * slow hash is needed.
 */
@ApplicationScoped
class KeyHashes {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_SECRET = 32;

    private final List<SecretKeySpec> secrets;

    KeyHashes(SecurityConfig config) {
        var texts = config.keyHashSecret().stream().map(String::strip).toList();
        if (texts.isEmpty() || texts.stream().anyMatch(text -> text.length() < SHORTEST_SECRET)) {
            throw new IllegalArgumentException("ORDERFLOW_KEY_HASH_SECRET must have at least " + SHORTEST_SECRET
                    + " characters; several secrets, separated by commas, that many each");
        }
        secrets = texts.stream()
                .map(text -> new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM))
                .toList();
    }

    /** Makes the checks of the constructor part of the start. */
    void start(@Observes StartupEvent started) {}

    /** The hash under the first of the secrets, as it is kept. */
    String hash(KeyText key) {
        return Base64.getEncoder().encodeToString(hash(key, secrets.getFirst()));
    }

    /** Whether the key has one of these hashes under any of the secrets. How long it takes says nothing of them. */
    boolean isOne(KeyText key, List<String> hashes) {
        var isOne = false;
        for (var secret : secrets) {
            var hash = hash(key, secret);
            for (var known : hashes) {
                isOne |= MessageDigest.isEqual(hash, Base64.getDecoder().decode(known));
            }
        }
        return isOne;
    }

    private static byte[] hash(KeyText key, SecretKeySpec secret) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac.doFinal(key.text().getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }
}
