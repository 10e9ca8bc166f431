package io.orderflow.sandbox.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.testing.RunningSandbox;
import io.orderflow.sandbox.testing.RunningSandbox.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleOAuthTest {

    private static final String SCOPE = "https://www.googleapis.com/auth/spreadsheets";
    private static final String BAD_TIME = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a"
            + " reasonable timeframe. Check your iat and exp values in the JWT claim.";

    @TempDir
    static Path data;

    private static RunningSandbox sandbox;
    private static JsonNode account;
    private static PrivateKey key;

    @BeforeAll
    static void start() throws IOException {
        sandbox = RunningSandbox.start(data);
        account = accountOf(sandbox);
        key = credentials(sandbox).getPrivateKey();
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    void shouldGiveTheVendorsClientAToken() throws IOException {
        // Given
        var credentials = credentials(sandbox).createScoped(SCOPE);

        // When
        var token = credentials.refreshAccessToken();

        // Then
        assertThat(token.getTokenValue()).startsWith("ya29.");
        assertThat(token.getExpirationTime().toInstant())
                .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3600));
    }

    @Test
    void shouldWriteAWholeServiceAccountFile() {
        // Then
        assertThat(account.get("type").textValue()).isEqualTo("service_account");
        assertThat(account.get("project_id").textValue()).isNotBlank();
        assertThat(account.get("private_key_id").textValue()).hasSize(40);
        assertThat(account.get("client_email").textValue()).endsWith(".iam.gserviceaccount.com");
        assertThat(account.get("client_id").textValue()).hasSize(21);
        assertThat(account.get("token_uri").textValue()).isEqualTo(sandbox.base() + "/google/token");
        assertThat(Path.of(sandbox.environment("GOOGLE_APPLICATION_CREDENTIALS")))
                .isAbsolute();
    }

    @Test
    void shouldKeepTheKeyButFollowTheAddressOverARestart(@TempDir Path folder) throws IOException {
        // Given
        JsonNode before;
        try (var first = RunningSandbox.start(folder)) {
            before = accountOf(first);
        }

        // When
        try (var second = RunningSandbox.start(folder)) {
            var after = accountOf(second);

            // Then
            assertThat(after.get("private_key")).isEqualTo(before.get("private_key"));
            assertThat(after.get("client_email")).isEqualTo(before.get("client_email"));
            assertThat(after.get("token_uri").textValue()).isEqualTo(second.base() + "/google/token");
            assertThat(credentials(second)
                            .createScoped(SCOPE)
                            .refreshAccessToken()
                            .getTokenValue())
                    .isNotBlank();
        }
    }

    @Test
    void shouldAnswerAsGoogleDoes() throws Exception {
        // When
        var answer = exchange(assertion(claims -> {}));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("expires_in").intValue()).isEqualTo(3599);
        assertThat(answer.json().get("token_type").textValue()).isEqualTo("Bearer");
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "grant_type=password", "grant_type=refresh_token&refresh_token=x"})
    void shouldRefuseAnotherGrant(String form) {
        // When
        var answer = post(form);

        // Then
        shouldBeRefused(answer, "unsupported_grant_type", "Invalid grant_type: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "e30.e30", "e30.W10.x"})
    void shouldRefuseWhatIsNoJwt(String assertion) {
        // When
        var answer = exchange(assertion);

        // Then
        shouldBeRefused(answer, "invalid_request", "Bad Request");
    }

    @Test
    void shouldRefuseTheSignatureOfAnotherKey() throws Exception {
        // Given
        var other = new RSASSASigner(new RSAKeyGenerator(2048).generate());

        // When
        var answer = exchange(signed(other, header(), claims(each -> {})));

        // Then
        shouldBeRefused(answer, "invalid_grant", "Invalid JWT Signature.");
    }

    @Test
    void shouldRefuseAnotherAlgorithm() throws Exception {
        // Given
        var secret = new MACSigner(account.get("private_key_id").textValue());

        // When
        var answer = exchange(signed(secret, new JWSHeader(JWSAlgorithm.HS256), claims(each -> {})));

        // Then
        shouldBeRefused(answer, "invalid_grant", "Invalid JWT Signature.");
    }

    @Test
    void shouldRefuseAnUnknownKeyId() throws Exception {
        // Given
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("another").build();

        // When
        var answer = exchange(signed(new RSASSASigner(key), header, claims(each -> {})));

        // Then
        shouldBeRefused(answer, "invalid_grant", "Invalid JWT Signature.");
    }

    @Test
    void shouldRefuseAChangedClaim() throws Exception {
        // Given
        var parts = assertion(claims -> {}).split("\\.");
        var others =
                assertion(claims -> claims.claim("scope", SCOPE + ".readonly")).split("\\.");

        // When
        var answer = exchange(parts[0] + "." + others[1] + "." + parts[2]);

        // Then
        shouldBeRefused(answer, "invalid_grant", "Invalid JWT Signature.");
    }

    @Test
    void shouldRefuseAnUnknownAccount() throws Exception {
        // When
        var answer = exchange(assertion(claims -> claims.issuer("nobody@example.com")));

        // Then
        shouldBeRefused(answer, "invalid_grant", "Invalid grant: account not found");
    }

    @Test
    void shouldRefuseAnotherAudience() throws Exception {
        // When
        var answer = exchange(assertion(claims -> claims.audience("https://example.com/token")));

        // Then
        shouldBeRefused(answer, "invalid_grant", "Invalid JWT: Failed audience check.");
    }

    @Test
    void shouldRefuseToActForSomeoneElse() throws Exception {
        // When
        var answer = exchange(assertion(claims -> claims.subject("ann@example.com")));

        // Then
        shouldBeRefused(answer, "unauthorized_client", "Client is unauthorized to retrieve access tokens");
    }

    @Test
    void shouldRefuseAnExpiredAStaleAndALongAssertion() throws Exception {
        // Given
        var now = Instant.now();

        // When
        var expired = exchange(assertion(claims ->
                claims.issueTime(Date.from(now.minusSeconds(3600))).expirationTime(Date.from(now.minusSeconds(1)))));
        var future = exchange(assertion(claims ->
                claims.issueTime(Date.from(now.plusSeconds(600))).expirationTime(Date.from(now.plusSeconds(900)))));
        var tooLong = exchange(
                assertion(claims -> claims.issueTime(Date.from(now)).expirationTime(Date.from(now.plusSeconds(3601)))));

        // Then
        for (var answer : List.of(expired, future, tooLong)) {
            shouldBeRefused(answer, "invalid_grant", BAD_TIME);
        }
    }

    @Test
    void shouldTolerateAClockThatIsAMinuteAhead() throws Exception {
        // Given
        var ahead = Instant.now().plusSeconds(60);

        // When
        var answer = exchange(assertion(
                claims -> claims.issueTime(Date.from(ahead)).expirationTime(Date.from(ahead.plusSeconds(3600)))));

        // Then
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void shouldRefuseAnAssertionWithoutTimes() throws Exception {
        // When
        var withoutIat = exchange(assertion(claims -> claims.issueTime(null)));
        var withoutExp = exchange(assertion(claims -> claims.expirationTime(null)));

        // Then
        shouldBeRefused(withoutIat, "invalid_grant", "Invalid JWT: iat (issued at) is not set.");
        shouldBeRefused(withoutExp, "invalid_grant", "Invalid JWT: exp (expiration time) is not set.");
    }

    @Test
    void shouldRefuseAScopeThatIsNone() throws Exception {
        // When
        var empty = exchange(assertion(claims -> claims.claim("scope", "")));
        var strange = exchange(assertion(claims -> claims.claim("scope", SCOPE + " everything")));

        // Then
        for (var answer : List.of(empty, strange)) {
            shouldBeRefused(answer, "invalid_scope", "Invalid OAuth scope or ID token audience provided.");
        }
    }

    @Test
    void shouldReportAFaultInTheFormatOfTheTokenEndpoint() throws Exception {
        // Given
        sandbox.fault("{\"service\": \"google-oauth\", \"kind\": \"status\", \"status\": 503, \"times\": 1}");

        // When
        var answer = exchange(assertion(claims -> {}));

        // Then
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().get("error").textValue()).isEqualTo("internal_failure");
    }

    private static void shouldBeRefused(Answer answer, String error, String description) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").textValue()).isEqualTo(error);
        assertThat(answer.json().get("error_description").textValue()).startsWith(description);
    }

    private static JsonNode accountOf(RunningSandbox at) throws IOException {
        return Json.read(Files.readAllBytes(Path.of(at.environment("GOOGLE_APPLICATION_CREDENTIALS"))));
    }

    private static ServiceAccountCredentials credentials(RunningSandbox at) throws IOException {
        try (var file = Files.newInputStream(Path.of(at.environment("GOOGLE_APPLICATION_CREDENTIALS")))) {
            return ServiceAccountCredentials.fromStream(file);
        }
    }

    private static String assertion(Consumer<JWTClaimsSet.Builder> changes) throws Exception {
        return signed(new RSASSASigner(key), header(), claims(changes));
    }

    private static JWSHeader header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(account.get("private_key_id").textValue())
                .build();
    }

    private static JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> changes) {
        var now = Instant.now();
        var claims = new JWTClaimsSet.Builder()
                .issuer(account.get("client_email").textValue())
                .audience(account.get("token_uri").textValue())
                .claim("scope", SCOPE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(3600)));
        changes.accept(claims);
        return claims.build();
    }

    private static String signed(JWSSigner signer, JWSHeader header, JWTClaimsSet claims) throws Exception {
        var jwt = new SignedJWT(header, claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static Answer exchange(String assertion) {
        return post("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
                + URLEncoder.encode(assertion, StandardCharsets.UTF_8));
    }

    private static Answer post(String form) {
        return sandbox.send(sandbox.request("/google/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }
}
