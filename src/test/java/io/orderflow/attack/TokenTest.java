package io.orderflow.attack;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of the issuer are taken for what they are; those of anybody else, and those made up, are not. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class TokenTest {

    private SandboxClient sandbox;

    @BeforeEach
    void setUp() {
        sandbox = SandboxResource.client();
    }

    @Test
    void shouldTakeATokenOfTheIssuer() {
        // Given
        var token = sandbox.accessToken("shop", "orders:read", "orders:write");

        // When
        var id = place(token).then().statusCode(201).extract().jsonPath().getString("id");

        // Then
        bearer(token).get("/api/orders/" + id).then().statusCode(200);
        bearer(token).get("/api/orders").then().statusCode(200).body("orders.id", hasItem(id));
    }

    @Test
    void shouldGrantTheScopesOfTheTokenAndNoOther() {
        // Given
        var reader = sandbox.accessToken("shop", "orders:read");

        // Then
        place(reader).then().statusCode(403).body("type", equalTo("urn:orderflow:problem:forbidden"));
        bearer(reader).get("/api/dead-letters").then().statusCode(403);
        bearer(minted(Map.of("scope", "openid profile admin *")))
                .get("/api/orders")
                .then()
                .statusCode(403);
    }

    @Test
    void shouldHideTheOrdersOfOthersFromWhoIsNoOperator() {
        // Given
        var id = place(sandbox.accessToken("shop", "orders:write")).jsonPath().getString("id");
        var other = minted(Map.of("client_id", "another-shop", "scope", "orders:read orders:write payments:write"));
        var viewer = minted(Map.of("client_id", "dashboard", "scope", "orders:read orders:write ops:read"));
        var operator = minted(Map.of("client_id", "dashboard", "scope", "orders:read orders:write ops:read ops:write"));

        // Then
        bearer(other).get("/api/orders/" + id).then().statusCode(404);
        bearer(other).get("/api/orders/" + id + "/timeline").then().statusCode(404);
        bearer(other).delete("/api/orders/" + id).then().statusCode(404);
        bearer(other).get("/api/orders").then().statusCode(200).body("orders.id", not(hasItem(id)));
        bearer(other).get("/api/orders?client=shop").then().statusCode(403);
        bearer(viewer).get("/api/orders/" + id).then().statusCode(200);
        bearer(viewer).get("/api/orders?client=shop").then().statusCode(200).body("orders.id", hasItem(id));
        bearer(viewer).delete("/api/orders/" + id).then().statusCode(403);
        bearer(operator).delete("/api/orders/" + id).then().statusCode(200);
    }

    /** Those of Amazon Cognito have no audience, but their scopes have the resource server's name before them. */
    @Test
    void shouldTakeATokenWhoseScopesNameTheAudience() {
        // Given
        var claims = new HashMap<String, Object>(Map.of("scope", "orderflow/orders:read"));
        claims.put("aud", null);

        // Then
        bearer(minted(claims)).get("/api/orders").then().statusCode(200);
        claims.put("scope", "orders:read");
        refused(minted(claims));
        claims.put("scope", "another-api/orders:read");
        refused(minted(claims));
    }

    @Test
    void shouldGrantScopesToAVerifiedAddressOfATokenThatIsMeantForIt() {
        // Given
        var claims = new HashMap<String, Object>(Map.of("email", "jane@example.com", "email_verified", true));
        claims.put("scope", null);

        // Then
        bearer(minted(claims)).get("/api/dead-letters").then().statusCode(200);
        claims.put("email", "john@example.com");
        bearer(minted(claims)).get("/api/dead-letters").then().statusCode(403);
        claims.put("email", "jane@example.com");
        claims.put("email_verified", false);
        bearer(minted(claims)).get("/api/dead-letters").then().statusCode(403);
        claims.put("email_verified", true);
        claims.put("aud", null);
        refused(minted(claims));
    }

    @Test
    void shouldPlaceTheOrdersOfTheClientThatItStandsFor() {
        // Given
        var id = Api.place(Api.order()).<String>path("id");

        // Then
        bearer(minted(Map.of("client_id", "mapped-shop", "scope", "orders:read")))
                .get("/api/orders/" + id)
                .then()
                .statusCode(200);
        bearer(minted(Map.of("client_id", "shop", "scope", "orders:read")))
                .get("/api/orders/" + id)
                .then()
                .statusCode(404);
    }

    @Test
    void shouldTakeScopesInAList() {
        // Given
        var claims = new HashMap<String, Object>(Map.of("scp", List.of("orders:read")));
        claims.put("scope", null);

        // Then
        bearer(minted(claims)).get("/api/orders").then().statusCode(200);
    }

    @Test
    void shouldRefuseATokenBeforeAndAfterItsTime() {
        // Given
        var now = Instant.now().getEpochSecond();

        // Then
        refused(minted(Map.of("exp", now - 60)));
        refused(minted(Map.of("nbf", now + 600, "exp", now + 1200)));
        var endless = new HashMap<String, Object>();
        endless.put("exp", null);
        refused(minted(endless));
    }

    @Test
    void shouldRefuseATokenOfAnotherIssuerOrForAnotherAudience() {
        // Then
        refused(minted(Map.of("iss", "https://issuer.example.com")));
        refused(minted(Map.of("iss", "http://localhost/oauth/")));
        refused(minted(Map.of("aud", "another-api")));
        refused(minted(Map.of("aud", List.of("another-api", "ORDERFLOW"))));
        bearer(minted(Map.of("aud", List.of("another-api", "orderflow"))))
                .get("/api/orders")
                .then()
                .statusCode(200);
    }

    @Test
    void shouldRefuseATokenWhoseClientCanOwnNoOrders() {
        // Given
        var nobody = new HashMap<String, Object>();
        nobody.put("client_id", null);
        nobody.put("azp", null);

        // Then
        refused(minted(nobody));
        refused(minted(Map.of("client_id", "a/b")));
        refused(minted(Map.of("client_id", "shop\r\nX-Injected: yes")));
        refused(minted(Map.of("client_id", List.of("shop"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "public-key-as-secret", "public-key-der-as-secret", "stranger"})
    void shouldRefuseAForgedSignature(String key) {
        // Then
        refused(sandbox.mint(Map.of("key", key)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512"})
    void shouldRefuseAnotherAlgorithmThanItsOwn(String algorithm) {
        // Then
        refused(sandbox.mint(Map.of("header", Map.of("alg", algorithm))));
    }

    @Test
    void shouldAskNobodyForAKeyThatATokenBrings() {
        // Given
        var jwks = ConfigProvider.getConfig().getValue("OIDC_ISSUER_URL", String.class) + "/stranger/jwks";
        var before = sandbox.calls().path("oauth").path("stranger").asInt();

        // Then
        refused(sandbox.mint(Map.of("key", "stranger", "header", Map.of("jku", jwks))));
        refused(sandbox.mint(Map.of("key", "stranger", "header", Map.of("x5u", jwks, "kid", jwks))));
        refused(sandbox.mint(Map.of("key", "stranger", "header", Map.of("kid", "../../../../dev/null"))));
        refused(sandbox.mint(Map.of("key", "stranger", "header", Map.of("kid", "' UNION SELECT 'key"))));
        var stranger = given().get(jwks).jsonPath().getMap("keys[0]");
        refused(sandbox.mint(Map.of("key", "stranger", "header", Map.of("jwk", stranger))));
        assertThat(sandbox.calls().path("oauth").path("stranger").asInt()).isEqualTo(before + 1);
    }

    @Test
    void shouldFollowTheIssuersKeys() {
        // Given
        var before = sandbox.accessToken("shop", "orders:read");
        bearer(before).get("/api/orders").then().statusCode(200);

        // When
        sandbox.rotateKey();

        // Then
        var after = sandbox.accessToken("shop", "orders:read");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> bearer(after).get("/api/orders").statusCode() == 200);
        bearer(before).get("/api/orders").then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "....", "eyJhbGciOiJub25lIn0.e30.", "\u00e9"})
    void shouldRefuseWhatIsNoToken(String token) {
        // Then
        refused(token);
    }

    @Test
    void shouldRefuseTheSandboxsTokenInAnotherPlace() {
        // Given
        var token = sandbox.accessToken("shop", "orders:read");

        // Then
        given().queryParam("access_token", token).get("/api/orders").then().statusCode(401);
        given().cookie("access_token", token).get("/api/orders").then().statusCode(401);
        given().header("Authorization", "Basic " + token)
                .get("/api/orders")
                .then()
                .statusCode(401);
        given().header("X-API-Key", token).get("/api/orders").then().statusCode(401);
    }

    @Test
    void shouldRefuseAKeyAndATokenAtOnce() {
        // Given
        var token = sandbox.accessToken("shop", "orders:read");

        // Then
        bearer(token)
                .header("X-API-Key", SandboxResource.API_KEY)
                .get("/api/orders")
                .then()
                .statusCode(401);
    }

    private String minted(Map<String, ?> claims) {
        return sandbox.mint(Map.of("claims", claims));
    }

    private static void refused(String token) {
        bearer(token)
                .get("/api/orders")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", startsWith("ApiKey"))
                .header("WWW-Authenticate", containsString("error=\"invalid_token\""))
                .body("type", equalTo("urn:orderflow:problem:unauthorized"));
    }

    private static Response place(String token) {
        return bearer(token)
                .contentType("application/json")
                .body(Api.order("token-" + Api.newKey(), "jane@example.com"))
                .post("/api/orders");
    }

    private static RequestSpecification bearer(String token) {
        return given().header("Authorization", "Bearer " + token);
    }
}
