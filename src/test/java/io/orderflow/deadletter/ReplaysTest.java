package io.orderflow.deadletter;

import static io.orderflow.testing.Api.caller;
import static io.orderflow.testing.DeadLetterOrders.letter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.orderflow.domain.Action;
import io.orderflow.domain.DeadLetterRules;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.ReplayJob;
import io.orderflow.domain.UnreadableMessage;
import io.orderflow.ledger.MessageTable;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.ledger.ReplayTable;
import io.orderflow.testing.Api;
import io.orderflow.testing.DeadLetterOrders;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Replays on the real routes: in stages, of what was frozen, once each, whatever ends in between. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class ReplaysTest {

    private static final Duration SOON = Duration.ofSeconds(40);

    @Inject
    DeadLetterOrders deadLetters;

    @Inject
    OrderTable orders;

    @Inject
    ReplayTable table;

    @Inject
    Replays replays;

    @Inject
    MessageTable messages;

    @Inject
    DynamoDbClient dynamo;

    @ConfigProperty(name = "ORDERS_TABLE")
    String ordersTable;

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
    void shouldReplayWhatWasSelectedAtTheClickOnceEach() {
        // Given
        var selected = buried(15);
        awaitListed(15);
        var key = Api.newKey();
        var body = Map.of("integration", "sendgrid", "cause", cause, "reason", "The sender is verified again");

        // When
        var created = replay(key, body);
        var late = deadLetters.bury(cause, "jane@example.com", Duration.ofHours(1));
        var repeated = replay(key, body);
        var other = replay(key, Map.of("integration", "sendgrid", "cause", cause, "reason", "Another reason"));

        // Then
        created.then()
                .statusCode(201)
                .header("Location", "/api/dead-letters/replays/" + created.path("id"))
                .body("total", equalTo(15))
                .body("state", equalTo("running"));
        repeated.then().statusCode(200).body("id", equalTo(created.path("id"))).body("total", equalTo(15));
        other.then().statusCode(422).body("errors[0].pointer", equalTo("Idempotency-Key"));
        awaitEnd(created.path("id"))
                .then()
                .body("state", equalTo("done"))
                .body("done", equalTo(15))
                .body("failed", equalTo(0))
                .body("open", equalTo(0))
                .body("stage", equalTo(3))
                .body("endedBy", nullValue());
        assertThat(selected).allSatisfy(order -> {
            assertThat(sandbox.mailsOf(order.id())).containsExactly("order.created");
            assertThat(mail(order).attemptCount()).isEqualTo(2);
            assertThat(orders.get(order.id()).orElseThrow().actions()).hasSize(1);
        });
        assertThat(mail(late).state()).isEqualTo(Delivery.State.DEAD);
        caller().get("/api/dead-letters/replays").then().body("replays.id", hasItem(created.<String>path("id")));
    }

    @Test
    void shouldStopByItselfAtAStageThatFails() {
        // Given: SendGrid refuses the fifth of them
        var all = new ArrayList<Order>();
        for (int i = 0; i < 15; i++) {
            var email = i == 4 ? "no address" : "jane@example.com";
            all.add(deadLetters.bury(cause, email, Duration.ofMinutes(100 - i)));
        }
        awaitListed(15);

        // When
        var created = replay(Api.newKey(), Map.of("integration", "sendgrid", "cause", cause, "reason", "Try again"));

        // Then
        awaitEnd(created.path("id"))
                .then()
                .body("state", equalTo("stopped"))
                .body("stage", equalTo(2))
                .body("done", equalTo(10))
                .body("failed", equalTo(1))
                .body("taken", equalTo(11))
                .body("findings.id", contains(letter(all.get(4))))
                .body("endedBecause", startsWith("Stage 2 failed at " + letter(all.get(4)) + ": It is dead again"))
                .body("endedBy", nullValue());
        assertThat(all.subList(11, 15))
                .allSatisfy(order -> assertThat(mail(order).state()).isEqualTo(Delivery.State.DEAD));
        assertThat(mail(all.get(4)).state()).isEqualTo(Delivery.State.DEAD);
    }

    @Test
    void shouldStopAtAFailedAttemptThoughItMayHeal() {
        // Given
        var all = buried(3);
        awaitListed(3);
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 503));

        // When
        var created = replay(Api.newKey(), Map.of("integration", "sendgrid", "cause", cause, "reason", "Try again"));

        // Then
        awaitEnd(created.path("id"))
                .then()
                .body("state", equalTo("stopped"))
                .body("stage", equalTo(1))
                .body("taken", equalTo(1));
        assertThat(mail(all.get(1)).state()).isEqualTo(Delivery.State.DEAD);
        sandbox.clearFaults();
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(sandbox.mailsOf(all.getFirst().id())).containsExactly("order.created"));
    }

    @Test
    void shouldBeStoppedByAPerson() {
        // Given
        var all = buried(3);
        awaitListed(3);
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "latency", "delayMillis", 1500));
        var created = replay(Api.newKey(), Map.of("integration", "sendgrid", "cause", cause, "reason", "Try again"));

        // When
        var stopped = stop(created.path("id"), "The wrong ones");
        var again = stop(created.path("id"), "Once more");

        // Then
        stopped.then()
                .statusCode(200)
                .body("state", equalTo("stopped"))
                .body("endedBy", equalTo("default/bootstrap"))
                .body("endedBecause", equalTo("The wrong ones"));
        again.then().statusCode(200).body("endedBecause", equalTo("The wrong ones"));
        sandbox.clearFaults();
        awaitEnd(created.path("id")).then().body("failed", equalTo(0));
        assertThat(mail(all.get(1)).state()).isEqualTo(Delivery.State.DEAD);
        assertThat(mail(all.get(2)).state()).isEqualTo(Delivery.State.DEAD);
    }

    @Test
    void shouldTakeOverFromAnInstanceThatEndedAndSendNothingTwice() {
        // Given: it had the first letter delivered again, and ended before it wrote that down
        var all = buried(2);
        var id = OrderId.random();
        var letters = all.stream().map(DeadLetterOrders::letter).toList();
        var request = new ReplayJob.Request("shop", "Why", "fingerprint", Instant.now());
        var job = ReplayJob.accepted(id, request, "frozen", 2)
                .heldBy("an instance that ended", Instant.now().plusSeconds(1));
        orders.update(all.getFirst().id(), order -> DeadLetterRules.replayed(order, action(order, id)));

        // When
        table.create(job, letters);

        // Then
        awaitEnd(id).then().body("state", equalTo("done")).body("done", equalTo(2));
        assertThat(all).allSatisfy(order -> {
            assertThat(sandbox.mailsOf(order.id())).containsExactly("order.created");
            assertThat(mail(order).attemptCount()).isEqualTo(2);
        });
    }

    @Test
    void shouldWatchWhatWasSentByOneThatEndedOfAReplayThatWasStopped() {
        // Given: it had the first letter delivered again, and ended before it wrote that down
        var all = buried(2);
        var id = OrderId.random();
        var letters = all.stream().map(DeadLetterOrders::letter).toList();
        var job = held(id, 2, "an instance that ended", Instant.now().plusSeconds(1))
                .stopped("shop", "The wrong ones", Instant.now());
        orders.update(all.getFirst().id(), order -> DeadLetterRules.replayed(order, action(order, id)));

        // When
        table.create(job, letters);

        // Then
        await().atMost(SOON).untilAsserted(() -> caller().get("/api/dead-letters/replays/" + id)
                .then()
                .body("state", equalTo("stopped"))
                .body("done", equalTo(1))
                .body("open", equalTo(0)));
        assertThat(mail(all.getLast()).state()).isEqualTo(Delivery.State.DEAD);
    }

    @Test
    void shouldLeaveToItsHolderWhatAnotherHolds() {
        // Given
        var order = buried(1).getFirst();
        var job = held(OrderId.random(), 1, "first", Instant.now().plusSeconds(3600));
        var stored = table.create(job, List.of(letter(order)));

        // Then
        assertThat(replays.begin(job.id())).isNull();
        assertThat(table.get(job.id()).orElseThrow().holder()).isEqualTo("first");
        assertThat(table.replace(stored, stored.heldBy("second", Instant.now().plusSeconds(3600))))
                .isPresent();
        assertThat(table.replace(stored, stored.heldBy("third", Instant.now().plusSeconds(3600))))
                .isEmpty();
    }

    @Test
    void shouldSendNothingMoreOfALookOnceAPersonHasStoppedIt() {
        // Given
        var letters = buried(2).stream().map(DeadLetterOrders::letter).toList();
        var job = table.create(held(OrderId.random(), 2, "first", Instant.now().plusSeconds(3600)), letters);
        var step = new ReplayStep(job, job, letters);

        // When
        replays.replay(step, letters.getFirst());
        stop(job.id(), "The wrong ones").then().statusCode(200);
        replays.replay(step, letters.getLast());

        // Then
        assertThat(step.job().tally().open()).containsExactly(letters.getFirst());
        caller().get("/api/dead-letters/" + letters.getLast()).then().body("deadLetter.state", equalTo("dead"));
    }

    @Test
    void shouldSendNothingOfALookThatPassedToAnotherOrIsOver() {
        // Given
        var letters = buried(1).stream().map(DeadLetterOrders::letter).toList();
        var later = Instant.now().plusSeconds(3600);
        var job = table.create(held(OrderId.random(), 1, "first", later), letters);
        var lost = new ReplayStep(job.heldBy("second", later), job, letters);
        var late = new ReplayStep(job.heldBy("first", Instant.now().minusSeconds(1)), job, letters);

        // When
        replays.replay(lost, letters.getFirst());
        replays.replay(late, letters.getFirst());

        // Then
        assertThat(lost.job().tally().position()).isZero();
        assertThat(late.job().tally().position()).isZero();
        caller().get("/api/dead-letters/" + letters.getFirst()).then().body("deadLetter.state", equalTo("dead"));
    }

    @Test
    void shouldStopAtAnOrderThatNobodyCanReadAndLeaveItOutOfLists() {
        // Given
        var order = buried(1).getFirst();
        var broken = OrderId.random();
        dynamo.putItem(put -> put.tableName(ordersTable)
                .item(Map.of(
                        "id", AttributeValue.fromS(broken),
                        "schema", AttributeValue.fromN("1"),
                        "rev", AttributeValue.fromN("1"),
                        "details", AttributeValue.fromS("none"))));

        // When
        var created = replay(
                Api.newKey(), Map.of("ids", List.of(broken + "-1.sendgrid", letter(order)), "reason", "Try again"));

        // Then
        awaitEnd(created.path("id"))
                .then()
                .body("state", equalTo("stopped"))
                .body("failed", equalTo(1))
                .body("endedBecause", startsWith("Stage 1 failed at " + broken + "-1.sendgrid"));
        assertThat(mail(order).state()).isEqualTo(Delivery.State.DEAD);
        assertThat(orders.get(List.of(broken, order.id())))
                .extracting(Order::id)
                .containsExactly(order.id());
    }

    @Test
    void shouldNoteOnceThatAMessageWasSent() {
        // Given
        var message = UnreadableMessage.found(OrderId.random(), "no JSON", 100, "no JSON", Instant.now());
        messages.create(message);
        var letter = message.id() + ".order-queue";
        var job = held(OrderId.random(), 1, "first", Instant.now().plusSeconds(3600));
        var step = new ReplayStep(job, job, List.of(letter));

        // When
        replays.messageSent(step, letter);
        replays.messageSent(step, letter);

        // Then
        assertThat(messages.get(message.id()).orElseThrow().actions()).hasSize(1);
    }

    @Test
    void shouldPassOverWhatIsNotDeadAnyMore() {
        // Given
        var all = buried(2);
        abandon(letter(all.getFirst()));

        // When
        var created = replay(
                Api.newKey(),
                Map.of("ids", List.of(letter(all.getFirst()), letter(all.getLast())), "reason", "Try again"));

        // Then
        awaitEnd(created.path("id"))
                .then()
                .body("state", equalTo("done"))
                .body("skipped", equalTo(1))
                .body("done", equalTo(1))
                .body("findings.what", contains("It was abandoned."));
    }

    @Test
    void shouldTakeThePartOfAGroupThatIsAskedFor() {
        // Given
        var all = buried(3);
        awaitListed(3);

        // When
        var created = replay(
                Api.newKey(), Map.of("integration", "sendgrid", "cause", cause, "limit", 2, "reason", "Try some"));

        // Then
        awaitEnd(created.path("id")).then().body("total", equalTo(2)).body("done", equalTo(2));
        assertThat(all.stream().filter(order -> mail(order).state() == Delivery.State.DEAD))
                .hasSize(1);
    }

    @Test
    void shouldKeepALongListInOrder() {
        // Given
        var letters = IntStream.range(0, 2500)
                .mapToObj(i -> OrderId.random() + "-1.sendgrid")
                .toList();
        var request = new ReplayJob.Request(
                "shop", "Why", "fingerprint", Instant.now().plusSeconds(3600));
        var job = ReplayJob.accepted(OrderId.random(), request, "frozen", 2500);

        // When
        table.create(job, letters);

        // Then
        assertThat(table.letters(job, 0, 2500)).isEqualTo(letters);
        assertThat(table.letters(job, 990, 20)).isEqualTo(letters.subList(990, 1010));
        assertThat(table.letters(job, 2490, 100)).isEqualTo(letters.subList(2490, 2500));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"reason": "x"}                                                       | ''
            {"ids": [], "reason": "x"}                                            | /ids
            {"ids": ["nonsense"], "reason": "x"}                                  | /ids/0
            {"integration": "sendgrid", "reason": "x"}                            | /cause
            {"cause": "http-400", "reason": "x"}                                  | /integration
            {"integration": "sendgrid", "cause": "http-400"}                      | /reason
            {"integration": "sendgrid", "cause": "x", "limit": 0, "reason": "x"}  | /limit
            {"integration": "sendgrid", "cause": "x", "all": true, "reason": "x"} | /all
            """)
    void shouldNameWhatIsWrongWithASelection(String body, String pointer) {
        // Then
        caller().contentType(ContentType.JSON)
                .header("Idempotency-Key", Api.newKey())
                .body(body)
                .post("/api/dead-letters/replays")
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItem(pointer));
    }

    @Test
    void shouldReplayNothingWithoutAKeyOrOfAGroupThatIsEmpty() {
        // Given
        var body = Map.of("integration", "sendgrid", "cause", cause, "reason", "x");

        // Then
        caller().contentType(ContentType.JSON)
                .body(body)
                .post("/api/dead-letters/replays")
                .then()
                .statusCode(400)
                .body("errors.pointer", contains("Idempotency-Key"));
        replay(Api.newKey(), body)
                .then()
                .statusCode(422)
                .body("type", equalTo("urn:orderflow:problem:nothing-to-replay"));
        caller().get("/api/dead-letters/replays/" + OrderId.random()).then().statusCode(404);
        caller().get("/api/dead-letters/replays/nonsense").then().statusCode(404);
        stop(OrderId.random(), "x").then().statusCode(404);
    }

    private static ReplayJob held(String id, int total, String holder, Instant until) {
        var request = new ReplayJob.Request("shop", "Why", "fingerprint", Instant.now());
        return ReplayJob.accepted(id, request, "frozen", total).heldBy(holder, until);
    }

    private List<Order> buried(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> deadLetters.bury(cause, "jane@example.com", Duration.ofMinutes(100 - i)))
                .toList();
    }

    private Delivery mail(Order order) {
        var now = orders.get(order.id()).orElseThrow();
        return DeliveryRules.delivery(
                        now, LetterId.of(letter(order)).orElseThrow().task())
                .orElseThrow();
    }

    private static Action action(Order order, String id) {
        return new Action(
                id,
                Action.Kind.REPLAYED,
                Instant.now(),
                "shop",
                "Why",
                order.events().getFirst().id(),
                "sendgrid",
                Map.of());
    }

    private static Response replay(String key, Map<String, ?> body) {
        return caller().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/dead-letters/replays");
    }

    private static Response stop(String id, String reason) {
        return caller().contentType(ContentType.JSON)
                .body(Map.of("reason", reason))
                .post("/api/dead-letters/replays/" + id + "/stop");
    }

    private static void abandon(String id) {
        caller().contentType(ContentType.JSON)
                .body(Map.of("reason", "No"))
                .post("/api/dead-letters/" + id + "/abandon")
                .then()
                .statusCode(200);
    }

    /** When it is ended, and nothing of it is on its way. */
    private static Response awaitEnd(String id) {
        await().atMost(SOON).untilAsserted(() -> caller().get("/api/dead-letters/replays/" + id)
                .then()
                .statusCode(200)
                .body("open", equalTo(0))
                .body("state", org.hamcrest.Matchers.not(equalTo("running"))));
        return caller().get("/api/dead-letters/replays/" + id);
    }

    private void awaitListed(int count) {
        await().atMost(SOON)
                .untilAsserted(() -> caller().queryParams("integration", "sendgrid", "cause", cause, "limit", 100)
                        .get("/api/dead-letters")
                        .then()
                        .body("deadLetters", hasSize(count)));
    }
}
