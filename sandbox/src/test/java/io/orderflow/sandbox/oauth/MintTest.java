package io.orderflow.sandbox.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.orderflow.sandbox.testing.RunningSandbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MintTest {

    @TempDir
    static Path data;

    private static RunningSandbox sandbox;
    private static Oidc oidc;

    @BeforeAll
    static void start() {
        sandbox = RunningSandbox.start(data);
        oidc = new Oidc(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    void shouldMintAValidTokenWithoutAWish() throws Exception {
        // When
        var token = mint("{}");

        // Then
        assertThat(oidc.isSigned(token)).isTrue();
        assertThat(Oidc.header(token).get("typ").textValue()).isEqualTo("at+jwt");
        assertThat(Oidc.claims(token).get("iss").textValue()).isEqualTo(sandbox.environment("OIDC_ISSUER_URL"));
        assertThat(Oidc.claims(token).get("client_id").textValue()).isEqualTo("shop");
        assertThat(Oidc.claims(token).get("nbf")).isEqualTo(Oidc.claims(token).get("iat"));
    }

    @Test
    void shouldChangeAddAndTakeAwayClaims() throws Exception {
        // When
        var token = mint("{\"claims\": {\"iss\": \"https://evil.example\", \"aud\": [\"a\", \"b\"], \"exp\": 1,"
                + " \"nbf\": null, \"more\": {\"deep\": true}}}");

        // Then
        var claims = Oidc.claims(token);
        assertThat(oidc.isSigned(token)).isTrue();
        assertThat(claims.get("iss").textValue()).isEqualTo("https://evil.example");
        assertThat(claims.get("aud").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(claims.get("exp").intValue()).isEqualTo(1);
        assertThat(claims.has("nbf")).isFalse();
        assertThat(claims.get("more").get("deep").booleanValue()).isTrue();
    }

    @Test
    void shouldSignWithTheOldKeyAfterARotation() throws Exception {
        // Given
        var before = Oidc.header(mint("{}")).get("kid");
        sandbox.post("/sandbox/oauth/rotate", "");

        // When
        var token = mint("{\"key\": \"old\"}");

        // Then
        assertThat(Oidc.header(token).get("kid")).isEqualTo(before);
        assertThat(oidc.isSigned(token)).isTrue();
    }

    @Test
    void shouldSignWithAStrangersKeyThatIsPublishedElsewhere() throws Exception {
        // Given
        var calls = sandbox.get("/sandbox/calls")
                .json()
                .path("oauth")
                .path("stranger")
                .asInt();

        // When
        var token =
                mint("{\"key\": \"stranger\", \"header\": {\"jku\": \"" + sandbox.base() + "/oauth/stranger/jwks\"}}");

        // Then
        assertThat(oidc.isSigned(token)).isFalse();
        var keys = JWKSet.parse(sandbox.get("/oauth/stranger/jwks").body());
        var key = keys.getKeyByKeyId(Oidc.header(token).get("kid").textValue());
        assertThat(key.isPrivate()).isFalse();
        assertThat(SignedJWT.parse(token).verify(new RSASSAVerifier(key.toRSAKey())))
                .isTrue();
        assertThat(sandbox.get("/sandbox/calls")
                        .json()
                        .get("oauth")
                        .get("stranger")
                        .asInt())
                .isEqualTo(calls + 1);
    }

    @Test
    void shouldForgeTheKidOfAnotherKey() throws Exception {
        // Given
        var ours = Oidc.header(mint("{}")).get("kid").textValue();

        // When
        var spoofed = mint("{\"key\": \"stranger\", \"header\": {\"kid\": \"" + ours + "\"}}");
        var path = mint(
                "{\"key\": \"stranger\", \"header\": {\"kid\": \"../../../../dev/null\", \"jwk\": {\"kty\": \"RSA\"}}}");

        // Then
        assertThat(Oidc.header(spoofed).get("kid").textValue()).isEqualTo(ours);
        assertThat(oidc.isSigned(spoofed)).isFalse();
        assertThat(Oidc.header(path).get("kid").textValue()).isEqualTo("../../../../dev/null");
        assertThat(Oidc.header(path).get("jwk").get("kty").textValue()).isEqualTo("RSA");
    }

    @Test
    void shouldSignWithAnotherAlgorithmOfTheSameKey() throws Exception {
        // Given
        var key = JWKSet.parse(sandbox.get("/oauth/jwks").body());

        // When
        var token = SignedJWT.parse(mint("{\"header\": {\"alg\": \"RS512\"}}"));

        // Then
        assertThat(token.verify(new RSASSAVerifier(
                        key.getKeyByKeyId(token.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
        assertThat(oidc.isSigned(token.serialize())).isFalse();
    }

    @Test
    void shouldSignWithNothing() {
        // When
        var token = mint("{\"key\": \"none\"}");

        // Then
        assertThat(Oidc.header(token).get("alg").textValue()).isEqualTo("none");
        assertThat(Oidc.header(token).has("kid")).isFalse();
        assertThat(token).endsWith(".");
    }

    @Test
    void shouldSignWithThePublicKeyAsIfItWereASecret() throws Exception {
        // Given
        var keys = JWKSet.parse(sandbox.get("/oauth/jwks").body());

        // When
        var pemSigned = SignedJWT.parse(mint("{\"key\": \"public-key-as-secret\"}"));
        var derSigned = SignedJWT.parse(mint("{\"key\": \"public-key-der-as-secret\"}"));

        // Then
        var der = keys.getKeyByKeyId(pemSigned.getHeader().getKeyID())
                .toRSAKey()
                .toRSAPublicKey()
                .getEncoded();
        var pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
        assertThat(pemSigned.getHeader().getAlgorithm().getName()).isEqualTo("HS256");
        assertThat(pemSigned.verify(new MACVerifier(pem))).isTrue();
        assertThat(derSigned.verify(new MACVerifier(der))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"key\": \"master\"}",
                "{\"claims\": []}",
                "{\"header\": \"alg\"}",
                "{\"claim\": {}}",
                "no JSON",
            })
    void shouldRefuseAWishThatItDoesNotUnderstand(String wish) {
        // When
        var answer = sandbox.post("/sandbox/oauth/mint", wish);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").textValue()).isNotBlank();
    }

    private static String mint(String wish) {
        return sandbox.post("/sandbox/oauth/mint", wish).json().get("token").textValue();
    }
}
