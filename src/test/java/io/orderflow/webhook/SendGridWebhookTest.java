package io.orderflow.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.orderflow.ledger.AlertTable;
import io.orderflow.testing.Api;
import io.orderflow.testing.MailEvents;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What SendGrid's event webhook believes, and what becomes of it. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class SendGridWebhookTest {

    private static final Duration SOON = Duration.ofSeconds(15);

    /** More than the scaled pause between two alerts of a group. */
    private static final Duration GROUPED = Duration.ofSeconds(50);

    private static final String BOUNCES = "sendgrid#confirmation-bounce";

    @Inject
    AlertTable alertTable;

    private SandboxClient sandbox;

    @BeforeEach
    void setUp() {
        sandbox = SandboxResource.client();
    }

    @AfterEach
    void healAll() {
        sandbox.clearFaults();
    }

    @Test
    void shouldShowWhatBecameOfAMail() {
        // When
        var id = place("jane@example.com");

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(receipts(id)).containsExactly("processed", "delivered"));
        assertThat(Api.deliveryState(id, "order.created", "sendgrid")).isEqualTo("done");
    }

    @ParameterizedTest
    @CsvSource({
        "bounce@example.com, processed bounce, bounce",
        "drop@example.com, dropped, dropped",
    })
    void shouldAlertWhenAConfirmationDoesNotArrive(String address, String kinds, String problem) {
        // Given
        var before = told(problem);

        // When
        var id = place(address);

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(receipts(id)).containsExactly(kinds.split(" ")));
        await().atMost(GROUPED).untilAsserted(() -> assertThat(told(problem)).isEqualTo(before + 1));
        assertThat(sandbox.alertsOf("sendgrid", "confirmation-" + problem)
                        .getLast()
                        .path("example")
                        .asText())
                .contains("has not reached the customer: " + problem)
                .doesNotContain("@", "550", "reason");
    }

    @Test
    void shouldShowASpamReport() {
        // Given
        var before = told("spamreport");

        // When
        var id = place("spam@example.com");

        // Then
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(receipts(id)).containsExactly("processed", "delivered", "spamreport"));
        assertThat(told("spamreport")).isEqualTo(before);
        assertThat(alertTable.due(Instant.now().plusSeconds(3600), 100))
                .doesNotContain("sendgrid#confirmation-spamreport");
    }

    @Test
    void shouldNotMailAgainWhenAnEventProvesThatTheLostAnswerWasAYes() {
        // Given
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "lost-answer", "times", 1));
        sandbox.fault(
                Map.of("service", "sendgrid", "operation", "processed", "kind", "webhook-late", "delayMillis", 1200));
        sandbox.fault(Map.of("service", "sendgrid", "operation", "delivered", "kind", "webhook-lost"));

        // When
        var id = place("jane@example.com");

        // Then
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.created", "sendgrid"), "done"::equals);
        assertThat(delivery(id, "lastAttempts.outcome")).isEqualTo(List.of("unknown"));
        assertThat(delivery(id, "nextAttemptAt")).isNull();
        assertThat(delivery(id, "externalId")).isEqualTo(mailId(id));
        // Until long after it would have been sent again.
        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> sandbox.mailsOf(id), List.of("order.created")::equals);
    }

    @Test
    void shouldAgreeWithTheSenderWhoIsStillWaitingForItsAnswer() {
        // Given: SendGrid has told of the mail long before it answers, and then does not
        sandbox.fault(Map.of(
                "service",
                "sendgrid",
                "operation",
                "mail.send",
                "kind",
                "late-answer",
                "delayMillis",
                3500,
                "times",
                1));

        // When
        var id = place("jane@example.com");

        // Then
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Api.deliveryState(id, "order.created", "sendgrid"), "done"::equals);
        await().during(Duration.ofSeconds(7))
                .atMost(Duration.ofSeconds(12))
                .until(
                        () -> List.of(Api.deliveryState(id, "order.created", "sendgrid"), sandbox.mailsOf(id)),
                        List.of("done", List.of("order.created"))::equals);
    }

    @Test
    void shouldKeepEachEventOnceInWhateverOrderTheyCome() throws Exception {
        // Given
        var id = settled();
        var delivered = MailEvents.event(id, 1, "delivered", "e-2");
        var bounce = MailEvents.event(id, 1, "bounce", "e-3");
        var deferred = MailEvents.event(id, 1, "deferred", "e-1");

        // When
        var calls = IntStream.range(0, 10)
                .<Callable<Response>>mapToObj(number -> () -> MailEvents.send(
                        number % 2 == 0
                                ? "[" + bounce + "," + delivered + "]"
                                : "[" + delivered + "," + deferred + "," + bounce + "]",
                        Instant.now()))
                .toList();
        try (var callers = Executors.newFixedThreadPool(10)) {
            for (var answer : callers.invokeAll(calls)) {
                answer.get().then().statusCode(200);
            }
        }

        // Then
        assertThat(receipts(id)).containsExactlyInAnyOrder("deferred", "delivered", "bounce");
    }

    @Test
    void shouldAlertOnceOfABounceThatIsToldAgain() {
        // Given
        var id = settled();
        var batch = "[" + MailEvents.event(id, 1, "bounce", "e-1") + "]";
        await().atMost(GROUPED)
                .until(() ->
                        !alertTable.due(Instant.now().plusSeconds(3600), 100).contains(BOUNCES));
        var before = told("bounce");

        // When
        MailEvents.send(batch, Instant.now()).then().statusCode(200);
        MailEvents.send(batch, Instant.now().plusSeconds(1)).then().statusCode(200);

        // Then
        await().atMost(GROUPED).untilAsserted(() -> {
            assertThat(alertTable.due(Instant.now().plusSeconds(3600), 100)).doesNotContain(BOUNCES);
            assertThat(told("bounce")).isEqualTo(before + 1);
        });
    }

    @Test
    void shouldHaveSendGridComeAgainUntilEveryOrderOfABatchIsWritten() {
        // Given
        var one = settled();
        var other = settled();
        var batch = "[" + MailEvents.event(one, 1, "delivered", "e-1") + ","
                + MailEvents.event(other, 1, "delivered", "e-2") + "]";
        sandbox.fault(Map.of("service", "dynamodb", "operation", "UpdateItem", "kind", "status", "status", 400));

        // When
        var refused = MailEvents.send(batch, Instant.now());
        sandbox.clearFaults();
        var taken = MailEvents.send(batch, Instant.now());

        // Then
        refused.then().statusCode(503).header("Retry-After", notNullValue());
        taken.then().statusCode(200);
        assertThat(receipts(one)).containsExactly("delivered");
        assertThat(receipts(other)).containsExactly("delivered");
    }

    @Test
    void shouldNotBelieveAForgedBatch() {
        // Given
        var id = settled();
        var batch = "[" + MailEvents.event(id, 1, "bounce", "e-1") + "]";
        var now = Instant.now();
        var forger = MailEvents.newKey().getPrivate();

        // When
        var answer = MailEvents.send(batch, MailEvents.sign(batch, now, forger), String.valueOf(now.getEpochSecond()));

        // Then
        answer.then().statusCode(400).body("type", equalTo("urn:orderflow:problem:bad-signature"));
        assertThat(receipts(id)).isEmpty();
    }

    @Test
    void shouldNotBelieveABatchThatWasChangedOrCutOffOnItsWay() {
        // Given
        var batch = "[" + MailEvents.event(Api.newKey(), 1, "delivered", "e-1") + "]";
        var now = Instant.now();
        var signature = MailEvents.sign(batch, now, MailEvents.key());
        var timestamp = String.valueOf(now.getEpochSecond());

        // Then
        MailEvents.send(batch.replace("delivered", "bounce"), signature, timestamp)
                .then()
                .statusCode(400);
        MailEvents.send(batch.substring(0, batch.length() - 1), signature, timestamp)
                .then()
                .statusCode(400);
        MailEvents.send(batch, signature, String.valueOf(now.getEpochSecond() + 1))
                .then()
                .statusCode(400);
    }

    @Test
    void shouldNotTakeABatchThatIsReplayedLaterThanSendGridTries() {
        // Then
        MailEvents.send("[]", Instant.now().minus(Duration.ofHours(23))).then().statusCode(200);
        MailEvents.send("[]", Instant.now().minus(Duration.ofHours(25))).then().statusCode(400);
        MailEvents.send("[]", Instant.now().plus(Duration.ofMinutes(10))).then().statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "-1", "1e9", "99999999999999999999"})
    void shouldRefuseASignatureThatIsNone(String nonsense) {
        // Then
        MailEvents.send("[]", nonsense, String.valueOf(Instant.now().getEpochSecond()))
                .then()
                .statusCode(400);
        MailEvents.send("[]", MailEvents.sign("[]", Instant.now(), MailEvents.key()), nonsense)
                .then()
                .statusCode(400);
        io.restassured.RestAssured.given()
                .contentType("application/json")
                .body("[]")
                .post("/webhooks/sendgrid")
                .then()
                .statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "null",
                "[1, null, \"x\", [], {}]",
                "[{\"event\": \"delivered\", \"sg_event_id\": \"e\", \"order_id\": \"lease/sheet\"}]",
                "[{\"event\": \"open\", \"sg_event_id\": \"e\", \"order_id\": \"0f8fad5b-d9cb-469f-a165-70867728950e\","
                        + " \"delivery_id\": \"0f8fad5b-d9cb-469f-a165-70867728950e-1/sendgrid\"}]"
            })
    void shouldTakeWhatIsOfNoInterest(String batch) {
        // Then
        MailEvents.send(batch, Instant.now()).then().statusCode(200);
    }

    @Test
    void shouldTakeEventsOfOrdersThatAreNotHere() {
        // Given
        var id = settled();

        // Then
        MailEvents.send(
                        "[" + MailEvents.event(UUID.randomUUID().toString(), 1, "bounce", "e-1") + ","
                                + MailEvents.event(id, 9, "bounce", "e-2") + "]",
                        Instant.now())
                .then()
                .statusCode(200);
        assertThat(receipts(id)).isEmpty();
    }

    private static String place(String address) {
        return Api.place(Api.order("customer-1", address)).path("id");
    }

    /** An order whose mail is sent, and of which SendGrid has told nothing. */
    private String settled() {
        var fault = sandbox.fault(Map.of("service", "sendgrid", "kind", "webhook-lost"));
        var id = place("jane@example.com");
        await().atMost(SOON).untilAsserted(() -> assertThat(List.of("sendgrid", "sns", "stripe"))
                .allSatisfy(integration -> assertThat(Api.deliveryState(id, "order.created", integration))
                        .isEqualTo("done")));
        await().atMost(SOON).until(() -> sandbox.effects("sendgrid")
                .path("mails")
                .valueStream()
                .filter(mail ->
                        mail.path("customArgs").path("order_id").asText().equals(id))
                .anyMatch(mail -> mail.path("status").asText().equals("delivered")));
        sandbox.endFault(fault);
        return id;
    }

    private static List<String> receipts(String id) {
        var receipts = Api.timeline(id)
                .<List<String>>path("events[0].deliveries.find { it.integration == 'sendgrid' }?.receipts?.type");
        return receipts == null ? List.of() : receipts;
    }

    private static Object delivery(String id, String field) {
        return Api.timeline(id).path("events[0].deliveries.find { it.integration == 'sendgrid' }." + field);
    }

    private String mailId(String id) {
        return sandbox.effects("sendgrid")
                .path("mails")
                .valueStream()
                .filter(mail ->
                        mail.path("customArgs").path("order_id").asText().equals(id))
                .map(mail -> mail.path("id").asText())
                .findFirst()
                .orElseThrow();
    }

    /** Of how many confirmations that met this problem operators were told. */
    private int told(String problem) {
        return sandbox.alertsOf("sendgrid", "confirmation-" + problem).stream()
                .mapToInt(alert -> alert.path("count").asInt())
                .sum();
    }
}
