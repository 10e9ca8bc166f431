package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * Authorization codes, and the refresh tokens that are had for them. All refresh tokens of one code are a family: each is
 * good once and for the next one, and showing one again ends the family (RFC 9700, section 4.14).
 */
final class Grants {

    static final Duration CODE_LIFETIME = Duration.ofSeconds(60);

    private static final String EXPIRES = "expiresAt";
    private static final String FAMILY = "family";
    private static final String USED = "used";

    /** A grant, and the refresh token that continues it. */
    record Redeemed(Grant grant, String refreshToken) {}

    private final Store.Table codes;
    private final Store.Table families;
    private final Store.Table refreshTokens;
    private final Clock clock;

    Grants(Store store, Clock clock) {
        this.codes = store.table("oauth-codes");
        this.families = store.table("oauth-families");
        this.refreshTokens = store.table("oauth-refresh-tokens");
        this.clock = clock;
    }

    String code(Grant grant, String redirectUri, String challenge) {
        forgetOld();
        var code = Secrets.random(32);
        codes.put(
                code,
                grant.toJson()
                        .put("code", code)
                        .put("redirectUri", redirectUri)
                        .put("challenge", challenge)
                        .put(EXPIRES, clock.instant().plus(CODE_LIFETIME).toString()));
        return code;
    }

    /**
     * Takes a code, which is used up whether it is accepted or not.
     *
     * @throws OAuthError when it is unknown, expired, used (then what was had for it ends) or not for this client, this
     *     redirect URI and this verifier
     */
    Redeemed redeem(String code, String clientId, String redirectUri, String verifier) {
        var stored = codes.get(code).orElseThrow(() -> OAuthError.invalidGrant("The code is unknown or expired."));
        if (stored.has(FAMILY)) {
            families.remove(stored.get(FAMILY).textValue());
            throw OAuthError.invalidGrant("The code was used before. What was issued for it is revoked.");
        }
        var family = Secrets.random(16);
        codes.put(code, stored.put(FAMILY, family));
        var grant = Grant.from(stored);
        if (isExpired(stored)) {
            throw OAuthError.invalidGrant("The code is unknown or expired.");
        }
        if (!grant.clientId().equals(clientId)) {
            throw OAuthError.invalidGrant("The code is for another client.");
        }
        if (!stored.get("redirectUri").textValue().equals(redirectUri)) {
            throw OAuthError.invalidGrant("redirect_uri is not the one of the authorization request.");
        }
        if (!Secrets.same(stored.get("challenge").textValue(), Secrets.encode(Secrets.sha256(verifier)))) {
            throw OAuthError.invalidGrant("code_verifier does not match code_challenge.");
        }
        families.put(
                family,
                grant.toJson()
                        .put(FAMILY, family)
                        .put(
                                EXPIRES,
                                grant.authenticatedAt().plus(Sessions.LIFETIME).toString()));
        return new Redeemed(grant, refreshToken(family));
    }

    /**
     * What a refresh token stands for; {@link #rotate} uses it up.
     *
     * @throws OAuthError when it is unknown, expired, revoked, used (then its family ends) or another client's
     */
    Grant shown(String refreshToken, String clientId) {
        var grant = Grant.from(family(refreshToken));
        if (!grant.clientId().equals(clientId)) {
            throw OAuthError.invalidGrant("The refresh token is for another client.");
        }
        var stored = refreshTokens.get(refreshToken).orElseThrow();
        if (stored.has(USED)) {
            families.remove(stored.get(FAMILY).textValue());
            throw OAuthError.invalidGrant("The refresh token was used before. Its family is revoked.");
        }
        return grant;
    }

    /** The refresh token that takes the place of one that {@link #shown} accepted. */
    String rotate(String refreshToken) {
        var stored = refreshTokens.get(refreshToken).orElseThrow();
        refreshTokens.put(refreshToken, stored.put(USED, true));
        return refreshToken(stored.get(FAMILY).textValue());
    }

    /** Ends the family of a refresh token of this client; another string does nothing. */
    void revoke(String refreshToken, String clientId) {
        refreshTokens
                .get(refreshToken)
                .flatMap(stored -> families.get(stored.get(FAMILY).textValue()))
                .filter(family -> Grant.from(family).clientId().equals(clientId))
                .ifPresent(family -> families.remove(family.get(FAMILY).textValue()));
    }

    /** Ends all that a session was the beginning of. */
    void endSession(String sid) {
        remove(codes, "code", code -> Grant.from(code).sid().equals(sid));
        remove(families, FAMILY, family -> Grant.from(family).sid().equals(sid));
    }

    private ObjectNode family(String refreshToken) {
        return refreshTokens
                .get(refreshToken)
                .flatMap(stored -> families.get(stored.get(FAMILY).textValue()))
                .filter(family -> !isExpired(family))
                .orElseThrow(() -> OAuthError.invalidGrant("The refresh token is unknown, expired or revoked."));
    }

    private String refreshToken(String family) {
        var token = Secrets.random(32);
        refreshTokens.put(token, Json.object().put("token", token).put(FAMILY, family));
        return token;
    }

    private boolean isExpired(JsonNode stored) {
        return !Instant.parse(stored.get(EXPIRES).textValue()).isAfter(clock.instant());
    }

    /** Codes stay as long as what was had for them, so that a second use is seen. */
    private void forgetOld() {
        remove(families, FAMILY, this::isExpired);
        remove(
                codes,
                "code",
                code -> isExpired(code)
                        && (!code.has(FAMILY)
                                || families.get(code.get(FAMILY).textValue()).isEmpty()));
        remove(refreshTokens, "token", token -> families.get(token.get(FAMILY).textValue())
                .isEmpty());
    }

    private static void remove(Store.Table table, String key, Predicate<ObjectNode> which) {
        table.all().filter(which).map(row -> row.get(key).textValue()).toList().forEach(table::remove);
    }
}
