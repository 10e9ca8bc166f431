package io.orderflow;

import static io.orderflow.testing.Api.caller;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused at the door: with every violated field named in one go, and nothing left behind. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class BadInputTest {

    private SandboxClient sandbox;
    private String client;
    private int intents;

    @BeforeEach
    void setUp() {
        sandbox = SandboxResource.client();
        intents = intents();
        client = "bad-" + Api.newKey();
    }

    @Test
    void shouldNameEveryViolatedFieldOfShapeAndRulesInOneGo() {
        // When
        var answer = post("""
                {"customerId": "%s", "customerEmail": "none", "status": "paid",
                 "items": [{"id": "a", "name": "A\\u0001", "quantity": 0, "price": 1.005},
                           {"id": "a", "name": "<b>B</b>", "quantity": 1000000000, "price": -1}],
                 "totalAmount": 2.00, "currency": "USD",
                 "shippingAddress": {"street": "1 Main Street", "city": "Springfield", "country": "US"}}""".formatted(client));

        // Then
        answer.then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("title", equalTo("The request is not valid"))
                .body(
                        "errors.pointer",
                        hasItems(
                                "/customerName",
                                "/customerEmail",
                                "/status",
                                "/items/0/name",
                                "/items/0/quantity",
                                "/items/0/price",
                                "/items/1/id",
                                "/items/1/name",
                                "/items/1/quantity",
                                "/items/1/price"));
        assertThatNothingIsLeftBehind();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "true",
                "{\"customerId\": \"x\",}",
                "{\"a\": 1}{\"b\": 2}",
                "\u0000\u0001",
                "<?xml version=\"1.0\"?><order/>"
            })
    void shouldRefuseWhatIsNoJsonObject(String body) {
        // When
        var answer = post(body);

        // Then
        answer.then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:orderflow:problem:malformed-json"));
    }

    @Test
    void shouldRefuseTooManyItemsAndNone() {
        // Given
        var none = Api.order(client, "jane@example.com").replaceAll("(?s)\"items\": \\[.*?\\]", "\"items\": []");
        var line = "{\"id\": \"%d\", \"name\": \"A\", \"quantity\": 1, \"price\": 1}";
        var many = Api.order(client, "jane@example.com")
                .replaceAll(
                        "(?s)\"items\": \\[.*?\\]",
                        "\"items\": ["
                                + IntStream.range(0, 800)
                                        .mapToObj(line::formatted)
                                        .collect(Collectors.joining(","))
                                + "]");

        // Then
        post(none).then().statusCode(400).body("errors.pointer", hasItem("/items"));
        post(many).then().statusCode(400).body("errors.pointer", hasItem("/items"));
        assertThatNothingIsLeftBehind();
    }

    @ParameterizedTest
    @ValueSource(ints = {65 * 1024, 10 * 1024 * 1024})
    void shouldRefuseABodyThatIsTooLarge(int size) {
        // When
        var answer = post("{\"customerName\": \"" + "x".repeat(size) + "\"}");

        // Then
        answer.then()
                .statusCode(413)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:orderflow:problem:too-large"));
    }

    @Test
    void shouldRefuseAnotherMediaType() {
        // When
        var answer = caller().contentType(ContentType.XML).body("<order/>").post("/api/orders");

        // Then
        answer.then().statusCode(415).contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "naïve", "\t"})
    void shouldRefuseAnIdempotencyKeyThatIsNone(String key) {
        // When
        var answer = caller().header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(Api.order(client, "jane@example.com"))
                .post("/api/orders");

        // Then
        answer.then().statusCode(400).body("errors.pointer", hasItem("Idempotency-Key"));
    }

    @Test
    void shouldRefuseBadFilters() {
        // Then
        caller().urlEncodingEnabled(false)
                .get("/api/orders?status=lost&limit=0&customerId=a%20b")
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItems("status", "limit", "customerId"));
        caller().get("/api/orders?statsu=paid&limit=1&limit=2")
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItems("statsu", "limit"));
    }

    /** Well-formed Base64, as someone may make it: of null, of an empty and of an endless key. */
    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "bnVsbA", "eyJiZWZvcmUiOiIifQ", "eyJiZWZvcmUiOiJ4In0", "W10"})
    void shouldRefuseACursorThatWasNotGivenHere(String cursor) {
        // Then
        caller().get("/api/orders?cursor=" + cursor).then().statusCode(400).body("errors.pointer", hasItem("cursor"));
        caller().get("/api/orders?customerId=c&cursor=" + cursor).then().statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e-999999999", "1e999999999", "1e-99999999999", "1e99999999999", "1.8446744073709551617e19"})
    void shouldRefuseNumbersBeyondAllBounds(String number) {
        // Given
        var good = Api.order(client, "jane@example.com");

        // Then
        for (var field : new String[] {"\"price\": 12.50", "\"quantity\": 2", "\"totalAmount\": 25.00"}) {
            post(good.replace(field, field.split(":")[0] + ": " + number))
                    .then()
                    .statusCode(400);
        }
        post(good.replaceFirst("\\{", "{\"x\": " + number + ",")).then().statusCode(400);
        refund("{\"orderId\": \"00000000-0000-0000-0000-000000000000\", \"amount\": " + number + "}")
                .then()
                .statusCode(400);
        assertThatNothingIsLeftBehind();
    }

    @Test
    void shouldNameOnlyTheListWhenItIsTooLong() {
        // Given
        var items = "[" + "{},".repeat(9_999) + "{}]";

        // Then
        post("{\"items\": " + items + "}")
                .then()
                .statusCode(400)
                .body("errors.pointer.findAll { it.startsWith('/items') }", equalTo(List.of("/items")));
    }

    @Test
    void shouldRefuseACursorOfAListWithOtherFilters() {
        // Given
        var customer = "customer-" + Api.newKey();
        post(Api.order(customer, "jane@example.com"));
        post(Api.order(customer, "jane@example.com"));
        var cursor = caller().get("/api/orders?limit=1&customerId=" + customer).<String>path("nextCursor");

        // Then
        assertThat(cursor).isNotNull();
        caller().get("/api/orders?limit=1&cursor=" + cursor).then().statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/orders/unknown",
                "/api/orders/00000000-0000-0000-0000-000000000000",
                "/api/orders/calendar%2Fdefault",
                "/api/orders/lease%2Fgoogle-sheets",
                "/api/orders/..%2F..%2Fetc",
                "/api/orders/x/timeline",
                "/api/nothing"
            })
    void shouldKnowNothingOfWhatDoesNotExist(String path) {
        // Then
        caller().urlEncodingEnabled(false).get(path).then().statusCode(404).contentType("application/problem+json");
    }

    @Test
    void shouldRefuseWhoeverHasNoKey() {
        // Then
        given().get("/api/orders")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", not(nullValue()));
        given().header("X-API-Key", SandboxResource.API_KEY + "x")
                .get("/api/orders")
                .then()
                .statusCode(401);
        given().contentType(ContentType.JSON)
                .body(Api.order(client, "jane@example.com"))
                .post("/api/orders")
                .then()
                .statusCode(401);
        given().get("/q/metrics").then().statusCode(401);
        given().get("/q/health").then().statusCode(200);
        assertThatNothingIsLeftBehind();
    }

    @Test
    void shouldRefuseMethodsThatNoOperationHas() {
        // Then
        caller().put("/api/orders").then().statusCode(405).contentType("application/problem+json");
    }

    @Test
    void shouldRefuseChangesThatAreNone() {
        // Given
        var id = post(Api.order(client, "jane@example.com")).<String>path("id");

        // Then
        patch(id, "{}").then().statusCode(400);
        patch(id, "{\"status\": \"paid\"}").then().statusCode(400).body("errors.pointer", hasItem("/status"));
        patch(id, "{\"status\": \"shipped\", \"paymentStatus\": \"succeeded\"}")
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItem("/paymentStatus"));
        patch(id, "{\"status\": \"shipped\"}").then().statusCode(409);
        Api.get(id).then().body("status", equalTo("pending"));
    }

    @Test
    void shouldRefuseRefundsThatAreNone() {
        // Given
        var id = post(Api.order(client, "jane@example.com")).<String>path("id");

        // Then
        refund("{\"orderId\": \"" + id + "\", \"amount\": 0}")
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItem("/amount"));
        refund("{\"orderId\": \"" + id + "\", \"amount\": 0.001}")
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItem("/amount"));
        refund("{\"orderId\": \"" + id + "\", \"reason\": \"none\"}")
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItem("/reason"));
        refund("{\"orderId\": \"" + id + "\"}").then().statusCode(409);
        refund("{\"orderId\": \"00000000-0000-0000-0000-000000000000\"}").then().statusCode(404);
    }

    /** Orders with one thing changed at random, seeded: nothing that comes in makes this side fail. */
    @Test
    void shouldNeverAnswerWith5xxWhateverComesIn() {
        // Given
        var random = new Random(20261122);
        var good = Api.order(client, "jane@example.com");
        var pieces = new String[] {
            "null",
            "-1",
            "1e400",
            "0.1",
            "\"\"",
            "\"\\ud800\"",
            "{}",
            "[]",
            "true",
            "\"%s%n${jndi:x}\"",
            "\"x\\n\"",
            "99999999999999",
            "1e-999999999",
            "1e99999999999",
            "1.8446744073709551617e19"
        };
        var value = Pattern.compile("(?<=: )(\"[^\"]*\"|[0-9.]+)");
        var values = value.matcher(good).results().toList();

        // Then
        for (int i = 0; i < 300; i++) {
            var at = random.nextInt(good.length());
            var body =
                    switch (random.nextInt(3)) {
                        case 0 -> good.substring(0, at);
                        case 1 -> good.substring(0, at) + (char) random.nextInt(0x250) + good.substring(at + 1);
                        default -> {
                            var one = values.get(random.nextInt(values.size()));
                            yield good.substring(0, one.start())
                                    + pieces[random.nextInt(pieces.length)]
                                    + good.substring(one.end());
                        }
                    };
            assertThat(post(body).statusCode()).as(body).isIn(201, 202, 400);
        }
    }

    private Response post(String body) {
        return caller().contentType("application/json").body(body).post("/api/orders");
    }

    private static Response patch(String id, String body) {
        return caller().header("If-Match", "*")
                .contentType(ContentType.JSON)
                .body(body)
                .patch("/api/orders/" + id);
    }

    private static Response refund(String body) {
        return caller().header("Idempotency-Key", Api.newKey())
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/payments/refund");
    }

    private void assertThatNothingIsLeftBehind() {
        caller().get("/api/orders?customerId=" + client).then().body("orders", empty());
        assertThat(intents()).isEqualTo(intents);
    }

    private int intents() {
        return sandbox.effects("stripe").path("paymentIntents").size();
    }
}
