package io.orderflow.sandbox.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.sandbox.testing.RunningSandbox;
import io.orderflow.sandbox.testing.RunningSandbox.Answer;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignInTest {

    @TempDir
    static Path data;

    private static RunningSandbox sandbox;
    private static Oidc oidc;

    private final Browser browser = new Browser(sandbox);

    @BeforeAll
    static void start() {
        sandbox = RunningSandbox.start(data);
        oidc = new Oidc(sandbox);
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
    void shouldSignAPersonInAndIssueTokensForTheCode() throws Exception {
        // Given
        var page = browser.open(Oidc.authorize(Map.of()));
        var redirect = browser.signIn(page, "operator");

        // When
        var answer = oidc.redeem(Browser.parameters(redirect).get("code"));

        // Then
        assertThat(page.status()).isEqualTo(200);
        assertThat(redirect.status()).isEqualTo(303);
        assertThat(redirect.header("Location")).startsWith(Oidc.REDIRECT_URI + "?");
        assertThat(Browser.parameters(redirect))
                .containsEntry("state", "state of a test")
                .containsEntry("iss", sandbox.environment("OIDC_ISSUER_URL"))
                .containsOnlyKeys("code", "state", "iss");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.json().get("scope").textValue())
                .isEqualTo("openid profile email orders:read ops:read ops:write");
        var access = answer.json().get("access_token").textValue();
        assertThat(oidc.isSigned(access)).isTrue();
        assertThat(Oidc.header(access).get("typ").textValue()).isEqualTo("at+jwt");
        assertThat(Oidc.claims(access).get("sub").textValue()).isEqualTo("user-operator");
        assertThat(Oidc.claims(access).get("aud").textValue()).isEqualTo("orderflow");
        assertThat(Oidc.claims(access).get("client_id").textValue()).isEqualTo("dashboard");
        var identity = answer.json().get("id_token").textValue();
        assertThat(oidc.isSigned(identity)).isTrue();
        assertThat(Oidc.header(identity).get("typ").textValue()).isEqualTo("JWT");
        assertThat(Oidc.claims(identity).get("iss").textValue()).isEqualTo(sandbox.environment("OIDC_ISSUER_URL"));
        assertThat(Oidc.claims(identity).get("sub").textValue()).isEqualTo("user-operator");
        assertThat(Oidc.claims(identity).get("aud").textValue()).isEqualTo("dashboard");
        assertThat(Oidc.claims(identity).get("nonce").textValue()).isEqualTo("nonce-of-a-test");
        assertThat(Oidc.claims(identity).get("preferred_username").textValue()).isEqualTo("operator");
        assertThat(Oidc.claims(identity).get("email").textValue()).isEqualTo("operator@shop.example");
        assertThat(Oidc.claims(identity).get("auth_time").longValue())
                .isLessThanOrEqualTo(Oidc.claims(identity).get("iat").longValue());
        assertThat(Oidc.claims(identity).get("sid").textValue())
                .isNotIn(browser.cookies().values());
    }

    @Test
    void shouldShowAPageThatRunsNoScriptAndLoadsNothing() {
        // When
        var page = browser.open(Oidc.authorize(Map.of()));

        // Then
        assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; style-src 'sha256-")
                .contains("frame-ancestors 'none'")
                .contains("form-action 'self' http://localhost:5173")
                .doesNotContain("script-src", "unsafe-inline");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.header("Set-Cookie")).endsWith("; Path=/oauth; HttpOnly; SameSite=Lax");
        assertThat(page.body())
                .contains("<html lang=\"en\">", "<label for=\"username\">", "<label for=\"password\">")
                .doesNotContain("<script", "role=\"alert\"");
    }

    @Test
    void shouldSayThatThePasswordIsWrongAndKeepTheUserName() {
        // Given
        var page = browser.open(Oidc.authorize(Map.of()));

        // When
        var again = browser.submit(page, Map.of("username", "operator\"><b>", "password", "wrong"));

        // Then
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.body())
                .contains("role=\"alert\"", "aria-describedby=\"error\"", "value=\"operator&quot;&gt;&lt;b&gt;\"")
                .doesNotContain("<b>");
        assertThat(browser.cookies()).doesNotContainKey("sandbox_session");
        assertThat(browser.signIn(again, "operator").status()).isEqualTo(303);
    }

    @Test
    void shouldFillInThePersonWhoIsHinted() {
        // When
        var page = browser.open(Oidc.authorize(Map.of("login_hint", "viewer")));

        // Then
        assertThat(page.body())
                .contains("name=\"username\" value=\"viewer\"")
                .contains("type=\"password\" value=\"" + Browser.password(page, "viewer") + "\"");
    }

    @Test
    void shouldNotTakeAFormThatAnotherSiteSends() {
        // Given
        var page = browser.open(Oidc.authorize(Map.of()));
        var victim = new Browser(sandbox);

        // When
        var withoutCookie = victim.signIn(page, "admin");
        var withOwnCookie = new Browser(sandbox);
        withOwnCookie.open(Oidc.authorize(Map.of()));
        var withAnotherForm = withOwnCookie.signIn(page, "admin");

        // Then
        for (var refused : new Answer[] {withoutCookie, withAnotherForm}) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("role=\"alert\"");
        }
        assertThat(victim.cookies()).doesNotContainKey("sandbox_session");
        assertThat(withOwnCookie.cookies()).doesNotContainKey("sandbox_session");
    }

    @Test
    void shouldNotAskAgainWhoIsSignedIn() {
        // Given
        browser.signIn(browser.open(Oidc.authorize(Map.of())), "viewer");

        // When
        var silent = browser.open(Oidc.authorize(Map.of("prompt", "none")));
        var asked = browser.open(Oidc.authorize(Map.of("prompt", "login")));
        var tooOld = browser.open(Oidc.authorize(Map.of("max_age", "0")));

        // Then
        assertThat(silent.status()).isEqualTo(303);
        assertThat(Browser.parameters(silent)).containsKey("code");
        assertThat(asked.status()).isEqualTo(200);
        assertThat(tooOld.status()).isEqualTo(200);
    }

    @Test
    void shouldTellTheClientThatNobodyIsSignedInWhenItMustNotAsk() {
        // When
        var redirect = browser.open(Oidc.authorize(Map.of("prompt", "none")));

        // Then
        assertThat(Browser.parameters(redirect)).containsEntry("error", "login_required");
    }

    @Test
    void shouldBeginANewSessionAtEverySignIn() {
        // Given
        var page = browser.open(Oidc.authorize(Map.of("prompt", "login")));
        browser.signIn(page, "viewer");
        var first = browser.cookies().get("sandbox_session");

        // When
        browser.signIn(page, "admin");

        // Then
        assertThat(browser.cookies().get("sandbox_session")).isNotEqualTo(first);
        var old = sandbox.send(
                sandbox.request(Oidc.authorize(Map.of("prompt", "none"))).header("Cookie", "sandbox_session=" + first));
        assertThat(Browser.parameters(old)).containsEntry("error", "login_required");
    }

    @Test
    void shouldGrantNoMoreThanThePersonMayDo() {
        // When
        var answer = oidc.redeem(oidc.code("viewer")).json();

        // Then
        assertThat(answer.get("scope").textValue()).isEqualTo("openid profile email orders:read ops:read");
        assertThat(Oidc.claims(answer.get("access_token").textValue())
                        .get("scope")
                        .textValue())
                .isEqualTo("openid profile email orders:read ops:read");
    }

    @Test
    void shouldRefuseWhenThePersonMayDoNothingOfWhatIsAsked() {
        // Given
        var page = browser.open(Oidc.authorize(Map.of("scope", "keys:write")));

        // When
        var redirect = browser.signIn(page, "viewer");

        // Then
        assertThat(Browser.parameters(redirect)).containsEntry("error", "invalid_scope");
    }

    @ParameterizedTest
    @CsvSource({
        "client_id, stranger",
        "client_id, shop",
        "client_id, ''",
        "redirect_uri, http://localhost:5173/dashboard/callback/more",
        "redirect_uri, http://localhost:5173.evil.example/dashboard/callback",
        "redirect_uri, https://evil.example/",
        "redirect_uri, ''",
    })
    void shouldShowAPageAndNeverRedirectToWhereNobodyIsRegistered(String parameter, String value) {
        // When
        var page = browser.open(Oidc.authorize(Map.of(parameter, value)));

        // Then
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.header("Location")).isNull();
        assertThat(page.body()).contains("This link cannot be followed").doesNotContain("evil.example");
    }

    @ParameterizedTest
    @CsvSource({
        "response_type, token, unsupported_response_type",
        "response_type, '', invalid_request",
        "code_challenge, '', invalid_request",
        "code_challenge, short, invalid_request",
        "code_challenge_method, plain, invalid_request",
        "code_challenge_method, '', invalid_request",
        "scope, openid everything, invalid_scope",
        "prompt, none login, invalid_request",
        "max_age, soon, invalid_request",
        "response_mode, fragment, invalid_request",
        "request, x, request_not_supported",
        "request_uri, https://evil.example/, request_uri_not_supported",
    })
    void shouldTellTheClientWhatIsWrongWithItsRequest(String parameter, String value, String error) {
        // When
        var redirect = browser.open(Oidc.authorize(Map.of(parameter, value)));

        // Then
        assertThat(redirect.status()).isEqualTo(303);
        assertThat(redirect.header("Location")).startsWith(Oidc.REDIRECT_URI + "?");
        assertThat(Browser.parameters(redirect))
                .containsEntry("error", error)
                .containsEntry("state", "state of a test")
                .containsEntry("iss", sandbox.environment("OIDC_ISSUER_URL"));
    }

    @Test
    void shouldRefuseAParameterThatIsGivenTwice() {
        // When
        var redirect = browser.open(Oidc.authorize(Map.of()) + "&scope=openid");
        var page = browser.open(Oidc.authorize(Map.of()) + "&redirect_uri=http%3A%2F%2Flocalhost%3A5173%2F");

        // Then
        assertThat(Browser.parameters(redirect)).containsEntry("error", "invalid_request");
        assertThat(page.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "code_verifier, another-verifier-that-is-long-enough-for-it, invalid_grant",
        "code_verifier, '', invalid_request",
        "redirect_uri, http://localhost:5173/, invalid_grant",
        "code, another, invalid_grant",
        "client_id, shop, invalid_client",
        "client_secret, guessed, invalid_client",
    })
    void shouldRefuseACodeThatIsNotShownAsItWasAskedFor(String parameter, String value, String error) {
        // When
        var answer = oidc.redeem(oidc.code("operator"), Map.of(parameter, value));

        // Then
        assertThat(answer.status()).isEqualTo(error.equals("invalid_client") ? 401 : 400);
        assertThat(answer.json().get("error").textValue()).isEqualTo(error);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void shouldGiveNoSecondTryAfterAWrongVerifier() {
        // Given
        var code = oidc.code("operator");
        oidc.redeem(code, Map.of("code_verifier", "another-verifier-that-is-long-enough-for-it"));

        // When
        var answer = oidc.redeem(code);

        // Then
        assertThat(answer.json().get("error").textValue()).isEqualTo("invalid_grant");
    }

    @Test
    void shouldRevokeWhatWasIssuedForACodeThatIsUsedTwice() {
        // Given
        var code = oidc.code("operator");
        var refreshToken = oidc.redeem(code).json().get("refresh_token").textValue();

        // When
        var again = oidc.redeem(code);

        // Then
        assertThat(again.json().get("error").textValue()).isEqualTo("invalid_grant");
        assertThat(oidc.refresh(refreshToken).json().get("error").textValue()).isEqualTo("invalid_grant");
    }

    @Test
    void shouldRotateRefreshTokensAndEndTheFamilyWhenOneIsUsedTwice() {
        // Given
        var first =
                oidc.redeem(oidc.code("operator")).json().get("refresh_token").textValue();
        var refreshed = oidc.refresh(first);
        var second = refreshed.json().get("refresh_token").textValue();

        // When
        var reused = oidc.refresh(first);

        // Then
        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.json().get("scope").textValue())
                .isEqualTo("openid profile email orders:read ops:read ops:write");
        assertThat(Oidc.claims(refreshed.json().get("id_token").textValue()).has("nonce"))
                .isFalse();
        assertThat(second).isNotEqualTo(first);
        assertThat(reused.status()).isEqualTo(400);
        assertThat(reused.json().get("error").textValue()).isEqualTo("invalid_grant");
        assertThat(oidc.refresh(second).json().get("error").textValue()).isEqualTo("invalid_grant");
    }

    @Test
    void shouldNarrowButNeverWidenTheScopeOfARefresh() {
        // Given
        var refreshToken =
                oidc.redeem(oidc.code("operator")).json().get("refresh_token").textValue();
        var form = Map.of("grant_type", "refresh_token", "client_id", "dashboard", "refresh_token", refreshToken);

        // When
        var wider = oidc.post("/oauth/token", with(form, "scope", "orders:read keys:write"));
        var narrower = oidc.post("/oauth/token", with(form, "scope", "orders:read"));

        // Then
        assertThat(wider.json().get("error").textValue()).isEqualTo("invalid_scope");
        assertThat(narrower.json().get("scope").textValue()).isEqualTo("orders:read");
    }

    @Test
    void shouldRevokeARefreshToken() {
        // Given
        var refreshToken =
                oidc.redeem(oidc.code("operator")).json().get("refresh_token").textValue();

        // When
        var revoked = oidc.post("/oauth/revoke", Map.of("client_id", "dashboard", "token", refreshToken));
        var unknown = oidc.post("/oauth/revoke", Map.of("client_id", "dashboard", "token", "unknown"));

        // Then
        assertThat(revoked.status()).isEqualTo(200);
        assertThat(unknown.status()).isEqualTo(200);
        assertThat(oidc.refresh(refreshToken).json().get("error").textValue()).isEqualTo("invalid_grant");
    }

    @Test
    void shouldTellWhoTheTokenIsFor() {
        // Given
        var token = oidc.redeem(oidc.code("admin")).json().get("access_token").textValue();

        // When
        var answer = userInfo("Bearer " + token);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("sub").textValue()).isEqualTo("user-admin");
        assertThat(answer.json().get("name").textValue()).isEqualTo("Ada Admin");
        assertThat(answer.json().get("email").textValue()).isEqualTo("admin@shop.example");
    }

    @Test
    void shouldTellNothingForAnotherToken() {
        // Given
        var answer = oidc.redeem(oidc.code("admin")).json();
        var expired = sandbox.post(
                        "/sandbox/oauth/mint",
                        "{\"claims\": {\"sub\": \"user-admin\", \"scope\": \"openid\", \"exp\": 1700000000}}")
                .json();

        // When
        var withIdToken = userInfo("Bearer " + answer.get("id_token").textValue());
        var withExpired = userInfo("Bearer " + expired.get("token").textValue());
        var withoutScope = userInfo("Bearer "
                + sandbox.post("/sandbox/oauth/mint", "{}").json().get("token").textValue());
        var withNothing = sandbox.get("/oauth/userinfo");

        // Then
        assertThat(withIdToken.status()).isEqualTo(401);
        assertThat(withIdToken.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
        assertThat(withExpired.status()).isEqualTo(401);
        assertThat(withoutScope.status()).isEqualTo(403);
        assertThat(withNothing.status()).isEqualTo(401);
    }

    @Test
    void shouldEndTheSessionForTheClientThatShowsItsIdToken() {
        // Given
        var redirect = browser.signIn(browser.open(Oidc.authorize(Map.of())), "operator");
        var tokens = oidc.redeem(Browser.parameters(redirect).get("code")).json();

        // When
        var loggedOut = browser.open("/oauth/logout?"
                + Browser.form(Map.of(
                        "id_token_hint",
                        tokens.get("id_token").textValue(),
                        "post_logout_redirect_uri",
                        "http://localhost:5173/",
                        "state",
                        "s")));

        // Then
        assertThat(loggedOut.status()).isEqualTo(303);
        assertThat(loggedOut.header("Location")).isEqualTo("http://localhost:5173/?state=s");
        assertThat(Browser.parameters(browser.open(Oidc.authorize(Map.of("prompt", "none")))))
                .containsEntry("error", "login_required");
        assertThat(oidc.refresh(tokens.get("refresh_token").textValue()).status())
                .isEqualTo(400);
    }

    @Test
    void shouldAskThePersonBeforeAnybodyElseEndsTheSession() {
        // Given
        browser.signIn(browser.open(Oidc.authorize(Map.of())), "operator");

        // When
        var page = browser.open("/oauth/logout");
        var before = browser.open(Oidc.authorize(Map.of("prompt", "none")));
        var done = browser.submit(page, Map.of());

        // Then
        assertThat(page.body()).contains("Sign out?", "operator");
        assertThat(Browser.parameters(before)).containsKey("code");
        assertThat(done.body()).contains("You are signed out");
        assertThat(Browser.parameters(browser.open(Oidc.authorize(Map.of("prompt", "none")))))
                .containsEntry("error", "login_required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client_id=dashboard&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F",
                "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A5173%2F",
                "id_token_hint=forged&client_id=dashboard&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A5173%2F",
            })
    void shouldNotRedirectAfterALogoutToWhereNobodyIsRegistered(String query) {
        // When
        var page = browser.open("/oauth/logout?" + query);

        // Then
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.header("Location")).isNull();
    }

    @Test
    void shouldLetOnlyPagesOfWebClientsReadAnswers() {
        // When
        var allowed = origin("/oauth/jwks", "http://localhost:5173");
        var ofTheApp = origin("/oauth/.well-known/openid-configuration", "http://localhost:1");
        var stranger = origin("/oauth/jwks", "https://evil.example");
        var preflight = sandbox.send(sandbox.request("/oauth/token")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "http://localhost:5173")
                .header("Access-Control-Request-Method", "POST"));

        // Then
        assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("http://localhost:5173");
        assertThat(allowed.header("Vary")).isEqualTo("Origin");
        assertThat(ofTheApp.header("Access-Control-Allow-Origin")).isEqualTo("http://localhost:1");
        assertThat(stranger.header("Access-Control-Allow-Origin")).isNull();
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Methods")).contains("POST");
    }

    @Test
    void shouldCountTokensAndNeverShowThem() {
        // Given
        var tokens = oidc.redeem(oidc.code("operator")).json();

        // When
        var effects = sandbox.effects("oauth");

        // Then
        var counts = effects.get("issued").get(0);
        assertThat(counts.get("clientId").textValue()).isEqualTo("dashboard");
        assertThat(counts.get("accessTokens").intValue()).isEqualTo(1);
        assertThat(counts.get("idTokens").intValue()).isEqualTo(1);
        assertThat(counts.get("refreshTokens").intValue()).isEqualTo(1);
        assertThat(effects.get("tokens").get(0).get("subject").textValue()).isEqualTo("user-operator");
        assertThat(effects.toString())
                .doesNotContain(
                        tokens.get("access_token").textValue(),
                        tokens.get("refresh_token").textValue(),
                        tokens.get("id_token").textValue());
    }

    private static Map<String, String> with(Map<String, String> form, String name, String value) {
        var all = new HashMap<>(form);
        all.put(name, value);
        return all;
    }

    private static Answer userInfo(String authorization) {
        return sandbox.send(sandbox.request("/oauth/userinfo").header("Authorization", authorization));
    }

    private static Answer origin(String path, String origin) {
        return sandbox.send(sandbox.request(path).header("Origin", origin));
    }
}
