package io.orderflow.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Makes of a verified token the identity that an API key makes: whose the orders are, and what it may do. Signature,
 * issuer and times are verified by Quarkus before; that the token is meant for Orderflow is checked here, as not every
 * issuer tells it in the same place.
 *
 * <ul>
 *   <li>{@code aud} contains the audience (RFC 9068; Keycloak, Auth0, Okta): {@code scope} or {@code scp} are scopes,
 *       with or without the audience and a slash before them.
 *   <li>There is no {@code aud} (access tokens of Amazon Cognito): only scopes with the audience and a slash before them
 *       count, as Cognito names those of the resource server.
 *   <li>{@code aud} contains the audience, and the issuer knows no scopes (Google): {@code orderflow.security.grants} says
 *       what an e-mail address may do that the issuer has verified.
 * </ul>
 */
@ApplicationScoped
public class TokenIdentities implements SecurityIdentityAugmentor {

    private static final int LONGEST_SUBJECT = 100;

    private final SecurityConfig config;

    TokenIdentities(SecurityConfig config) {
        this.config = config;
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        return identity.getPrincipal() instanceof JsonWebToken token
                ? Uni.createFrom().item(() -> identity(token))
                : Uni.createFrom().item(identity);
    }

    private SecurityIdentity identity(JsonWebToken token) {
        var audience = token.getAudience();
        if (audience != null && !audience.contains(config.audience())) {
            throw new AuthenticationFailedException("The token is meant for others");
        }
        var client = client(token);
        // Without an audience a token could be meant for any application of the issuer.
        var scopes = new HashSet<>(audience == null ? Set.of() : granted(token));
        var prefix = config.audience() + "/";
        scopesOf(token).forEach(scope -> {
            if (scope.startsWith(prefix)) {
                scopes.add(scope.substring(prefix.length()));
            } else if (audience != null) {
                scopes.add(scope);
            }
        });
        if (audience == null && scopes.isEmpty()) {
            throw new AuthenticationFailedException("The token does not say for whom it is meant");
        }
        scopes.retainAll(Identities.SCOPES);
        return Identities.of(client, Set.copyOf(scopes), actor(token));
    }

    private String client(JsonWebToken token) {
        var id = Stream.of("client_id", "azp")
                .map(claim -> token.<Object>getClaim(claim))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .findFirst()
                .orElseThrow(() -> new AuthenticationFailedException("The token names no client"));
        var client = config.clients().getOrDefault(id, id);
        if (!Identities.isClient(client)) {
            throw new AuthenticationFailedException("The token's client has a name that no client can have");
        }
        return client;
    }

    /** OAuth has them in one string (RFC 8693); some issuers, in a list. */
    private static Stream<String> scopesOf(JsonWebToken token) {
        return Stream.of("scope", "scp").flatMap(claim -> switch (token.<Object>getClaim(claim)) {
            case String text -> Arrays.stream(text.split(" "));
            case JsonString text -> Arrays.stream(text.getString().split(" "));
            case JsonArray list ->
                list.stream().filter(JsonString.class::isInstance).map(scope -> ((JsonString) scope).getString());
            case List<?> list -> list.stream().map(String::valueOf);
            case null, default -> Stream.empty();
        });
    }

    private Set<String> granted(JsonWebToken token) {
        var email = token.<Object>getClaim("email");
        var isVerified = Boolean.parseBoolean(String.valueOf(token.<Object>getClaim("email_verified")));
        return email != null && isVerified ? config.grants().getOrDefault(email.toString(), Set.of()) : Set.of();
    }

    private static String actor(JsonWebToken token) {
        var subject = String.valueOf(token.getSubject());
        return "user:" + subject.substring(0, Math.min(subject.length(), LONGEST_SUBJECT));
    }
}
