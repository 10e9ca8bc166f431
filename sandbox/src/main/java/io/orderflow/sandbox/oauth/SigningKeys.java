package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that sign tokens: the current one does, and the one before stays published until the next rotation. */
final class SigningKeys {

    private static final int PUBLISHED = 2;

    private final Store.Table table;

    /** The current one last. */
    private List<RSAKey> keys;

    SigningKeys(Store store) {
        table = store.table("oauth-keys");
        keys = read();
        if (keys.isEmpty()) {
            rotate();
        }
    }

    private List<RSAKey> read() {
        var all = table.all().map(SigningKeys::parse).toList();
        return all.subList(Math.max(0, all.size() - PUBLISHED), all.size());
    }

    private static RSAKey parse(ObjectNode stored) {
        try {
            return RSAKey.parse(stored.toString());
        } catch (ParseException e) {
            throw new IllegalStateException("A signing key in the store cannot be read", e);
        }
    }

    /** Makes a key that signs from now on. */
    RSAKey rotate() {
        table.append(Json.MAPPER.valueToTree(generate().toJSONObject()), PUBLISHED);
        keys = read();
        return current();
    }

    static RSAKey generate() {
        try {
            return new RSAKeyGenerator(2048)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("No signing key can be made", e);
        }
    }

    RSAKey current() {
        return keys.getLast();
    }

    /** The one before the current; empty before the first rotation. */
    Optional<RSAKey> old() {
        return keys.size() == PUBLISHED ? Optional.of(keys.getFirst()) : Optional.empty();
    }

    /** The JSON Web Key Set, public parts only. */
    Map<String, Object> published() {
        return published(keys);
    }

    static Map<String, Object> published(List<RSAKey> keys) {
        return new JWKSet(List.copyOf(keys)).toPublicJWKSet().toJSONObject();
    }

    String sign(JOSEObjectType type, JWTClaimsSet claims) {
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(type)
                .keyID(current().getKeyID())
                .build();
        try {
            var token = new SignedJWT(header, claims);
            token.sign(new RSASSASigner(current()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("A token cannot be signed", e);
        }
    }

    /** The claims of a token that one of the published keys has signed, even when it is expired. */
    Optional<JWTClaimsSet> verified(JOSEObjectType type, String token) {
        try {
            var signed = SignedJWT.parse(token);
            var header = signed.getHeader();
            for (var key : keys) {
                if (type.equals(header.getType())
                        && JWSAlgorithm.RS256.equals(header.getAlgorithm())
                        && key.getKeyID().equals(header.getKeyID())
                        && signed.verify(new RSASSAVerifier(key))) {
                    return Optional.of(signed.getJWTClaimsSet());
                }
            }
            return Optional.empty();
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }
}
