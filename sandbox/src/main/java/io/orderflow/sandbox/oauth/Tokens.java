package io.orderflow.sandbox.oauth;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import io.orderflow.sandbox.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Makes access tokens (RFC 9068) and ID tokens (OpenID Connect Core, section 2), and reads them again. */
final class Tokens {

    static final String AUDIENCE = "orderflow";

    private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");
    private static final String ACCESS_TOKENS = "accessTokens";

    private final String issuer;
    private final SigningKeys keys;
    private final Users users;
    private final Issued issued;
    private final Clock clock;

    Tokens(String issuer, SigningKeys keys, Users users, Issued issued, Clock clock) {
        this.issuer = issuer;
        this.keys = keys;
        this.users = users;
        this.issued = issued;
        this.clock = clock;
    }

    /** For the client itself. */
    String access(Client client, Set<String> scopes) {
        return access(client, scopes, claims(client, client.id(), scopes));
    }

    /** For a client that acts for a person. */
    String access(Client client, Grant grant, Set<String> scopes) {
        var user = users.find(grant.userId()).orElseThrow();
        return access(
                client,
                scopes,
                claims(client, user.subject(), scopes)
                        .claim("auth_time", grant.authenticatedAt().getEpochSecond()));
    }

    private String access(Client client, Set<String> scopes, JWTClaimsSet.Builder builder) {
        var claims = builder.build();
        issued.count(client.id(), ACCESS_TOKENS);
        issued.remember(Json.object()
                .put("clientId", client.id())
                .put("subject", claims.getSubject())
                .put("scope", Scopes.text(scopes))
                .put("jti", claims.getJWTID())
                .put("issuedAt", claims.getIssueTime().toInstant().toString()));
        return keys.sign(ACCESS_TOKEN, claims);
    }

    /** What an access token for {@code client} says, valid from now on. */
    JWTClaimsSet.Builder claims(Client client, String subject, Set<String> scopes) {
        var now = clock.instant();
        return times(client, now)
                .subject(subject)
                .audience(AUDIENCE)
                .notBeforeTime(Date.from(now))
                .jwtID(UUID.randomUUID().toString())
                .claim("client_id", client.id())
                .claim("scope", Scopes.text(scopes));
    }

    private JWTClaimsSet.Builder times(Client client, Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(client.tokenSeconds())));
    }

    String identity(Client client, Grant grant) {
        var user = users.find(grant.userId()).orElseThrow();
        var claims = times(client, clock.instant())
                .subject(user.subject())
                .audience(client.id())
                .claim("auth_time", grant.authenticatedAt().getEpochSecond())
                .claim("sid", grant.sid());
        grant.nonce().ifPresent(nonce -> claims.claim("nonce", nonce));
        about(user, grant.scopes()).forEach(claims::claim);
        issued.count(client.id(), "idTokens");
        return keys.sign(JOSEObjectType.JWT, claims.build());
    }

    /** The claims about a person that the scopes allow (OpenID Connect Core, section 5.4). */
    static Map<String, Object> about(User user, Set<String> scopes) {
        var claims = new LinkedHashMap<String, Object>();
        if (scopes.contains("profile")) {
            claims.put("name", user.name());
            claims.put("preferred_username", user.id());
        }
        if (scopes.contains("email")) {
            claims.put("email", user.email());
            claims.put("email_verified", true);
        }
        return claims;
    }

    /** The claims of an access token of ours that is valid now. */
    Optional<JWTClaimsSet> valid(String accessToken) {
        return keys.verified(ACCESS_TOKEN, accessToken)
                .filter(claims -> claims.getExpirationTime().toInstant().isAfter(clock.instant()));
    }

    /** The claims of an ID token of ours, expired or not: it only hints at who is meant. */
    Optional<JWTClaimsSet> hinted(String idToken) {
        return keys.verified(JOSEObjectType.JWT, idToken);
    }
}
