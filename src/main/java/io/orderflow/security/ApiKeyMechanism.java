package io.orderflow.security;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Authenticates by the header {@code X-API-Key}. The one key known is the bootstrap key, which may do everything; it
 * belongs to the client {@code orderflow.security.client}.
 */
@ApplicationScoped
public class ApiKeyMechanism {

    private static final int SHORTEST_KEY = 24;
    static final String HEADER = "X-API-Key";

    private final byte[] bootstrapKeyHash;
    private final SecurityIdentity bootstrap;

    ApiKeyMechanism(SecurityConfig config) {
        var bootstrapKey = config.bootstrapApiKey();
        var client = config.client();
        if (bootstrapKey.length() < SHORTEST_KEY) {
            throw new IllegalArgumentException("ORDERFLOW_BOOTSTRAP_API_KEY must have at least " + SHORTEST_KEY
                    + " characters; it has " + bootstrapKey.length());
        }
        if (!Identities.isClient(client)) {
            throw new IllegalArgumentException(
                    "orderflow.security.client must have 1 to 100 letters, digits, dots, hyphens and underscores; it is "
                            + client);
        }
        bootstrapKeyHash = hash(bootstrapKey);
        bootstrap = Identities.of(client, Identities.SCOPES, "bootstrap");
    }

    /** Makes the checks of the constructor part of the start. */
    void start(@Observes StartupEvent started) {}

    /** The identity of the key that a request shows, or null when it is not known. */
    Uni<SecurityIdentity> authenticate(RoutingContext context) {
        var key = context.request().getHeader(HEADER);
        // Hashed first, so that the comparison takes the same time whatever the key's length and first letters are.
        return key != null && MessageDigest.isEqual(hash(key), bootstrapKeyHash)
                ? Uni.createFrom().item(bootstrap)
                : Uni.createFrom().nullItem();
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
