package io.orderflow.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.orderflow.ledger.ApiKeyTable;
import io.orderflow.testing.Api;
import io.orderflow.testing.LogCapture;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.orderflow.testing.TestScopes;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** API keys as their makers and their holders see them. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class ApiKeysTest {

    @Inject
    ApiKeyTable table;

    private SandboxClient sandbox;
    private String client;

    @BeforeEach
    void setUp() {
        sandbox = SandboxResource.client();
        client = "shop-" + Api.newKey();
    }

    @AfterEach
    void heal() {
        sandbox.clearFaults();
    }

    private record Made(String id, String key) {
        RequestSpecification caller() {
            return given().header("X-API-Key", key);
        }

        String secret() {
            return key.substring(key.lastIndexOf('_') + 1);
        }
    }

    @Test
    void shouldLiveFromItsMakingToItsRevocation() {
        // When
        var answer = create(body(client, "orders:read", "orders:write"));
        var made = made(answer);

        // Then: it is shown once
        answer.then()
                .statusCode(201)
                .header("Location", "/api/keys/" + made.id())
                .body("key", matchesPattern("ofk_" + made.id() + "_[0-9A-Za-z]{49}"))
                .body("prefix", equalTo("ofk_" + made.id() + "_…"))
                .body("name", equalTo("Web shop"))
                .body("client", equalTo(client))
                .body("scopes", equalTo(List.of("orders:read", "orders:write")))
                .body("status", equalTo("active"))
                .body("createdBy", equalTo("default/bootstrap"))
                .body("lastUsedAt", nullValue());
        Api.caller().get("/api/keys/" + made.id()).then().statusCode(200).body("key", nullValue());

        // When: it is used
        made.caller().get("/api/orders").then().statusCode(200).body("orders", hasSize(0));

        // Then
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> Api.caller().get("/api/keys/" + made.id()).then().body("lastUsedAt", notNullValue()));

        // When: it is revoked, twice
        var revoked = Api.caller().delete("/api/keys/" + made.id());
        var again = Api.caller().delete("/api/keys/" + made.id());

        // Then
        revoked.then().statusCode(204).body(equalTo("")).contentType("");
        again.then().statusCode(204);
        made.caller()
                .get("/api/orders")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:orderflow:problem:unauthorized"));
        Api.caller()
                .get("/api/keys/" + made.id())
                .then()
                .statusCode(200)
                .body("status", equalTo("revoked"))
                .body("revokedBy", equalTo("default/bootstrap"))
                .body("revokedAt", notNullValue())
                .body("lastUsedAt", notNullValue());
        rotate(Api.caller(), made.id(), 1)
                .then()
                .statusCode(409)
                .body("title", equalTo("The key does not allow this now"))
                .body("detail", equalTo("The key is revoked. Make another one."));
    }

    @Test
    void shouldRotateWithAnOverlapOrWithoutOne() {
        // Given
        var first = made(create(body(client, "orders:read")));

        // When
        var answer = rotate(Api.caller(), first.id(), null);
        var second = made(answer);

        // Then
        answer.then().statusCode(200).body("rotatedBy", equalTo("default/bootstrap"));
        var overlap =
                Duration.between(Instant.parse(answer.path("rotatedAt")), Instant.parse(answer.path("overlapUntil")));
        assertThat(overlap).isEqualTo(Duration.ofHours(24));
        assertThat(second.key()).startsWith("ofk_" + first.id() + "_").isNotEqualTo(first.key());
        first.caller().get("/api/orders").then().statusCode(200);
        second.caller().get("/api/orders").then().statusCode(200);

        // When
        var third = made(rotate(Api.caller(), first.id(), 0));

        // Then
        first.caller().get("/api/orders").then().statusCode(401);
        second.caller().get("/api/orders").then().statusCode(401);
        third.caller().get("/api/orders").then().statusCode(200);
        Api.caller().get("/api/keys/" + first.id()).then().body("overlapUntil", nullValue());
    }

    @Test
    void shouldEndWhenItExpires() {
        // Given
        var expiresAt = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.MILLIS);
        var made = made(create(body(client, "orders:read").replace("}", ", \"expiresAt\": \"" + expiresAt + "\"}")));

        // Then
        made.caller().get("/api/orders").then().statusCode(200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> made.caller().get("/api/orders").statusCode() == 401);
        assertThat(Instant.now()).isAfterOrEqualTo(expiresAt);
        Api.caller().get("/api/keys/" + made.id()).then().body("status", equalTo("expired"));
        rotate(Api.caller(), made.id(), 1).then().statusCode(409);
    }

    @Test
    void shouldDoOnlyWhatItsScopesSay() {
        // Given
        var reader = made(create(body(client, "orders:read")));

        // Then
        reader.caller().get("/api/orders").then().statusCode(200);
        List.of("/api/keys", "/api/keys/" + reader.id(), "/api/dead-letters", "/q/metrics")
                .forEach(path -> reader.caller().get(path).then().statusCode(403));
        reader.caller()
                .contentType(ContentType.JSON)
                .body(Api.order())
                .post("/api/orders")
                .then()
                .statusCode(403);
        create(reader.caller(), body(client, "orders:read")).then().statusCode(403);
        rotate(reader.caller(), reader.id(), 0).then().statusCode(403);
        reader.caller().delete("/api/keys/" + reader.id()).then().statusCode(403);
        reader.caller().patch("/api/keys/" + reader.id()).then().statusCode(403);
        Api.caller().patch("/api/keys/" + reader.id()).then().statusCode(405);
        given().get("/api/keys").then().statusCode(401);
    }

    @Test
    void shouldNotHandOutMoreThanItsMakerHas() {
        // Given
        var maker = made(create(body(client, "keys:write", "orders:read")));
        var stronger = made(create(body(client, "ops:read")));

        // Then: scopes
        create(maker.caller(), body(null, "orders:read", "ops:write", "payments:write"))
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("errors.pointer", equalTo(List.of("/scopes/1", "/scopes/2")))
                .body("errors[0].detail", equalTo("ops:write is none of your own scopes"));

        // Then: clients
        create(maker.caller(), body("default", "orders:read"))
                .then()
                .statusCode(403)
                .body("errors.pointer", equalTo(List.of("/client")));
        create(maker.caller(), body(null, "orders:read")).then().statusCode(201).body("client", equalTo(client));

        // Then: the secret of a key that may do more
        rotate(maker.caller(), stronger.id(), 0)
                .then()
                .statusCode(403)
                .body("errors.detail", equalTo(List.of("ops:read is none of your own scopes")));
        stronger.caller().get("/api/dead-letters/groups").then().statusCode(200);

        // Then: what leaks can be stopped by anyone of the client's who has to do with keys
        maker.caller().delete("/api/keys/" + stronger.id()).then().statusCode(204);
        stronger.caller().get("/api/dead-letters/groups").then().statusCode(401);
    }

    @Test
    void shouldShowAndChangeOnlyKeysOfItsClient() {
        // Given
        var maker = made(create(body(client, "keys:write")));
        var other = made(create(body("other-" + client, "orders:read")));

        // Then
        maker.caller().get("/api/keys/" + other.id()).then().statusCode(404);
        maker.caller().delete("/api/keys/" + other.id()).then().statusCode(404);
        rotate(maker.caller(), other.id(), 0).then().statusCode(404);
        maker.caller().get("/api/keys").then().statusCode(200).body("keys.id", equalTo(List.of(maker.id())));
        maker.caller()
                .get("/api/keys?client=other-" + client)
                .then()
                .statusCode(403)
                .body("errors.pointer", equalTo(List.of("client")));
        maker.caller().get("/api/keys?client=" + client).then().statusCode(200);
        other.caller().get("/api/orders").then().statusCode(200);
    }

    @Test
    void shouldShowKeysOfAllClientsToOperatorsAndLetOnlyThoseWhoActChangeThem() {
        // Given
        var looking = made(create(body(client, "keys:write", "ops:read", "orders:read")));
        var acting = made(create(body(client, "keys:write", "ops:read", "ops:write", "orders:read")));
        var other = made(create(body("other-" + client, "orders:read")));

        // Then
        looking.caller().get("/api/keys/" + other.id()).then().statusCode(200);
        looking.caller().get("/api/keys?limit=1").then().body("keys.id", equalTo(List.of(other.id())));
        looking.caller().get("/api/keys?client=other-" + client).then().body("keys", hasSize(1));
        looking.caller()
                .delete("/api/keys/" + other.id())
                .then()
                .statusCode(403)
                .body("errors.pointer", equalTo(List.of("/client")));
        rotate(looking.caller(), other.id(), 0).then().statusCode(403);
        create(looking.caller(), body("other-" + client, "orders:read")).then().statusCode(403);
        other.caller().get("/api/orders").then().statusCode(200);
        create(acting.caller(), body("other-" + client, "orders:read")).then().statusCode(201);
        rotate(acting.caller(), other.id(), 1).then().statusCode(200);
        acting.caller().delete("/api/keys/" + other.id()).then().statusCode(204);
    }

    @Test
    void shouldListAllPageByPage() {
        // Given
        var ids = IntStream.range(0, 3)
                .mapToObj(i -> made(create(body(client, "orders:read"))).id())
                .toList();

        // When
        var first = Api.caller().get("/api/keys?limit=2&client=" + client);
        var second = Api.caller().get("/api/keys?limit=2&client=" + client + "&cursor=" + first.path("nextCursor"));
        var all = Api.caller().get("/api/keys?limit=3");

        // Then
        first.then().statusCode(200).body("keys", hasSize(2));
        second.then().statusCode(200).body("keys", hasSize(1)).body("nextCursor", nullValue());
        var listed = new ArrayList<String>(first.path("keys.id"));
        listed.addAll(second.path("keys.id"));
        assertThat(listed).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(all.<List<String>>path("keys.id")).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(first.asString()).doesNotContain("\"key\"").doesNotContain("hash");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=101", "cursor=%20", "cursor=L2tleXM", "client=a%2Fb", "scope=x", "cursor="})
    void shouldRefuseParametersThatAreNone(String query) {
        // When
        var answer = Api.caller().get("/api/keys?" + query);

        // Then
        answer.then().statusCode(400).body("errors.pointer", equalTo(List.of(query.substring(0, query.indexOf('=')))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "name": "Web shop"          | "name": ""                    | /name
            "name": "Web shop"          | "name": "a\\nb"               | /name
            "name": "Web shop",         | ''                            | /name
            "scopes": ["orders:read"]   | "scopes": []                  | /scopes
            "scopes": ["orders:read"]   | "scopes": ["orders:*"]        | /scopes/0
            "scopes": ["orders:read"]   | "scopes": ["orders:read", "orders:read"] | /scopes
            "scopes": ["orders:read"]   | "scopes": "orders:read"       | /scopes
            "scopes":                   | "client": "a/b", "scopes":    | /client
            "scopes":                   | "id": "3fJ0aPq9XyZ1", "scopes": | /id
            "scopes":                   | "status": "active", "scopes": | /status
            "scopes":                   | "createdBy": "me", "scopes":  | /createdBy
            "scopes":                   | "secrets": [], "scopes":      | /secrets
            "scopes":                   | "key": "ofk_x", "scopes":     | /key
            "scopes":                   | "expiresAt": "tomorrow", "scopes": | /expiresAt
            "scopes":                   | "expiresAt": "2020-01-01T00:00:00Z", "scopes": | /expiresAt
            "scopes":                   | "expiresAt": "2126-01-01T00:00:00Z", "scopes": | /expiresAt
            "scopes":                   | "expiresAt": "2026-02-30T25:61:61Z", "scopes": | /expiresAt
            "scopes":                   | "expiresAt": "2027-06-30T23:59:60Z", "scopes": | /expiresAt
            "scopes":                   | "expiresAt": 1, "scopes":     | /expiresAt
            """)
    void shouldNameTheFieldThatIsWrong(String good, String bad, String pointer) {
        // Given
        var body = body(null, "orders:read");

        // When
        var answer = create(body.replace(good, bad));

        // Then
        assertThat(body).contains(good);
        answer.then().statusCode(400).body("errors.pointer", equalTo(List.of(pointer)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "169", "1.5", "\"1\"", "null"})
    void shouldRefuseAnOverlapThatIsNone(String hours) {
        // When
        var answer = Api.caller()
                .contentType(ContentType.JSON)
                .body("{\"overlapHours\": " + hours + "}")
                .post("/api/keys/3fJ0aPq9XyZ1/rotate");

        // Then
        answer.then().statusCode(400).body("errors.pointer", equalTo(List.of("/overlapHours")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3fJ0aPq9XyZ1", "short", "3fJ0aPq9XyZ1x", "3fJ0aPq9XyZ%2F", "ofk_3fJ0aPq9XyZ1"})
    void shouldNotFindKeysThatThereAreNot(String id) {
        // Then
        Api.caller().urlEncodingEnabled(false).get("/api/keys/" + id).then().statusCode(404);
        Api.caller().urlEncodingEnabled(false).delete("/api/keys/" + id).then().statusCode(404);
    }

    @Test
    void shouldKeepTheOrdersOfClientsApart() {
        // Given
        var mine = made(create(body(client, "orders:read", "orders:write")));
        var sibling = made(create(body(client, "orders:read")));
        var other = made(create(body("other-" + client, "orders:read", "orders:write")));

        // When
        var placed =
                mine.caller().contentType(ContentType.JSON).body(Api.order()).post("/api/orders");

        // Then
        placed.then().statusCode(201);
        var path = "/api/orders/" + placed.path("id");
        mine.caller().get(path).then().statusCode(200);
        sibling.caller().get(path).then().statusCode(200);
        sibling.caller().get("/api/orders").then().body("orders.id", equalTo(List.of(placed.<String>path("id"))));
        other.caller().get(path).then().statusCode(404);
        other.caller().get(path + "/timeline").then().statusCode(404);
        other.caller().delete(path).then().statusCode(404);
        other.caller().get("/api/orders").then().body("orders", hasSize(0));
    }

    @Test
    void shouldRefuseATypingErrorWithoutALookAtTheLedger() {
        // Given
        var made = made(create(body(client, "orders:read")));
        var last = made.key().charAt(made.key().length() - 1);
        var looks = watchLookups(made.id());

        // When
        var answers = List.of(
                made.key().substring(0, made.key().length() - 1) + (last == 'x' ? 'y' : 'x'),
                made.key().substring(1),
                made.key() + "0",
                made.key().toUpperCase(java.util.Locale.ROOT));

        // Then
        answers.forEach(key ->
                given().header("X-API-Key", key).get("/api/orders").then().statusCode(401));
        assertThat(struck(looks)).isZero();
        made.caller().get("/api/orders").then().statusCode(200);
        assertThat(struck(looks)).isOne();
    }

    @Test
    void shouldRefuseAKeyThatIsWellMadeButNotOurs() {
        // Given
        var made = made(create(body(client, "orders:read")));

        // Then
        List.of(KeyText.random(), KeyText.random(made.id())).forEach(key -> given().header("X-API-Key", key.text())
                .get("/api/orders")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", notNullValue()));
        made.caller().get("/api/orders").then().statusCode(200);
    }

    @Test
    void shouldAskTheLedgerOnceAboutAnIdThatIsTriedAgainAndAgain() throws Exception {
        // Given
        var unknown = KeyText.random();
        var looks = watchLookups(unknown.id());

        // When
        var statuses = atOnce(IntStream.range(0, 40)
                .<Callable<Integer>>mapToObj(i -> () -> given().header("X-API-Key", unknown.text())
                        .get("/api/orders")
                        .statusCode())
                .toList());

        // Then: what is remembered is forgotten after half a second here
        assertThat(statuses).containsOnly(401);
        assertThat(struck(looks)).isBetween(1, 10);
    }

    @Test
    void shouldAnswer503WhileTheLedgerCannotBeAsked() {
        // Given
        var made = made(create(body(client, "orders:read")));
        sandbox.fault(Map.of(
                "service", "dynamodb", "operation", "GetItem", "matching", made.id(), "kind", "status", "status", 500));

        // When
        var refused = made.caller().get("/api/orders");
        sandbox.clearFaults();
        var taken = made.caller().get("/api/orders");

        // Then
        refused.then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", notNullValue())
                .body("type", equalTo("urn:orderflow:problem:unavailable"));
        taken.then().statusCode(200);
    }

    @Test
    void shouldLetNobodyWaitLongForLookupsOfOthers() throws Exception {
        // Given
        sandbox.fault(Map.of(
                "service",
                "dynamodb",
                "operation",
                "GetItem",
                "matching",
                "key/",
                "kind",
                "latency",
                "delayMillis",
                30_000));
        var start = Instant.now();

        // When
        var statuses = atOnce(IntStream.range(0, 130)
                .<Callable<Integer>>mapToObj(
                        i -> () -> given().header("X-API-Key", KeyText.random().text())
                                .get("/api/orders")
                                .statusCode())
                .toList());

        // Then: one after the other they would take four times five seconds and more
        assertThat(statuses).containsOnly(503);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(14));
    }

    @Test
    void shouldTakeARequestThatCannotBeNotedAsUse() {
        // Given
        var made = made(create(body(client, "orders:read")));
        sandbox.fault(Map.of(
                "service",
                "dynamodb",
                "operation",
                "UpdateItem",
                "matching",
                made.id(),
                "kind",
                "status",
                "status",
                500));

        // Then
        made.caller().get("/api/orders").then().statusCode(200);
        sandbox.clearFaults();
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            made.caller().get("/api/orders").then().statusCode(200);
            Api.caller().get("/api/keys/" + made.id()).then().body("lastUsedAt", notNullValue());
        });
    }

    @Test
    void shouldSoonSeeWhatAnotherInstanceHasDone() {
        // Given
        var made = made(create(body(client, "orders:read")));
        made.caller().get("/api/orders").then().statusCode(200);

        // When
        table.update(made.id(), key -> key.revoked("another", Instant.now()));

        // Then
        await().atMost(Duration.ofSeconds(3))
                .until(() -> made.caller().get("/api/orders").statusCode() == 401);
    }

    @Test
    void shouldMakeRotateAndRevokeWhenTheAnswerOfTheLedgerIsLost() {
        // Given
        loseAnswer("PutItem");

        // When
        var made = made(create(body(client, "orders:read")));
        loseAnswer("UpdateItem");
        var rotated = made(rotate(Api.caller(), made.id(), 0));

        // Then
        rotated.caller().get("/api/orders").then().statusCode(200);
        assertThat(table.get(made.id()).orElseThrow().secrets()).hasSize(1);

        // When
        loseAnswer("UpdateItem");
        Api.caller().delete("/api/keys/" + made.id()).then().statusCode(204);

        // Then
        rotated.caller().get("/api/orders").then().statusCode(401);
    }

    private void loseAnswer(String operation) {
        sandbox.fault(Map.of(
                "service", "dynamodb", "operation", operation, "matching", "key/", "kind", "lost-answer", "times", 1));
    }

    @Test
    void shouldKeepEverySecretOfRotationsAtTheSameMoment() throws Exception {
        // Given
        var made = made(create(body(client, "orders:read")));

        // When
        var rotated = atOnce(IntStream.range(0, 4)
                .<Callable<Response>>mapToObj(i -> () -> rotate(Api.caller(), made.id(), 1))
                .toList());

        // Then
        assertThat(rotated).extracting(Response::statusCode).containsOnly(200);
        made.caller().get("/api/orders").then().statusCode(200);
        rotated.forEach(
                answer -> made(answer).caller().get("/api/orders").then().statusCode(200));
        rotate(Api.caller(), made.id(), 1).then().statusCode(409);
        rotate(Api.caller(), made.id(), 0).then().statusCode(200);
    }

    @Test
    void shouldStayRevokedWhenItIsRotatedAtTheSameMoment() throws Exception {
        for (int i = 0; i < 5; i++) {
            // Given
            var made = made(create(body(client, "orders:read")));

            // When
            var answers = atOnce(List.<Callable<Response>>of(
                    () -> rotate(Api.caller(), made.id(), 1), () -> Api.caller().delete("/api/keys/" + made.id())));

            // Then
            assertThat(answers.getFirst().statusCode()).isIn(200, 409);
            assertThat(answers.getLast().statusCode()).isEqualTo(204);
            made.caller().get("/api/orders").then().statusCode(401);
            if (answers.getFirst().statusCode() == 200) {
                made(answers.getFirst()).caller().get("/api/orders").then().statusCode(401);
            }
        }
    }

    @Test
    void shouldTellNoSecretInAnswersAndLogs() {
        try (var log = LogCapture.ofAll()) {
            // When
            var made = made(create(body(client, "orders:read", "keys:write")));
            var wrong = made.key().substring(0, made.key().length() - 1);
            var answers = new ArrayList<Response>();
            answers.add(made.caller().get("/api/orders"));
            answers.add(made.caller().get("/api/keys"));
            answers.add(made.caller().get("/api/keys/" + made.id()));
            answers.add(given().header("X-API-Key", wrong).get("/api/keys"));
            answers.add(create(made.caller(), body(null, "ops:write")));
            answers.add(made.caller().get("/api/keys/" + made.key()));
            var rotated = made(rotate(made.caller(), made.id(), 1));
            sandbox.fault(Map.of("service", "dynamodb", "operation", "GetItem", "kind", "status", "status", 500));
            answers.add(rotated.caller().get("/api/orders"));
            sandbox.clearFaults();
            answers.add(Api.caller().delete("/api/keys/" + made.id()));
            answers.add(rotated.caller().get("/api/orders"));

            // Then
            assertThat(answers)
                    .extracting(Response::statusCode)
                    .containsExactly(200, 200, 200, 401, 403, 404, 503, 204, 401);
            var kept = table.get(made.id()).orElseThrow();
            assertThat(answers).extracting(Response::asString).allSatisfy(text -> assertThat(text)
                    .doesNotContain(
                            made.secret(),
                            rotated.secret(),
                            kept.secrets().getFirst().hash()));
            assertThat(log.text())
                    .contains("An API key could not be looked up")
                    .doesNotContain(made.secret(), rotated.secret(), wrong);
            assertThat(kept.toString()).doesNotContain(made.secret(), rotated.secret());
        }
    }

    @Test
    void shouldLetPeopleMakeKeysWhateverTheyShowedToComeIn() {
        // When
        var made = create(given().header(TestScopes.HEADER, "keys:write,orders:read"), body(null, "orders:read"));

        // Then
        made.then().statusCode(201).body("client", equalTo("tester")).body("createdBy", equalTo("tester"));
    }

    @Test
    void shouldKnowTheScopesThatTheContractNames() {
        // Then
        Api.caller()
                .accept(ContentType.JSON)
                .get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("components.schemas.Scope.enum", containsInAnyOrder(Identities.SCOPES.toArray()));
    }

    private String watchLookups(String id) {
        return sandbox.fault(Map.of(
                "service", "dynamodb", "operation", "GetItem", "matching", id, "kind", "latency", "delayMillis", 1));
    }

    private int struck(String fault) {
        return sandbox.faults().path(fault).path("struck").asInt();
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(calls).stream().map(Future::resultNow).toList();
        }
    }

    private static String body(String client, String... scopes) {
        return "{\"name\": \"Web shop\", " + (client == null ? "" : "\"client\": \"" + client + "\", ")
                + "\"scopes\": [\"" + String.join("\", \"", scopes) + "\"]}";
    }

    private static Response create(String body) {
        return create(Api.caller(), body);
    }

    private static Response create(RequestSpecification caller, String body) {
        return caller.contentType(ContentType.JSON).body(body).post("/api/keys");
    }

    private static Response rotate(RequestSpecification caller, String id, Integer overlapHours) {
        return caller.contentType(ContentType.JSON)
                .body(overlapHours == null ? "{}" : "{\"overlapHours\": " + overlapHours + "}")
                .post("/api/keys/" + id + "/rotate");
    }

    private static Made made(Response answer) {
        assertThat(answer.statusCode()).as(answer.asString()).isIn(200, 201);
        return new Made(answer.path("id"), answer.path("key"));
    }
}
