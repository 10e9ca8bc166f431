package io.orderflow.deadletter;

import static io.orderflow.testing.Api.caller;
import static io.orderflow.testing.DeadLetterOrders.letter;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.orderflow.delivery.Integrations;
import io.orderflow.domain.Claim;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.Orders;
import io.orderflow.domain.Outcome;
import io.orderflow.domain.PaymentRules;
import io.orderflow.domain.PaymentSnapshot;
import io.orderflow.domain.Task;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.testing.Api;
import io.orderflow.testing.DeadLetterOrders;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.orderflow.testing.TestScopes;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator finds of what was given up, and does about one letter. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class DeadLettersTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    /** After this a queue gives a message again that was not taken off. */
    private static final Duration COMES_BACK = Duration.ofSeconds(150);

    private static final String UNKNOWN = "0f8fad5b-d9cb-469f-a165-70867728950e-1.sendgrid";

    @Inject
    DeadLetterOrders deadLetters;

    @Inject
    OrderTable orders;

    @Inject
    Letters letters;

    @Inject
    Integrations integrations;

    @Inject
    ProducerTemplate camel;

    private SandboxClient sandbox;
    private String cause;

    @BeforeEach
    void setUp() {
        sandbox = SandboxResource.client();
        cause = Api.newKey();
    }

    @AfterEach
    void healAll() {
        sandbox.clearFaults();
    }

    @Test
    void shouldLeaveANoticeThatSaysWhatHappenedWhereAndHowOften() {
        // Given
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 400));

        // When
        var id = Api.place(Api.order()).<String>path("id");

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "sendgrid"))
                .isEqualTo("dead"));
        assertThat(sandbox.effects("sqs").toString().replace("\\", ""))
                .contains("\"id\":\"" + id + "-1.sendgrid\"")
                .contains("\"correlationId\":\"" + id + "\"")
                .contains("\"routeId\":\"sendgrid\"")
                .contains("\"end\":\"refused\"")
                .contains("\"attempts\":1");
    }

    @Test
    void shouldGroupByIntegrationAndCause() {
        // Given
        var old = bury(cause, Duration.ofHours(2));
        var young = bury(cause, Duration.ofHours(1));
        bury(cause + "-other", Duration.ofHours(1));

        // Then
        await().atMost(SOON).untilAsserted(() -> caller().get("/api/dead-letters/groups")
                .then()
                .statusCode(200)
                .body("complete", equalTo(true))
                .rootPath("groups.find { it.cause == '%s' }".formatted(cause))
                .body("integration", equalTo("sendgrid"))
                .body("count", equalTo(2))
                .body("oldest", startsWith(old.createdAt().toString().substring(0, 19)))
                .body("newest", startsWith(young.createdAt().toString().substring(0, 19)))
                .body("example.orderId", equalTo(young.id()))
                .body("example.reason", equalTo("400 Refused")));
    }

    @Test
    void shouldWalkThroughAGroupPageByPage() {
        // Given
        var ids = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            ids.add(letter(bury(cause, Duration.ofHours(1))));
        }
        awaitListed(7);

        // When
        var seen = new ArrayList<String>();
        String cursor = null;
        do {
            var page = caller().queryParam("integration", "sendgrid")
                    .queryParam("cause", cause)
                    .queryParam("limit", 2)
                    .queryParams(cursor == null ? Map.of() : Map.of("cursor", cursor))
                    .get("/api/dead-letters");
            page.then().statusCode(200);
            seen.addAll(page.path("deadLetters.id"));
            cursor = page.path("nextCursor");
        } while (cursor != null);

        // Then
        assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void shouldListEveryDeadLetterOfOneOrder() {
        // Given: the index names an order once
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 400));
        var id = Api.place(Api.order()).<String>path("id");
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.created", "sendgrid"), "dead"::equals);
        caller().delete("/api/orders/" + id);
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.cancelled", "sendgrid"), "dead"::equals);

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(all("sendgrid", "http-400"))
                .contains(id + "-1.sendgrid", id + "-2.sendgrid"));
    }

    @Test
    void shouldShowALetterWithAllThatIsKnown() {
        // Given
        var order = bury(cause, Duration.ofHours(1));

        // Then
        get(letter(order))
                .then()
                .statusCode(200)
                .body("deadLetter.state", equalTo("dead"))
                .body("deadLetter.attempts", equalTo(1))
                .body("deadLetter.eventType", equalTo("order.created"))
                .body("routeId", equalTo("sendgrid"))
                .body("correlationId", equalTo(order.id()))
                .body("order.status", equalTo("pending"))
                .body("event.deliveries.integration", hasItems("sendgrid", "sns", "stripe"))
                .body("replay.willBeSent", equalTo(true))
                .body("replay.skipped.integration", contains("sns", "stripe"))
                .body("actions", hasSize(0));
    }

    @Test
    void shouldSayWhatAReplayWouldDoAndDoNothing() {
        // Given
        var dead = bury(cause, Duration.ofHours(2));
        var abandoned = bury(cause, Duration.ofHours(1));
        abandon(letter(abandoned), "No").then().statusCode(200);

        // When
        var named = preview(Map.of("ids", List.of(letter(dead), letter(abandoned), UNKNOWN)));

        // Then
        named.then()
                .statusCode(200)
                .body("total", equalTo(3))
                .body("willBeSent", equalTo(1))
                .body("willNotBeSent", equalTo(2))
                .body("letters.id", contains(letter(dead), letter(abandoned), UNKNOWN))
                .body("letters[0].skipped.integration", contains("sns", "stripe"))
                .body("letters.reason", contains(null, "It was abandoned.", "There is no such dead letter."));
        await().atMost(SOON).untilAsserted(() -> preview(Map.of("integration", "sendgrid", "cause", cause))
                .then()
                .body("total", equalTo(1))
                .body("letters.id", contains(letter(dead))));
        get(letter(dead)).then().body("deadLetter.state", equalTo("dead"));
    }

    @Test
    void shouldCorrectAMailAddressAndSendTheMailThere() {
        // Given
        var order = bury(cause, "no address", Duration.ofDays(20));
        var key = Api.newKey();
        var correction = Map.of("customerEmail", "joe@example.org", "reason", "Mistyped");

        // When
        var corrected = correct(letter(order), key, correction);
        var repeated = correct(letter(order), key, correction);
        var other = correct(letter(order), key, Map.of("customerEmail", "joe@example.com", "reason", "Mistyped"));

        // Then
        corrected
                .then()
                .statusCode(200)
                .body("order.customerEmail", equalTo("joe@example.org"))
                .body("order.version", equalTo(2))
                .body("actions.what", contains("corrected"))
                .body("actions.by", contains("default/bootstrap"))
                .body("actions.reason", contains("Mistyped"))
                .body("actions[0].changes.customerEmail", equalTo("n*** → j***@example.org"));
        repeated.then().statusCode(200).body("actions", hasSize(1)).body("order.version", equalTo(2));
        other.then().statusCode(422).body("errors[0].pointer", equalTo("Idempotency-Key"));
        await().atMost(SOON).untilAsserted(() -> {
            get(letter(order)).then().body("deadLetter.state", equalTo("done"));
            assertThat(sandbox.effects("sendgrid").toString()).contains("joe@example.org");
            assertThat(sandbox.mailsOf(order.id())).containsExactly("order.created");
            assertThat(sandbox.rowsOf(order.id())).hasSize(1);
        });
        Api.timeline(order.id()).then().body("actions[0].what", equalTo("corrected"));
    }

    @Test
    void shouldSendAMailThatBouncedToTheRightAddress() {
        // Given
        var id = Api.place(Api.order("customer-1", "bounce@example.com")).<String>path("id");
        var letter = id + "-1.sendgrid";
        await().atMost(SOON)
                .untilAsserted(() -> get(letter).then().statusCode(200).body("deadLetter.state", equalTo("done")));
        var same = Map.of("customerEmail", "bounce@example.com", "reason", "Again");

        // When
        var again = correct(letter, Api.newKey(), same);
        var corrected =
                correct(letter, Api.newKey(), Map.of("customerEmail", "jane@example.com", "reason", "Mistyped"));

        // Then
        again.then().statusCode(409);
        corrected.then().statusCode(200);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(sandbox.mailsOf(id)).containsExactly("order.created", "order.created");
            assertThat(Api.deliveryState(id, "order.created", "sendgrid")).isEqualTo("done");
        });
        correct(letter, Api.newKey(), Map.of("customerEmail", "joe@example.com", "reason", "Once more"))
                .then()
                .statusCode(409);
    }

    @Test
    void shouldCorrectNothingOfALetterThatIsNotDead() {
        // Given
        var order = bury(cause, Duration.ofHours(1));
        abandon(letter(order), "No").then().statusCode(200);

        // When
        var answer = correct(letter(order), Api.newKey(), Map.of("customerEmail", "joe@example.org", "reason", "x"));

        // Then
        answer.then().statusCode(409).body("detail", equalTo("It was abandoned."));
        Api.get(order.id()).then().body("customerEmail", equalTo("jane@example.com"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"customerEmail": "none", "reason": "x"}                     | /customerEmail
            {"customerEmail": "jane@example.com"}                        | /reason
            {"reason": "x"}                                              | ''
            {"customerEmail": "a@example.com", "reason": "x", "total": 1} | /total
            {"shippingAddress": {"street": "1", "city": "X", "country": "ZZ"}, "reason": "x"} | /shippingAddress/country
            {"shippingAddress": {"street": "1"}, "reason": "x"}          | /shippingAddress/city
            {"customerEmail": "a@example.com", "reason": ""}             | /reason
            """)
    void shouldTakeOnlyWhatANewOrderWouldTake(String body, String pointer) {
        // Given
        var order = bury(cause, Duration.ofHours(1));

        // When
        var answer = caller().contentType(ContentType.JSON)
                .header("Idempotency-Key", Api.newKey())
                .body(body)
                .post("/api/dead-letters/" + letter(order) + "/correct");

        // Then
        answer.then().statusCode(400).body("errors.pointer", hasItem(pointer));
        get(letter(order)).then().body("deadLetter.state", equalTo("dead"));
    }

    @Test
    void shouldAbandonWithAReasonOnce() {
        // Given
        var order = bury(cause, Duration.ofHours(1));
        awaitListed(1);

        // When
        var abandoned = abandon(letter(order), "Called the customer");
        var again = abandon(letter(order), "Once more");

        // Then
        abandoned
                .then()
                .statusCode(200)
                .body("deadLetter.state", equalTo("abandoned"))
                .body("actions.reason", contains("Called the customer"));
        again.then().statusCode(200).body("actions", hasSize(1));
        assertThat(Api.deliveryState(order.id(), "order.created", "sendgrid")).isEqualTo("abandoned");
        Api.timeline(order.id()).then().body("actions.what", contains("abandoned"));
        awaitListed(0);
        assertThat(orders.get(order.id()).orElseThrow().actions()).hasSize(1);
    }

    @Test
    void shouldAbandonNothingThatIsNotDead() {
        // Given
        var order = bury(cause, Duration.ofHours(1));
        correct(letter(order), Api.newKey(), Map.of("customerEmail", "joe@example.org", "reason", "x"))
                .then()
                .statusCode(200);

        // Then
        abandon(letter(order), "Too late").then().statusCode(409);
    }

    @Test
    void shouldNotAbandonARefundThatWasPerhapsMade() {
        // Given
        var order = refundIs(new Outcome.Buried("socket-timeout", "Lost", Outcome.End.UNKNOWN));
        var letter = order.events().getLast().id() + ".stripe";

        // Then
        abandon(letter, "Never mind")
                .then()
                .statusCode(409)
                .body("detail", startsWith("Whether Stripe has made this refund is unknown. Replay it"));
        get(letter).then().body("deadLetter.state", equalTo("dead"));
    }

    @Test
    void shouldFreeTheAmountOfARefundThatIsAbandoned() {
        // Given
        var order = refundIs(new Outcome.Buried("http-503", "Down", Outcome.End.EXHAUSTED));

        // When
        abandon(order.events().getLast().id() + ".stripe", "Given back in cash")
                .then()
                .statusCode(200);

        // Then
        assertThat(orders.get(order.id()).orElseThrow().payment().committed()).isZero();
    }

    @Test
    void shouldKeepMessagesThatNobodyCanReadAndSendThemAgain() {
        // Given
        var text = "no JSON " + cause;

        // When
        send(text);

        // Then
        var id = awaitMessage(text);
        get(id).then()
                .body("message", equalTo(text))
                .body("deadLetter.integration", equalTo("order-queue"))
                .body("deadLetter.cause", equalTo("unreadable"))
                .body("replay.willBeSent", equalTo(true));
        assertThat(sandbox.effects("sqs").toString()).contains(cause);
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(
                        sandbox.alertsOf("order-queue", "unreadable"))
                .isNotEmpty()
                .extracting(alert -> alert.path("example").asText())
                .allSatisfy(told -> assertThat(told).startsWith("Message ").endsWith("says why")));

        // When
        caller().contentType(ContentType.JSON)
                .header("Idempotency-Key", Api.newKey())
                .body(Map.of("ids", List.of(id), "reason", "Readable now"))
                .post("/api/dead-letters/replays")
                .then()
                .statusCode(201);

        // Then: it is still not readable, and so a new letter
        await().atMost(SOON).untilAsserted(() -> get(id).then()
                .body("deadLetter.state", equalTo("done"))
                .body("actions.what", contains("replayed"))
                .body("replay.willBeSent", equalTo(false)));
        var next = awaitMessage(text);
        assertThat(next).isNotEqualTo(id);
        abandon(next, "Nobody knows who sent it").then().statusCode(200).body("deadLetter.state", equalTo("abandoned"));
        correct(next, Api.newKey(), Map.of("customerEmail", "joe@example.org", "reason", "x"))
                .then()
                .statusCode(409);
    }

    @Test
    void shouldKeepAMessageOnTheQueueWhileItsDeadLetterCannotBeWritten() {
        // Given
        var text = "no JSON " + cause;
        var fault =
                sandbox.fault(Map.of("service", "dynamodb", "operation", "PutItem", "kind", "status", "status", 400));

        // When: the notice is written before the letter
        send(text);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(sandbox.effects("sqs").toString()).contains(cause));
        assertThat(all("order-queue", "unreadable"))
                .allSatisfy(id -> assertThat(get(id).<String>path("message")).isNotEqualTo(text));
        sandbox.endFault(fault);

        // Then
        awaitMessage(text, COMES_BACK);
    }

    @Test
    void shouldNotHideAGroupBehindALargeOne() {
        // Given: the keys of both come first among those of the integration
        var large = new Letter.Group("sendgrid", "!a" + cause);
        var small = new Letter.Group("sendgrid", "!b" + cause);
        for (int i = 0; i < 40; i++) {
            bury(large.cause(), Duration.ofHours(1));
        }
        for (int i = 0; i < 3; i++) {
            bury(small.cause(), Duration.ofHours(1));
        }
        await().atMost(SOON).until(() -> all("sendgrid", small.cause()).size(), Integer.valueOf(3)::equals);
        var seen = new HashSet<Letter.Group>();
        var found = new ArrayList<Letter>();

        // When
        var complete = letters.walkAll(8, some -> some.forEach(letter -> seen.add(letter.group())));
        letters.walkGroup(small, 32, found::addAll);

        // Then
        assertThat(complete).isFalse();
        assertThat(seen).contains(large, small);
        assertThat(found).hasSize(3).allSatisfy(letter -> assertThat(letter.group())
                .isEqualTo(small));
    }

    @Test
    void shouldFindAGroupAlsoInOrdersThatAreListedUnderAnother() {
        // Given
        var all = new ArrayList<Letter>();
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 400));
        var id = Api.place(Api.order()).<String>path("id");
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.created", "sendgrid"), "dead"::equals);
        sandbox.clearFaults();
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 413));
        caller().delete("/api/orders/" + id);
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.cancelled", "sendgrid"), "dead"::equals);

        // When
        letters.walkGroup(new Letter.Group("sendgrid", "http-413"), 2000, all::addAll);

        // Then
        assertThat(all).extracting(letter -> letter.id().toString()).contains(id + "-2.sendgrid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0001", " ", "", "\uffff\uffff", "öööööööööööööööööööööööööööööööööööööööööööööööööö"})
    void shouldFindNothingUnderANameThatNothingHas(String name) {
        // Given
        var long200 = name.repeat(200).substring(0, Math.min(200, 200 * name.length()));

        // Then
        caller().queryParams("integration", name, "cause", "x")
                .get("/api/dead-letters")
                .then()
                .statusCode(200);
        caller().queryParams("integration", long200, "cause", long200)
                .get("/api/dead-letters")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({"integration, cause, 201", "cause, integration, 201", "cursor, '', 1001"})
    void shouldTakeNoLongerParametersThanTheContractSays(String name, String other, int length) {
        // Given
        var query = new HashMap<>(Map.of(name, "a".repeat(length)));
        if (!other.isEmpty()) {
            query.put(other, "x");
        }

        // Then
        caller().queryParams(query)
                .get("/api/dead-letters")
                .then()
                .statusCode(400)
                .body("errors.pointer", contains(name));
    }

    @Test
    void shouldNotGoOnBehindTheEndOfTheIndex() {
        // Given
        var forged = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("0\n\uffff\uffff".getBytes(StandardCharsets.UTF_8));

        // Then
        caller().queryParam("cursor", forged)
                .get("/api/dead-letters")
                .then()
                .statusCode(400)
                .body("errors.pointer", contains("cursor"));
    }

    @Test
    void shouldListAndReplayWhatStaysUnknown() {
        // Given
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "lost-answer", "times", 2));
        sandbox.fault(Map.of("service", "sendgrid", "kind", "webhook-lost"));
        var id = Api.place(Api.order()).<String>path("id");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> get(id + "-1.sendgrid").then().statusCode(200));
        var why = get(id + "-1.sendgrid").<String>path("deadLetter.cause");

        // Then
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(all("sendgrid", why)).contains(id + "-1.sendgrid"));
        get(id + "-1.sendgrid")
                .then()
                .body("deadLetter.state", equalTo("unknown"))
                .body("replay.willBeSent", equalTo(true))
                .body("replay.warnings", contains(startsWith("It may have had its effect")));
        abandon(id + "-1.sendgrid", "The customer has it")
                .then()
                .statusCode(200)
                .body("deadLetter.state", equalTo("abandoned"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-such-letter",
                UNKNOWN,
                "0f8fad5b-d9cb-469f-a165-70867728950e.order-queue",
                "%2e%2e.sendgrid",
                "0f8fad5b-d9cb-469f-a165-70867728950e-1"
            })
    void shouldKnowOnlyWhatIsOrWasALetter(String id) {
        // Then
        caller().urlEncodingEnabled(false)
                .get("/api/dead-letters/" + id)
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
        abandon(id, "x").then().statusCode(404);
    }

    @Test
    void shouldNotCallADeliveryALetterThatNeverWasOne() {
        // Given
        var order = bury(cause, Duration.ofHours(1));

        // Then
        get(order.events().getFirst().id() + ".sns").then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=101, limit",
        "cursor=x, cursor",
        "cursor=OTk5Cg, cursor",
        "integration=sendgrid, cause",
        "cause=http-400, integration",
        "status=dead, status"
    })
    void shouldNameEveryParameterThatIsWrong(String query, String pointer) {
        // Then
        caller().get("/api/dead-letters?" + query).then().statusCode(400).body("errors.pointer", contains(pointer));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/dead-letters, ops:read",
        "GET, /api/dead-letters/groups, ops:read",
        "GET, /api/dead-letters/" + UNKNOWN + ", ops:read",
        "GET, /api/dead-letters/replays, ops:read",
        "POST, /api/dead-letters/preview, ops:read",
        "POST, /api/dead-letters/replays, ops:write",
        "POST, /api/dead-letters/" + UNKNOWN + "/abandon, ops:write",
        "POST, /api/dead-letters/" + UNKNOWN + "/correct, ops:write",
        "POST, /api/dead-letters/replays/0f8fad5b-d9cb-469f-a165-70867728950e/stop, ops:write"
    })
    void shouldDenyWhoHasNotTheScope(String method, String path, String scope) {
        // Given
        var others =
                List.of("ops:read", "ops:write", "orders:read", "orders:write", "payments:write", "keys:write").stream()
                        .filter(other -> !other.equals(scope))
                        .toList();

        // Then
        request(String.join(",", others), method, path).then().statusCode(403).contentType("application/problem+json");
        request(scope, method, path).then().statusCode(not(403));
        given().contentType(ContentType.JSON)
                .body("{}")
                .request(method, path)
                .then()
                .statusCode(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE"})
    void shouldSayWhichMethodsThereAre(String method) {
        // Then
        caller().request(method, "/api/dead-letters/groups")
                .then()
                .statusCode(405)
                .header("Allow", equalTo("GET, HEAD"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void shouldForbidNobodyWhatNobodyCanDo(String method) {
        // Then
        caller().request(method, "/api/dead-letters/preview").then().statusCode(anyOf(equalTo(404), equalTo(405)));
        given().request(method, "/api/dead-letters/preview").then().statusCode(401);
    }

    private static Response request(String scopes, String method, String path) {
        var request = given().header(TestScopes.HEADER, scopes);
        return (method.equals("POST") ? request.contentType(ContentType.JSON).body("{}") : request)
                .request(method, path);
    }

    /** A paid order of whose refund this came; all else is done. */
    private Order refundIs(Outcome outcome) {
        var now = Instant.now();
        var subscriptions = integrations.subscriptions();
        var accepted = Order.accepted(OrderId.random(), "default", "fingerprint", Orders.details(), now);
        var paid = PaymentRules.observe(
                PaymentRules.opened(accepted, "pi_1", now),
                Orders.snapshot(PaymentSnapshot.IntentStatus.SUCCEEDED),
                now);
        var requested = ((PaymentRules.RefundDecision.Accepted)
                        PaymentRules.requestRefund(paid, "refund-1", 1000L, null, now))
                .order();
        var claimed = DeliveryRules.claim(
                        requested, subscriptions, each -> true, new Claim("a", now.plusSeconds(60)), now)
                .orElseThrow();
        var refund = new Task(requested.events().getLast().id(), "stripe");
        var outcomes = claimed.tasks().stream()
                .collect(Collectors.toMap(
                        task -> task, task -> task.equals(refund) ? outcome : new Outcome.Done("none")));
        var settled = DeliveryRules.settle(claimed.order(), "a", outcomes, subscriptions, now);
        orders.create(settled);
        return settled;
    }

    private Order bury(String why, Duration age) {
        return bury(why, "jane@example.com", age);
    }

    private Order bury(String why, String email, Duration age) {
        return deadLetters.bury(why, email, age);
    }

    private void send(String text) {
        camel.sendBody("direct:send-to-order-queue", text);
    }

    /** The letter of a message that is dead now. */
    private String awaitMessage(String text) {
        return awaitMessage(text, SOON);
    }

    private String awaitMessage(String text, Duration patience) {
        return await().atMost(patience)
                .until(
                        () -> all("order-queue", "unreadable").stream()
                                .filter(id -> text.equals(get(id).path("message")))
                                .findFirst()
                                .orElse(null),
                        id -> id != null);
    }

    private void awaitListed(int count) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(all("sendgrid", cause)).hasSize(count));
    }

    private static List<String> all(String integration, String cause) {
        var found = new ArrayList<String>();
        String cursor = null;
        do {
            var page = caller().queryParams("integration", integration, "cause", cause, "limit", 100)
                    .queryParams(cursor == null ? Map.of() : Map.of("cursor", cursor))
                    .get("/api/dead-letters");
            found.addAll(page.path("deadLetters.id"));
            cursor = page.path("nextCursor");
        } while (cursor != null);
        return found;
    }

    private static Response get(String id) {
        return caller().get("/api/dead-letters/" + id);
    }

    private static Response preview(Map<String, ?> selection) {
        return caller().contentType(ContentType.JSON).body(selection).post("/api/dead-letters/preview");
    }

    private static Response correct(String id, String key, Map<String, ?> correction) {
        return caller().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(correction)
                .post("/api/dead-letters/" + id + "/correct");
    }

    private static Response abandon(String id, String reason) {
        return caller().urlEncodingEnabled(false)
                .contentType(ContentType.JSON)
                .body(Map.of("reason", reason))
                .post("/api/dead-letters/" + id + "/abandon");
    }
}
