package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.World;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code POST /google/token}: gives an access token for an assertion that the service account signed, by the rules of
 * "Using OAuth 2.0 for Server to Server Applications" (RFC 7523). A service of its own, {@code google-oauth}, so that
 * faults can strike the tokens without striking the sheets.
 *
 * <p>One difference: for a scope that is none of Google's, Google answers with an id token and no access token; here
 * that is {@code invalid_scope}.
 */
public final class GoogleOAuth implements Service {

    private static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String SCOPES = "https://www.googleapis.com/auth/";
    /** Some of Google's clients take the audience from the key file, others always name this one, the Java one too. */
    private static final String GOOGLES_AUDIENCE = "https://oauth2.googleapis.com/token";

    private static final Duration LONGEST_ASSERTION = Duration.ofHours(1);
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private static final class Refused extends Exception {
        private final String error;

        Refused(String error, String description) {
            super(description, null, false, false);
            this.error = error;
        }
    }

    private final World world;
    private final ServiceAccount account;
    private final AccessTokens tokens;

    GoogleOAuth(World world, ServiceAccount account, AccessTokens tokens) {
        this.world = world;
        this.account = account;
        this.tokens = tokens;
    }

    @Override
    public String name() {
        return "google-oauth";
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.on(HttpMethod.POST, "/google/token", "token", call -> call.answer(token(call)));
    }

    private Reply token(Call call) {
        try {
            var form = call.request().formAttributes();
            if (!GRANT_TYPE.equals(form.get("grant_type"))) {
                throw new Refused(
                        "unsupported_grant_type",
                        "Invalid grant_type: "
                                + Optional.ofNullable(form.get("grant_type")).orElse(""));
            }
            var scopes = verify(Optional.ofNullable(form.get("assertion")).orElse(""));
            return uncached(Reply.json(
                    200,
                    Json.object()
                            .put("access_token", tokens.issue(account.email(), scopes))
                            .put("expires_in", AccessTokens.LIFETIME.toSeconds())
                            .put("token_type", "Bearer")));
        } catch (Refused e) {
            return uncached(error(400, e.error, e.getMessage()));
        }
    }

    /** Checks in the order in which Google does, so that of several faults the same one is named. */
    private Set<String> verify(String assertion) throws Refused {
        var claims = claims(assertion);
        var issuer = claims.path("iss").asText();
        var known = issuer.equals(account.email());
        if (known && !isSigned(assertion)) {
            throw new Refused("invalid_grant", "Invalid JWT Signature.");
        }
        if (!known) {
            throw new Refused("invalid_grant", "Invalid grant: account not found");
        }
        if (claims.hasNonNull("sub") && !claims.get("sub").asText().equals(issuer)) {
            throw new Refused(
                    "unauthorized_client",
                    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for"
                            + " any of the scopes requested.");
        }
        checkTime(claims);
        var scopes = new TreeSet<>(List.of(claims.path("scope").asText().strip().split("\\s+")));
        if (!scopes.stream().allMatch(scope -> scope.startsWith(SCOPES))) {
            throw new Refused("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
        }
        if (!Set.of(account.tokenUri(), GOOGLES_AUDIENCE)
                .contains(claims.path("aud").asText())) {
            throw new Refused("invalid_grant", "Invalid JWT: Failed audience check.");
        }
        return scopes;
    }

    private static JsonNode claims(String assertion) throws Refused {
        try {
            var parts = JOSEObject.split(assertion);
            if (parts.length == 3 && Json.read(parts[0].decode()).isObject()) {
                var claims = Json.read(parts[1].decode());
                if (claims.isObject()) {
                    return claims;
                }
            }
        } catch (ParseException | IOException e) {
            // Not a JWT: refused below like every other text that is none.
        }
        throw new Refused("invalid_request", "Bad Request");
    }

    private boolean isSigned(String assertion) {
        try {
            var jws = JWSObject.parse(assertion);
            var header = jws.getHeader();
            return JWSAlgorithm.RS256.equals(header.getAlgorithm())
                    && (header.getKeyID() == null || header.getKeyID().equals(account.keyId()))
                    && jws.verify(new RSASSAVerifier(account.publicKey()));
        } catch (ParseException | JOSEException e) {
            return false;
        }
    }

    private void checkTime(JsonNode claims) throws Refused {
        var issuedAt = time(claims, "iat", "Invalid JWT: iat (issued at) is not set.");
        var expires = time(claims, "exp", "Invalid JWT: exp (expiration time) is not set.");
        var now = world.clock().instant();
        if (issuedAt.isAfter(now.plus(CLOCK_SKEW))
                || expires.isBefore(now)
                || expires.isAfter(issuedAt.plus(LONGEST_ASSERTION))) {
            throw new Refused(
                    "invalid_grant",
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check"
                            + " your iat and exp values in the JWT claim.");
        }
    }

    private static Instant time(JsonNode claims, String name, String missing) throws Refused {
        var seconds = claims.path(name).asLong(-1);
        if (seconds < 0) {
            throw new Refused("invalid_grant", missing);
        }
        return Instant.ofEpochSecond(seconds);
    }

    /** The tokens that were given out and are still good, without the tokens themselves. */
    @Override
    public Object effects() {
        return Map.of(
                "accessTokens",
                tokens.all().stream()
                        .map(grant -> Map.of(
                                "email", grant.email(),
                                "scopes", grant.scopes(),
                                "issuedAt", grant.issuedAt().toString()))
                        .toList());
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("GOOGLE_APPLICATION_CREDENTIALS", account.file().toString());
    }

    /** Nothing to forget: tokens are credentials. */
    @Override
    public void reset() {}

    @Override
    public Reply failure(int status, String message) {
        return error(status, status < 500 ? "invalid_request" : "internal_failure", message);
    }

    private static Reply error(int status, String error, String description) {
        return Reply.json(status, Json.object().put("error", error).put("error_description", description));
    }

    private static Reply uncached(Reply reply) {
        return reply.with("Content-Type", "application/json; charset=utf-8")
                .with("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate")
                .with("Pragma", "no-cache");
    }
}
