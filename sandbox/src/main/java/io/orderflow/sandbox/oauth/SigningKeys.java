package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The keys that sign tokens: the newest does, all of them are published. */
final class SigningKeys {

    private final Store.Table table;
    private final List<RSAKey> keys = new ArrayList<>();

    SigningKeys(Store store) {
        table = store.table("oauth-keys");
        table.all().map(SigningKeys::parse).forEach(keys::add);
        if (keys.isEmpty()) {
            rotate();
        }
    }

    private static RSAKey parse(ObjectNode stored) {
        try {
            return RSAKey.parse(stored.toString());
        } catch (ParseException e) {
            throw new IllegalStateException("A signing key in the store cannot be read", e);
        }
    }

    /** Adds a key that signs from now on. */
    RSAKey rotate() {
        try {
            var key = new RSAKeyGenerator(2048)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
            table.append(Json.MAPPER.valueToTree(key.toJSONObject()));
            keys.add(key);
            return key;
        } catch (JOSEException e) {
            throw new IllegalStateException("No signing key can be made", e);
        }
    }

    RSAKey newest() {
        return keys.getLast();
    }

    /** The JSON Web Key Set, public parts only. */
    Map<String, Object> published() {
        return new JWKSet(List.copyOf(keys)).toPublicJWKSet().toJSONObject();
    }
}
