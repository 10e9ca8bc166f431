package io.orderflow;

import static io.orderflow.testing.Api.caller;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.delivery.Breakers;
import io.orderflow.ledger.OrderId;
import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job, on the real routes against the sandbox: what the caller sees, and what really happened outside. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class OrderFlowTest {

    private static final Duration SOON = Duration.ofSeconds(15);

    @Inject
    Breakers breakers;

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
    void shouldSeeAnOrderThroughEveryIntegration() {
        // Given
        var order = placed();
        var id = order.<String>path("id");

        // When
        pay(order, "pm_card_visa");

        // Then
        awaitStatus(id, "paid", "succeeded");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(sandbox.intentsOf(id))
                    .extracting(intent -> intent.path("status").asText())
                    .containsExactly("succeeded");
            assertThat(sandbox.mailsOf(id)).containsExactly("order.created", "payment.succeeded");
            assertThat(sandbox.notificationsOf(id))
                    .extracting(event -> event.path("type").asText())
                    .containsExactly("io.orderflow.order.created", "io.orderflow.payment.succeeded");
            assertThat(sandbox.rowsOf(id)).hasSize(1);
            assertThat(sandbox.rowsOf(id).getFirst().path(2).asText()).isEqualTo("paid");
        });
        await().atMost(SOON).untilAsserted(() -> {
            var timeline = Api.timeline(id).jsonPath();
            assertThat(timeline.getList("events.deliveries.flatten().state", String.class))
                    .containsOnly("done");
            assertThat(timeline.getBoolean("sheet.upToDate")).isTrue();
        });
    }

    @Test
    void shouldAnswerWithTheOrderAndTheMeansToPay() {
        // Then
        Api.place(Api.order())
                .then()
                .statusCode(201)
                .header("ETag", "\"2\"")
                .header("Location", matchesPattern("/api/orders/[0-9a-f-]{36}"))
                .header("X-API-Key", nullValue())
                .body("status", equalTo("pending"))
                .body("paymentStatus", equalTo("pending"))
                .body("version", equalTo(2))
                .body("paymentIntentId", notNullValue())
                .body("clientSecret", matchesPattern("pi_.*_secret_.*"))
                .body("createdAt", notNullValue());
    }

    @Test
    void shouldServeItsContract() {
        // Then
        given().accept(ContentType.JSON)
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .body("info.title", equalTo("Orderflow"))
                .body("paths.'/api/orders'.post.operationId", equalTo("createOrder"))
                .body("components.schemas.NewOrder.required", hasItem("customerEmail"));
    }

    @Test
    void shouldComeAgainWhenTheThirdPartySaysSo() {
        // Given
        sandbox.fault(Map.of(
                "service",
                "sendgrid",
                "operation",
                "mail.send",
                "kind",
                "rate-limit",
                "retryAfterSeconds",
                1,
                "times",
                1));

        // When
        var id = placed().<String>path("id");

        // Then: within the same attempt, but not before
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.created", "sendgrid"), "done"::equals);
        var created = Api.timeline(id).jsonPath();
        assertThat(created.getInt("events[0].deliveries.find { it.integration == 'sendgrid' }.attempts"))
                .isEqualTo(1);
        assertThat(Instant.parse(created.getString(
                        "events[0].deliveries.find { it.integration == 'sendgrid' }.lastAttempts[0].at")))
                .isAfter(Instant.parse(created.getString("events[0].at")).plusSeconds(1));
    }

    @Test
    void shouldMakeOneOrderOfARepeatedRequest() {
        // Given
        var key = Api.newKey();
        var first = Api.place(Api.order(), key);

        // When
        var again = Api.place(Api.order().replace("25.00", "25.0"), key);

        // Then
        again.then()
                .statusCode(200)
                .body("id", equalTo(first.path("id")))
                .body("clientSecret", equalTo(first.path("clientSecret")));
        assertThat(sandbox.intentsOf(first.path("id"))).hasSize(1);
    }

    @Test
    void shouldRefuseAnotherOrderUnderAUsedKey() {
        // Given
        var key = Api.newKey();
        var first = Api.place(Api.order(), key);

        // When
        var other = Api.place(Api.order("customer-2", "jane@example.com"), key);

        // Then
        other.then().statusCode(422).body("errors[0].pointer", equalTo("Idempotency-Key"));
        Api.get(first.path("id")).then().body("customerId", equalTo("customer-1"));
    }

    @Test
    void shouldMakeTwoOrdersWithoutAKey() {
        // When
        var first = caller().contentType(ContentType.JSON).body(Api.order()).post("/api/orders");
        var second = caller().contentType(ContentType.JSON).body(Api.order()).post("/api/orders");

        // Then
        first.then().statusCode(201);
        second.then().statusCode(201);
        assertThat(first.<String>path("id")).isNotEqualTo(second.path("id"));
    }

    @Test
    void shouldAcceptAnOrderWhileStripeIsTooSlowAndOpenItsPaymentLater() {
        // Given
        var key = Api.newKey();
        sandbox.fault(Map.of(
                "service", "stripe",
                "operation", "payment_intents.create",
                "kind", "late-answer",
                "delayMillis", 5000,
                "times", 1));

        // When
        var order = Api.place(Api.order(), key);

        // Then
        order.then()
                .statusCode(202)
                .header("Retry-After", notNullValue())
                .body("paymentIntentId", nullValue())
                .body("clientSecret", nullValue());
        await().atMost(SOON).untilAsserted(() -> Api.place(Api.order(), key)
                .then()
                .statusCode(200)
                .body("id", equalTo(order.path("id")))
                .body("clientSecret", notNullValue()));
        assertThat(sandbox.intentsOf(order.path("id"))).hasSize(1);
    }

    @Test
    void shouldTakeAnotherCardAfterADecline() {
        // Given
        var order = placed();
        var id = order.<String>path("id");

        // When
        pay(order, "pm_card_visa_chargeDeclined");
        awaitStatus(id, "pending", "failed");
        Api.get(id).then().body("paymentFailure", notNullValue());
        pay(order, "pm_card_visa");

        // Then
        awaitStatus(id, "paid", "succeeded");
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.mailsOf(id))
                .containsExactly("order.created", "payment.failed", "payment.succeeded"));
        assertThat(sandbox.intentsOf(id)).hasSize(1);
    }

    @Test
    void shouldAskStripeWhenTheCallerSaysThatItIsPaid() {
        // Given
        sandbox.fault(Map.of("service", "stripe", "operation", "payment_intent.succeeded", "kind", "webhook-lost"));
        var order = placed();
        var confirmation = Map.of("orderId", order.path("id"), "paymentIntentId", order.path("paymentIntentId"));

        // When
        var before = caller().contentType(ContentType.JSON).body(confirmation).post("/api/payments/confirm");
        pay(order, "pm_card_visa");
        var after = caller().contentType(ContentType.JSON).body(confirmation).post("/api/payments/confirm");

        // Then
        before.then().statusCode(200).body("paymentStatus", equalTo("pending"));
        after.then().statusCode(200).body("paymentStatus", equalTo("succeeded")).body("status", equalTo("paid"));
    }

    @Test
    void shouldNotBelieveAConfirmationForAnotherIntent() {
        // Given
        var order = placed();
        var other = placed();

        // When
        var answer = caller().contentType(ContentType.JSON)
                .body(Map.of("orderId", order.path("id"), "paymentIntentId", other.path("paymentIntentId")))
                .post("/api/payments/confirm");

        // Then
        answer.then().statusCode(422).body("errors[0].pointer", equalTo("/paymentIntentId"));
    }

    @Test
    void shouldRefundInPartsAndNeverMoreThanWasPaid() {
        // Given
        var id = paid();
        var key = Api.newKey();

        // When
        var part = refund(id, "10.00", key);
        var repeat = refund(id, "10.00", key);
        var otherUnderTheKey = refund(id, "9.00", key);
        var tooMuch = refund(id, "15.01", Api.newKey());
        var rest = refund(id, null, Api.newKey());
        var nothingLeft = refund(id, null, Api.newKey());

        // Then
        part.then().statusCode(201).body("amount", equalTo(10.0f)).body("status", equalTo("succeeded"));
        repeat.then().statusCode(200).body("id", equalTo(part.path("id")));
        otherUnderTheKey.then().statusCode(422);
        tooMuch.then()
                .statusCode(422)
                .body("errors.pointer", contains("/amount"))
                .body("errors.detail", contains("is more than what is left to refund, which is 15.00 USD"));
        rest.then().statusCode(201).body("amount", equalTo(15.0f));
        nothingLeft.then().statusCode(409);
        Api.get(id).then().body("paymentStatus", equalTo("refunded")).body("amountRefunded", equalTo(25.0f));
        assertThat(refundsOf(id))
                .extracting(refund -> refund.path("amount").asInt())
                .containsExactly(1000, 1500);
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.mailsOf(id))
                .containsExactly("order.created", "payment.succeeded", "payment.refunded", "payment.refunded"));
    }

    @Test
    void shouldNotRefundTwiceWhenTheAnswerIsLost() {
        // Given
        var id = paid();
        sandbox.fault(Map.of("service", "stripe", "operation", "refunds.create", "kind", "lost-answer", "times", 1));

        // When
        var answer = refund(id, "10.00", Api.newKey());

        // Then
        assertThat(answer.statusCode()).isIn(201, 202);
        awaitStatus(id, "paid", "partially_refunded");
        assertThat(refundsOf(id)).hasSize(1);
    }

    @Test
    void shouldRefuseARefundWithoutAKey() {
        // Given
        var id = paid();

        // When
        var answer = caller().contentType(ContentType.JSON)
                .body(Map.of("orderId", id))
                .post("/api/payments/refund");

        // Then
        answer.then().statusCode(400).body("errors[0].pointer", equalTo("Idempotency-Key"));
        assertThat(refundsOf(id)).isEmpty();
    }

    @Test
    void shouldCancelTheIntentOfAnOrderThatIsNotPaid() {
        // Given
        var order = placed();
        var id = order.<String>path("id");

        // When
        var cancelled = caller().delete("/api/orders/" + id);

        // Then
        cancelled.then().statusCode(in(List.of(200, 202))).body("status", equalTo("cancelled"));
        awaitStatus(id, "cancelled", "cancelled");
        assertThat(sandbox.intentsOf(id))
                .extracting(intent -> intent.path("status").asText())
                .containsExactly("canceled");
        caller().delete("/api/orders/" + id).then().statusCode(in(List.of(200, 202)));
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.mailsOf(id))
                .containsExactly("order.created", "order.cancelled"));
    }

    @Test
    void shouldRefundAPaidOrderThatIsCancelled() {
        // Given
        var id = paid();

        // When
        var cancelled = caller().delete("/api/orders/" + id);

        // Then
        cancelled.then().statusCode(in(List.of(200, 202)));
        awaitStatus(id, "cancelled", "refunded");
        assertThat(refundsOf(id))
                .extracting(refund -> refund.path("amount").asInt())
                .containsExactly(2500);
    }

    @Test
    void shouldShipAndDeliverOnlyWhatTheCallerHasSeen() {
        // Given
        var id = paid();
        var etag = Api.get(id).header("ETag");

        // When
        var blind = patch(id, null, Map.of("status", "shipped"));
        var stale = patch(id, "\"1\"", Map.of("status", "shipped"));
        var shipped = patch(id, etag, Map.of("status", "shipped", "trackingNumber", "TRACK-1"));
        var delivered = patch(id, shipped.header("ETag"), Map.of("status", "delivered"));
        var cancelled = caller().delete("/api/orders/" + id);

        // Then
        blind.then().statusCode(428);
        stale.then().statusCode(412);
        shipped.then().statusCode(200).body("status", equalTo("shipped")).body("trackingNumber", equalTo("TRACK-1"));
        delivered.then().statusCode(200).body("status", equalTo("delivered"));
        cancelled.then().statusCode(409).contentType("application/problem+json");
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.notificationsOf(id))
                .extracting(event -> event.path("type").asText())
                .containsExactly(
                        "io.orderflow.order.created",
                        "io.orderflow.payment.succeeded",
                        "io.orderflow.order.shipped",
                        "io.orderflow.order.delivered"));
        assertThat(sandbox.mailsOf(id)).endsWith("order.shipped");
    }

    @Test
    void shouldSayHowAPaymentStandsToItsClientOnly() {
        // Given
        var order = placed();
        pay(order, "pm_card_visa");
        var intentId = order.<String>path("paymentIntentId");

        // Then
        caller().get("/api/payments/" + intentId)
                .then()
                .statusCode(200)
                .body("status", equalTo("succeeded"))
                .body("orderId", equalTo(order.path("id")))
                .body("amount", equalTo(25.0f));
        caller().get("/api/payments/pi_unknown").then().statusCode(404);
    }

    @Test
    void shouldListOrdersNewestFirstByCustomerAndStatus() {
        // Given
        var customer = "customer-" + Api.newKey();
        var ids = List.of(placedFor(customer), placedFor(customer), placedFor(customer));
        caller().delete("/api/orders/" + ids.get(1)).then().statusCode(in(List.of(200, 202)));

        // When
        var first = caller().get("/api/orders?limit=2&customerId=" + customer);
        var second = caller().get(
                        "/api/orders?limit=2&customerId=" + customer + "&cursor=" + first.<String>path("nextCursor"));
        var cancelled = caller().get("/api/orders?status=cancelled&customerId=" + customer);
        var all = caller().get("/api/orders?limit=3");

        // Then
        first.then().statusCode(200).body("orders.id", equalTo(List.of(ids.get(2), ids.get(1))));
        second.then().body("orders.id", equalTo(List.of(ids.get(0)))).body("nextCursor", nullValue());
        cancelled.then().body("orders.id", equalTo(List.of(ids.get(1))));
        all.then().body("orders.id", equalTo(List.of(ids.get(2), ids.get(1), ids.get(0))));
    }

    @Test
    void shouldWalkThroughAllOrdersOfAClientPageByPage() {
        // Given
        var customer = "customer-" + Api.newKey();
        var placed = List.of(placedFor(customer), placedFor(customer), placedFor(customer));

        // When
        var seen = new java.util.ArrayList<String>();
        String cursor = null;
        do {
            var page = caller().get("/api/orders?limit=2" + (cursor == null ? "" : "&cursor=" + cursor));
            page.then().statusCode(200);
            seen.addAll(page.path("orders.id"));
            cursor = page.path("nextCursor");
        } while (cursor != null);

        // Then
        assertThat(seen).doesNotHaveDuplicates().containsAll(placed);
    }

    @Test
    void shouldParkADeliveryWhileItsIntegrationIsDownAndMakeUpForItAfterwards() {
        // Given
        sandbox.fault(Map.of("service", "sns", "operation", "Publish", "kind", "status", "status", 503));

        // When
        var id = placed().<String>path("id");

        // Then
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(Api.deliveryState(id, "order.created", "sns")).isEqualTo("pending");
            assertThat(Api.deliveryState(id, "order.created", "sendgrid")).isEqualTo("done");
        });
        sandbox.clearFaults();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "sns"))
                        .isEqualTo("done"));
        assertThat(sandbox.notificationsOf(id)).hasSize(1);
    }

    @Test
    void shouldBuryWhatIsRefusedForGoodAndLeaveANotice() {
        // Given
        var alertsBefore = alerts("sendgrid", "http-400");
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 400));

        // When
        var id = placed().<String>path("id");

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "sendgrid"))
                .isEqualTo("dead"));
        assertThat(sandbox.effects("sqs").toString()).contains(id).contains("http-400");
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(alerts("sendgrid", "http-400")).isGreaterThan(alertsBefore));
        sandbox.clearFaults();
        caller().delete("/api/orders/" + id).then().statusCode(in(List.of(200, 202)));
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.mailsOf(id)).containsExactly("order.cancelled"));
    }

    @Test
    void shouldParkAMailThatSendGridCannotTakeAndSendItOnceLater() {
        // Given
        var fault =
                sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 503));

        // When
        var id = placed().<String>path("id");

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(Api.timeline(id)
                        .<Integer>path("events[0].deliveries.find { it.integration == 'sendgrid' }.attempts"))
                .isEqualTo(1));
        assertThat(Api.deliveryState(id, "order.created", "sendgrid")).isEqualTo("pending");
        sandbox.endFault(fault);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "sendgrid"))
                        .isEqualTo("done"));
        assertThat(sandbox.mailsOf(id)).containsExactly("order.created");
        assertThat(sandbox.notificationsOf(id)).hasSize(1);
    }

    @Test
    void shouldAskStripeAgainWhenTheCallerRepeatsTheRequest() {
        // Given
        breakers.breaker("stripe-payment-intents").reset();
        var key = Api.newKey();
        var fault = sandbox.fault(Map.of("service", "stripe", "operation", "payment_intents.create", "kind", "reset"));
        var first = Api.place(Api.order(), key);
        sandbox.endFault(fault);
        awaitWorked(first.path("id"));

        // When: as often as a worker has the order just then
        var again = await().atMost(SOON).until(() -> Api.place(Api.order(), key), order -> order.statusCode() == 200);

        // Then
        first.then().statusCode(202);
        again.then().body("clientSecret", notNullValue());
    }

    @Test
    void shouldNotCancelWhatHasChangedSinceTheCallerSawIt() {
        // Given
        var id = placed().<String>path("id");
        awaitWorked(id);

        // Then
        caller().header("If-Match", "\"1\"").delete("/api/orders/" + id).then().statusCode(412);
        caller().header("If-Match", "\"2\"").delete("/api/orders/" + id).then().statusCode(200);
    }

    @Test
    void shouldNotShipWhatIsRefundedInFull() {
        // Given
        var id = paid();
        refund(id, null, Api.newKey()).then().statusCode(201);

        // Then
        patch(id, "*", Map.of("status", "shipped")).then().statusCode(409);
    }

    @Test
    void shouldSayUnknownWhenTheAnswerToAMailWasLostAndSendItOnceMore() {
        // Given
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "lost-answer", "times", 1));
        sandbox.fault(Map.of("service", "sendgrid", "kind", "webhook-lost"));

        // When
        var id = placed().<String>path("id");

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "sendgrid"))
                .isEqualTo("unknown"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "sendgrid"))
                        .isEqualTo("done"));
        assertThat(sandbox.mailsOf(id)).containsExactly("order.created", "order.created");
    }

    @ParameterizedTest
    @ValueSource(strings = {"late-answer", "lost-answer"})
    void shouldAnnounceUnderTheSameIdUntilSnsAnswers(String fault) {
        // Given: more often than an attempt repeats at once, and then once more
        var key = Api.newKey();
        var id = OrderId.of("default", key);
        sandbox.fault(Map.of(
                "service",
                "sns",
                "operation",
                "Publish",
                "matching",
                id,
                "kind",
                fault,
                "delayMillis",
                4000,
                "times",
                5));

        // When
        Api.place(Api.order(), key).then().statusCode(201).body("id", equalTo(id));

        // Then
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "sns"))
                        .isEqualTo("done"));
        assertThat(sandbox.notificationsOf(id)).hasSize(6);
        assertThat(sandbox.notificationsOf(id).stream()
                        .map(event -> event.path("id").asText())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void shouldSayThatAnOrderCannotBePaidWhenStripeRefusesForGood() {
        // Given
        var key = Api.newKey();
        sandbox.fault(
                Map.of("service", "stripe", "operation", "payment_intents.create", "kind", "status", "status", 402));

        // When
        var order = Api.place(Api.order(), key);
        var again = Api.place(Api.order(), key);

        // Then
        order.then()
                .statusCode(201)
                .header("Retry-After", nullValue())
                .body("paymentStatus", equalTo("failed"))
                .body("paymentFailure", notNullValue())
                .body("clientSecret", nullValue());
        again.then().statusCode(200).body("paymentStatus", equalTo("failed"));
        assertThat(Api.deliveryState(order.path("id"), "order.created", "stripe"))
                .isEqualTo("dead");
    }

    @Test
    void shouldSayThatStripeRefusesARefundAndLeaveItsAmountToAnother() {
        // Given
        var id = paid();
        sandbox.fault(Map.of("service", "stripe", "operation", "refunds.create", "kind", "status", "status", 402));

        // When
        var refused = refund(id, "10.00", Api.newKey());
        sandbox.clearFaults();
        var rest = refund(id, null, Api.newKey());

        // Then
        refused.then().statusCode(422).body("type", equalTo("urn:orderflow:problem:refund-refused"));
        rest.then().statusCode(201).body("amount", equalTo(25.0f));
    }

    @Test
    void shouldRefuseARefundOfAnOrderWhoseCancelRefundsIt() {
        // Given
        var id = paid();
        sandbox.fault(Map.of("service", "stripe", "operation", "refunds.create", "kind", "status", "status", 503));

        // When
        var cancelled = caller().delete("/api/orders/" + id);

        // Then
        cancelled.then().statusCode(202);
        refund(id, null, Api.newKey()).then().statusCode(409);
    }

    /** Until the worker has given back its claim: what SNS was told is written with it. */
    private static void awaitWorked(String id) {
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.created", "sns"), "done"::equals);
    }

    private static Response placed() {
        var order = Api.place(Api.order());
        assertThat(order.statusCode())
                .as(() -> Api.timeline(order.path("id")).asString())
                .isEqualTo(201);
        return order;
    }

    private static String placedFor(String customer) {
        return Api.place(Api.order(customer, "jane@example.com")).path("id");
    }

    private String paid() {
        var order = placed();
        pay(order, "pm_card_visa");
        awaitStatus(order.path("id"), "paid", "succeeded");
        awaitQuiet(order.path("id"));
        return order.path("id");
    }

    private void pay(Response order, String paymentMethod) {
        sandbox.pay(
                SandboxResource.publishableKey(),
                order.path("paymentIntentId"),
                order.path("clientSecret"),
                paymentMethod);
    }

    private static void awaitStatus(String id, String status, String paymentStatus) {
        await().atMost(SOON).untilAsserted(() -> Api.get(id)
                .then()
                .body("status", equalTo(status))
                .body("paymentStatus", equalTo(paymentStatus)));
    }

    /** Nobody works the order: what is asked of it now is done at once. */
    private static void awaitQuiet(String id) {
        await().atMost(SOON).untilAsserted(() -> assertThat(
                        Api.timeline(id).jsonPath().getList("events.deliveries.flatten().state", String.class))
                .hasSizeGreaterThan(3)
                .containsOnly("done"));
    }

    private static Response refund(String id, String amount, String key) {
        var body = amount == null
                ? "{\"orderId\": \"%s\"}".formatted(id)
                : "{\"orderId\": \"%s\", \"amount\": %s}".formatted(id, amount);
        return caller().header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/payments/refund");
    }

    private static Response patch(String id, String ifMatch, Map<String, String> change) {
        var request = caller().contentType(ContentType.JSON).body(change);
        return (ifMatch == null ? request : request.header("If-Match", ifMatch)).patch("/api/orders/" + id);
    }

    private List<JsonNode> refundsOf(String orderId) {
        var intent = sandbox.intentsOf(orderId).getFirst().path("id").asText();
        return sandbox.effects("stripe")
                .path("refunds")
                .valueStream()
                .filter(refund -> refund.path("paymentIntent").asText().equals(intent))
                .toList();
    }

    private int alerts(String integration, String cause) {
        return sandbox.alertsOf(integration, cause).stream()
                .mapToInt(alert -> alert.path("count").asInt())
                .sum();
    }
}
