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
import java.util.Optional;

/**
 * Authenticates by the header {@code X-API-Key}: by the keys in the ledger, and by the bootstrap key, which may do
 * everything and belongs to the client {@code orderflow.security.client}.
 */
@ApplicationScoped
public class ApiKeyMechanism {

    private static final int SHORTEST_KEY = 24;
    static final String HEADER = "X-API-Key";

    private final Optional<byte[]> bootstrapKeyHash;
    private final SecurityIdentity bootstrap;
    private final KeyRing keys;

    ApiKeyMechanism(SecurityConfig config, KeyRing keys) {
        var bootstrapKey = config.bootstrapApiKey();
        var client = config.client();
        bootstrapKey.filter(key -> key.length() < SHORTEST_KEY).ifPresent(key -> {
            throw new IllegalArgumentException("ORDERFLOW_BOOTSTRAP_API_KEY must have at least " + SHORTEST_KEY
                    + " characters; it has " + key.length());
        });
        if (!Identities.isClient(client)) {
            throw new IllegalArgumentException(
                    "orderflow.security.client must have 1 to 100 letters, digits, dots, hyphens and underscores; it is "
                            + client);
        }
        this.keys = keys;
        bootstrapKeyHash = bootstrapKey.map(ApiKeyMechanism::hash);
        bootstrap = Identities.of(client, Identities.SCOPES, "bootstrap");
    }

    /** Makes the checks of the constructor part of the start. */
    void start(@Observes StartupEvent started) {}

    /** The identity of the key that a request shows, or null when it is not known. */
    Uni<SecurityIdentity> authenticate(RoutingContext context) {
        var key = context.request().getHeader(HEADER);
        // Hashed first, so that the comparison takes the same time whatever the key's length and first letters are.
        if (bootstrapKeyHash.isPresent() && MessageDigest.isEqual(hash(key), bootstrapKeyHash.get())) {
            return Uni.createFrom().item(bootstrap);
        }
        var found = keys.identify(key);
        var identity = Uni.createFrom().completionStage(found).map(known -> known.orElse(null));
        if (found.isDone()) {
            return identity;
        }
        // The request goes on where it came in, not on the thread that has read the ledger.
        var eventLoop = context.vertx().getOrCreateContext();
        return identity.emitOn(next -> eventLoop.runOnContext(resumed -> next.run()));
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
