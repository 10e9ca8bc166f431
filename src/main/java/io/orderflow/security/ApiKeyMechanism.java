package io.orderflow.security;

import io.orderflow.api.HttpProblems;
import io.orderflow.api.Problem;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
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
public class ApiKeyMechanism implements HttpAuthenticationMechanism {

    private static final int SHORTEST_KEY = 24;
    private static final String CHALLENGE = "ApiKey realm=\"orderflow\"";

    private final byte[] bootstrapKeyHash;
    private final SecurityIdentity bootstrap;
    private final HttpProblems problems;

    ApiKeyMechanism(SecurityConfig config, HttpProblems problems) {
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
        this.problems = problems;
        bootstrapKeyHash = hash(bootstrapKey);
        bootstrap = Identities.of(client, Identities.SCOPES, "bootstrap");
    }

    /** Makes the checks of the constructor part of the start. */
    void start(@Observes StartupEvent started) {}

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        var key = context.request().getHeader("X-API-Key");
        // Hashed first, so that the comparison takes the same time whatever the key's length and first letters are.
        return key != null && MessageDigest.isEqual(hash(key), bootstrapKeyHash)
                ? Uni.createFrom().item(bootstrap)
                : Uni.createFrom().nullItem();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", CHALLENGE));
    }

    @Override
    public Uni<Boolean> sendChallenge(RoutingContext context) {
        context.response().putHeader("WWW-Authenticate", CHALLENGE);
        problems.send(context, Problem.unauthorized());
        return Uni.createFrom().item(true);
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
