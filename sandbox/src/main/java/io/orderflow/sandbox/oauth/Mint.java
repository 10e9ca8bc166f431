package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import io.orderflow.sandbox.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens as a test wants them, most of them such as no issuer would make. */
final class Mint {

    /**
     * What a test wants.
     *
     * @param claims in the place of those of a valid access token of the client {@code shop}; null takes one away
     * @param header the same
     * @param key {@code current}, {@code old} (of the last rotation), {@code stranger} (never published as ours),
     *     {@code none} (no signature), {@code public-key-as-secret} or {@code public-key-der-as-secret} (HS256 with the
     *     bytes of the current public key in PEM or DER)
     */
    record Wish(JsonNode claims, JsonNode header, String key) {}

    private record Signing(String algorithm, String kid, Signer signer) {}

    @FunctionalInterface
    private interface Signer {
        byte[] sign(String algorithm, byte[] bytes) throws GeneralSecurityException, JOSEException;
    }

    private final SigningKeys keys;
    private final Clients clients;
    private final Tokens tokens;
    private RSAKey stranger;

    Mint(SigningKeys keys, Clients clients, Tokens tokens) {
        this.keys = keys;
        this.clients = clients;
        this.tokens = tokens;
    }

    /** The key set of the stranger, to which a forged header can point. */
    Map<String, Object> stranger() {
        return SigningKeys.published(List.of(strangersKey()));
    }

    private RSAKey strangersKey() {
        if (stranger == null) {
            stranger = SigningKeys.generate();
        }
        return stranger;
    }

    /**
     * The token with its header and claims as they are in it.
     *
     * @throws IllegalArgumentException when the wish is none of those above
     */
    ObjectNode mint(JsonNode body) {
        try {
            var wish = Json.MAPPER.treeToValue(body, Wish.class);
            var signing = signing(wish.key() == null ? "current" : wish.key());
            var header = Json.object().put("alg", signing.algorithm()).put("typ", "at+jwt");
            if (signing.kid() != null) {
                header.put("kid", signing.kid());
            }
            change(header, wish.header());
            var shop = clients.find(Clients.SHOP).orElseThrow();
            var claims = Json.MAPPER.<ObjectNode>valueToTree(
                    tokens.claims(shop, shop.id(), shop.scopes()).build().toJSONObject());
            change(claims, wish.claims());
            var unsigned = encode(header) + "." + encode(claims);
            var signature =
                    signing.signer().sign(header.path("alg").asText(), unsigned.getBytes(StandardCharsets.US_ASCII));
            return Json.object()
                    .put("token", unsigned + "." + Secrets.encode(signature))
                    .<ObjectNode>set("header", header)
                    .set("claims", claims);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalArgumentException("It cannot be signed: " + e.getMessage(), e);
        }
    }

    private Signing signing(String key) throws JOSEException {
        return switch (key) {
            case "current" -> rsa(keys.current());
            case "old" ->
                rsa(keys.old()
                        .orElseThrow(() -> new IllegalArgumentException("key: rotate first, to have an old one")));
            case "stranger" -> rsa(strangersKey());
            case "none" -> new Signing("none", null, (algorithm, bytes) -> new byte[0]);
            case "public-key-as-secret" -> hmac(pem(keys.current()));
            case "public-key-der-as-secret" ->
                hmac(keys.current().toRSAPublicKey().getEncoded());
            default ->
                throw new IllegalArgumentException(
                        "key: current, old, stranger, none, public-key-as-secret or public-key-der-as-secret");
        };
    }

    private static Signing rsa(RSAKey key) {
        return new Signing("RS256", key.getKeyID(), (algorithm, bytes) -> {
            // Whatever else the header says, the signature is one that RS256 accepts.
            var bits = algorithm.matches("RS(384|512)") ? algorithm.substring(2) : "256";
            var signature = Signature.getInstance("SHA" + bits + "withRSA");
            signature.initSign(key.toPrivateKey());
            signature.update(bytes);
            return signature.sign();
        });
    }

    private Signing hmac(byte[] secret) {
        return new Signing("HS256", keys.current().getKeyID(), (algorithm, bytes) -> {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(bytes);
        });
    }

    private static byte[] pem(RSAKey key) throws JOSEException {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return ("-----BEGIN PUBLIC KEY-----\n"
                        + lines.encodeToString(key.toRSAPublicKey().getEncoded()) + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void change(ObjectNode object, JsonNode changes) {
        if (changes == null || changes.isNull()) {
            return;
        }
        if (!changes.isObject()) {
            throw new IllegalArgumentException("claims and header: JSON objects");
        }
        changes.properties().forEach(change -> {
            if (change.getValue().isNull()) {
                object.remove(change.getKey());
            } else {
                object.set(change.getKey(), change.getValue());
            }
        });
    }

    private static String encode(ObjectNode json) {
        return Secrets.encode(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
