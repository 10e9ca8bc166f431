package io.orderflow.sandbox.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.orderflow.sandbox.testing.RunningSandbox;
import io.orderflow.sandbox.testing.RunningSandbox.Answer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OAuthIssuerTest {

    @TempDir
    static Path data;

    private static RunningSandbox sandbox;

    @BeforeAll
    static void start() {
        sandbox = RunningSandbox.start(data);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void reset() {
        sandbox.reset();
    }

    @Test
    void shouldDescribeItself() {
        // Given
        var issuer = sandbox.environment("OIDC_ISSUER_URL");

        // When
        var metadata = sandbox.get("/oauth/.well-known/openid-configuration").json();

        // Then
        assertThat(issuer).isEqualTo(sandbox.base() + "/oauth");
        assertThat(metadata.get("issuer").textValue()).isEqualTo(issuer);
        assertThat(metadata.get("authorization_endpoint").textValue()).isEqualTo(issuer + "/authorize");
        assertThat(metadata.get("token_endpoint").textValue()).isEqualTo(issuer + "/token");
        assertThat(metadata.get("jwks_uri").textValue()).isEqualTo(issuer + "/jwks");
        assertThat(metadata.get("userinfo_endpoint").textValue()).isEqualTo(issuer + "/userinfo");
        assertThat(metadata.get("end_session_endpoint").textValue()).isEqualTo(issuer + "/logout");
        assertThat(metadata.get("code_challenge_methods_supported").toString()).isEqualTo("[\"S256\"]");
        assertThat(sandbox.get("/oauth/.well-known/oauth-authorization-server").json())
                .isEqualTo(metadata);
        assertThat(sandbox.get("/.well-known/oauth-authorization-server/oauth").json())
                .isEqualTo(metadata);
    }

    @Test
    void shouldIssueATokenThatAResourceServerAccepts() throws Exception {
        // Given
        var id = sandbox.environment("OAUTH_CLIENT_ID");

        // When
        var answer = token("grant_type=client_credentials&scope=orders:read+orders:write", basic());

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.json().get("token_type").textValue()).isEqualTo("Bearer");
        assertThat(answer.json().get("expires_in").intValue()).isEqualTo(3600);
        assertThat(answer.json().get("scope").textValue()).isEqualTo("orders:read orders:write");
        var claims = verified(answer.json());
        assertThat(claims.getIssuer()).isEqualTo(sandbox.environment("OIDC_ISSUER_URL"));
        assertThat(claims.getSubject()).isEqualTo(id);
        assertThat(claims.getAudience()).containsExactly("orderflow");
        assertThat(claims.getStringClaim("client_id")).isEqualTo(id);
        assertThat(claims.getStringClaim("scope")).isEqualTo("orders:read orders:write");
        assertThat(claims.getJWTID()).isNotBlank();
        assertThat(claims.getNotBeforeTime()).isEqualTo(claims.getIssueTime());
        assertThat(new Oidc(sandbox).isSigned(answer.json().get("access_token").textValue()))
                .isTrue();
        assertThat(claims.getExpirationTime().toInstant())
                .isEqualTo(claims.getIssueTime().toInstant().plusSeconds(3600));
        assertThat(claims.getIssueTime().toInstant()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(sandbox.effects("oauth").get("tokens").get(0).get("jti").textValue())
                .isEqualTo(claims.getJWTID());
    }

    @Test
    void shouldTakeTheSecretInTheBodyAndGrantAllThatTheClientMayHave() {
        // Given
        var body = "grant_type=client_credentials&client_id=" + sandbox.environment("OAUTH_CLIENT_ID")
                + "&client_secret=" + sandbox.environment("OAUTH_CLIENT_SECRET");

        // When
        var answer = token(body, null);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("scope").textValue()).isEqualTo("orders:read orders:write payments:write");
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type=password, 400, unsupported_grant_type",
        "grant_type=authorization_code&code=x, 400, unauthorized_client",
        "grant_type=refresh_token&refresh_token=x, 400, unauthorized_client",
        "scope=orders:read, 400, invalid_request",
        "grant_type=client_credentials&grant_type=client_credentials, 400, invalid_request",
        "grant_type=client_credentials&scope=everything, 400, invalid_scope",
        "grant_type=client_credentials&scope=orders:read+keys:write, 400, invalid_scope",
        "grant_type=client_credentials&client_secret=x, 400, invalid_request",
        "grant_type=client_credentials&client_id=another, 400, invalid_request",
    })
    void shouldRefuseAsTheStandardSays(String body, int status, String error) {
        // When
        var answer = token(body, basic());

        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().get("error").textValue()).isEqualTo(error);
        assertThat(answer.json().get("error_description").textValue()).isNotBlank();
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void shouldChallengeAClientThatFailsToAuthenticate() {
        // Given
        var wrong = "Basic "
                + Base64.getEncoder().encodeToString((sandbox.environment("OAUTH_CLIENT_ID") + ":wrong").getBytes());

        // When
        var withWrongSecret = token("grant_type=client_credentials", wrong);
        var unknown = token("grant_type=client_credentials", basic("stranger", "wrong"));
        var posted = token("grant_type=client_credentials&client_id=shop&client_secret=wrong", null);
        var withoutSecret = token("grant_type=client_credentials&client_id=shop", null);
        var withNothing = token("grant_type=client_credentials", null);

        // Then
        for (var answer : new Answer[] {withWrongSecret, unknown, posted, withoutSecret, withNothing}) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.json().get("error").textValue()).isEqualTo("invalid_client");
            assertThat(answer.header("WWW-Authenticate")).startsWith("Basic ");
        }
    }

    @Test
    void shouldKnowTheClientsOfTheShopAndItsOperatorsFromTheStart() {
        // When
        var clients = sandbox.get("/sandbox/oauth/clients").json();

        // Then
        assertThat(clients.valueStream().map(client -> client.get("clientId").textValue()))
                .contains("dashboard", "ops-robot", "shop");
        var robot = clients.valueStream()
                .filter(client -> client.get("clientId").textValue().equals("ops-robot"))
                .findFirst()
                .orElseThrow();
        var answer = token(
                "grant_type=client_credentials",
                basic("ops-robot", robot.get("clientSecret").textValue()));
        assertThat(answer.json().get("scope").textValue())
                .isEqualTo("orders:read orders:write payments:write ops:read ops:write keys:write");
    }

    @Test
    void shouldNotGiveTheWebClientATokenOfItsOwn() {
        // When
        var answer = token("grant_type=client_credentials&client_id=dashboard", null);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").textValue()).isEqualTo("unauthorized_client");
    }

    @Test
    void shouldKeepTheOldKeyPublishedUntilTheNextRotation() throws Exception {
        // Given
        var first = token("grant_type=client_credentials", basic()).json();
        var oldest =
                Oidc.header(first.get("access_token").textValue()).get("kid").textValue();

        // When
        var kid = sandbox.post("/sandbox/oauth/rotate", "").json().get("kid").textValue();
        var second = token("grant_type=client_credentials", basic()).json();
        var afterOne = kids();
        var stillGood = verified(first);
        var next = sandbox.post("/sandbox/oauth/rotate", "").json().get("kid").textValue();

        // Then
        assertThat(Oidc.header(second.get("access_token").textValue())
                        .get("kid")
                        .textValue())
                .isEqualTo(kid);
        assertThat(afterOne).containsExactlyInAnyOrder(oldest, kid);
        assertThat(stillGood.getSubject()).isEqualTo("shop");
        assertThat(kids()).containsExactlyInAnyOrder(kid, next);
        assertThat(verified(second).getSubject()).isEqualTo("shop");
        assertThat(new Oidc(sandbox).isSigned(first.get("access_token").textValue()))
                .isFalse();
    }

    @Test
    void shouldFailAsItIsTold() {
        // Given
        sandbox.fault("{\"service\": \"oauth\", \"operation\": \"jwks\", \"kind\": \"status\", \"status\": 503}");

        // When
        var struck = sandbox.get("/oauth/jwks");
        var token = token("grant_type=client_credentials", basic());

        // Then
        assertThat(struck.status()).isEqualTo(503);
        assertThat(token.status()).isEqualTo(200);
    }

    @Test
    void shouldRegisterAWebClient() {
        // Given
        sandbox.post(
                "/sandbox/oauth/clients",
                "{\"clientId\": \"another\", \"redirectUris\": [\"https://web.example/callback\"]}");

        // When
        var page = sandbox.get(
                Oidc.authorize(Map.of("client_id", "another", "redirect_uri", "https://web.example/callback")));

        // Then
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("another", "https://web.example");
    }

    @Test
    void shouldRegisterAClientWithChosenScopes() throws Exception {
        // Given
        var client = sandbox.post(
                        "/sandbox/oauth/clients",
                        "{\"clientId\": \"warehouse\", \"scopes\": [\"orders:read\"], \"tokenSeconds\": 5}")
                .json();
        var authorization = basic(
                client.get("clientId").textValue(), client.get("clientSecret").textValue());

        // When
        var allowed = token("grant_type=client_credentials", authorization);
        var tooMuch = token("grant_type=client_credentials&scope=orders:write", authorization);

        // Then
        assertThat(allowed.json().get("scope").textValue()).isEqualTo("orders:read");
        assertThat(allowed.json().get("expires_in").intValue()).isEqualTo(5);
        assertThat(verified(allowed.json()).getSubject()).isEqualTo("warehouse");
        assertThat(tooMuch.json().get("error").textValue()).isEqualTo("invalid_scope");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"scopes\": [\"everything\"]}",
                "{\"redirectUris\": [\"/dashboard\"]}",
                "{\"redirectUris\": [\"http://localhost:5173/#part\"]}",
            })
    void shouldRefuseToRegisterAClientThatCannotBe(String client) {
        // When
        var answer = sandbox.post("/sandbox/oauth/clients", client);

        // Then
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void shouldKeepClientsKeysAndWhoIsSignedInOverARestart(@TempDir Path folder) throws Exception {
        // Given
        String id;
        String secret;
        String kid;
        String refreshToken;
        try (var first = RunningSandbox.start(folder)) {
            id = first.environment("OAUTH_CLIENT_ID");
            secret = first.environment("OAUTH_CLIENT_SECRET");
            kid = first.post("/sandbox/oauth/rotate", "").json().get("kid").textValue();
            first.post("/sandbox/oauth/clients", "{\"clientId\": \"kept\", \"clientSecret\": \"secret of a test\"}");
            var tokens = new Oidc(first);
            refreshToken = tokens.redeem(tokens.code("operator"))
                    .json()
                    .get("refresh_token")
                    .textValue();
        }

        // When
        try (var second = RunningSandbox.start(folder)) {
            var form = "grant_type=client_credentials&client_id=kept&client_secret="
                    + URLEncoder.encode("secret of a test", StandardCharsets.UTF_8);
            var answer = token(second, form, null);

            // Then
            assertThat(second.environment("OAUTH_CLIENT_ID")).isEqualTo(id);
            assertThat(second.environment("OAUTH_CLIENT_SECRET")).isEqualTo(secret);
            assertThat(SignedJWT.parse(answer.json().get("access_token").textValue())
                            .getHeader()
                            .getKeyID())
                    .isEqualTo(kid);
            assertThat(new Oidc(second).refresh(refreshToken).status()).isEqualTo(200);
        }
    }

    private static List<String> kids() {
        return StreamSupport.stream(
                        sandbox.get("/oauth/jwks").json().get("keys").spliterator(), false)
                .peek(key -> assertThat(key.has("d")).isFalse())
                .map(key -> key.get("kid").textValue())
                .toList();
    }

    /** As a resource server does it: by the published keys, with the type of access tokens required. */
    private static JWTClaimsSet verified(JsonNode answer) throws Exception {
        var keys = JWKSourceBuilder.create(
                        URI.create(sandbox.base() + "/oauth/jwks").toURL())
                .build();
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys));
        return processor.process(answer.get("access_token").textValue(), null);
    }

    private static String basic() {
        return basic(sandbox.environment("OAUTH_CLIENT_ID"), sandbox.environment("OAUTH_CLIENT_SECRET"));
    }

    private static String basic(String id, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes());
    }

    private static Answer token(String body, String authorization) {
        return token(sandbox, body, authorization);
    }

    private static Answer token(RunningSandbox at, String body, String authorization) {
        var request = at.request("/oauth/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return at.send(request);
    }
}
