package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.testing.RunningSandbox;
import io.orderflow.sandbox.testing.RunningSandbox.Answer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** What a client and a resource server do, with the JDK alone. */
final class Oidc {

    static final String REDIRECT_URI = "http://localhost:5173/dashboard/callback";
    static final String VERIFIER = "the-verifier-of-a-test-that-is-long-enough-";

    private final RunningSandbox sandbox;

    Oidc(RunningSandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** The path with a good authorization request, changed: an empty value takes the parameter away. */
    static String authorize(Map<String, String> changes) {
        var parameters = new TreeMap<>(Map.of(
                "response_type", "code",
                "client_id", "dashboard",
                "redirect_uri", REDIRECT_URI,
                "scope", "openid profile email orders:read ops:read ops:write",
                "state", "state of a test",
                "nonce", "nonce-of-a-test",
                "code_challenge", challenge(),
                "code_challenge_method", "S256"));
        parameters.putAll(changes);
        parameters.values().removeIf(String::isEmpty);
        return "/oauth/authorize?" + Browser.form(parameters);
    }

    static String challenge() {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A code for who signs in. */
    String code(String username) {
        var browser = new Browser(sandbox);
        return Browser.parameters(browser.signIn(browser.open(authorize(Map.of())), username))
                .get("code");
    }

    Answer redeem(String code) {
        return redeem(code, Map.of());
    }

    Answer redeem(String code, Map<String, String> changes) {
        var form = new TreeMap<>(Map.of(
                "grant_type", "authorization_code",
                "client_id", "dashboard",
                "code", code,
                "redirect_uri", REDIRECT_URI,
                "code_verifier", VERIFIER));
        form.putAll(changes);
        form.values().removeIf(String::isEmpty);
        return post("/oauth/token", form);
    }

    Answer refresh(String refreshToken) {
        return post(
                "/oauth/token",
                Map.of("grant_type", "refresh_token", "client_id", "dashboard", "refresh_token", refreshToken));
    }

    Answer post(String path, Map<String, String> form) {
        return sandbox.send(sandbox.request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(Browser.form(form))));
    }

    static JsonNode header(String token) {
        return part(token, 0);
    }

    static JsonNode claims(String token) {
        return part(token, 1);
    }

    private static JsonNode part(String token, int index) {
        try {
            return Json.read(Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]));
        } catch (IOException e) {
            throw new AssertionError("No JSON in " + token, e);
        }
    }

    /** Whether the key that the issuer publishes under the token's {@code kid} has signed it with RS256. */
    boolean isSigned(String token) throws GeneralSecurityException {
        for (var key : sandbox.get("/oauth/jwks").json().get("keys")) {
            if (key.get("kid").equals(header(token).get("kid"))) {
                var signature = Signature.getInstance("SHA256withRSA");
                signature.initVerify(KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(number(key.get("n")), number(key.get("e")))));
                signature.update(token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII));
                return signature.verify(Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1)));
            }
        }
        return false;
    }

    private static BigInteger number(JsonNode base64) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64.textValue()));
    }
}
