package io.orderflow.sheet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.services.sheets.v4.model.GridProperties;
import com.google.api.services.sheets.v4.model.Sheet;
import com.google.api.services.sheets.v4.model.SheetProperties;
import com.google.api.services.sheets.v4.model.Spreadsheet;
import io.orderflow.domain.Claim;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.Orders;
import io.orderflow.ledger.AwsConfig;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The spreadsheet: one row an order with its latest state, whatever people do to it meanwhile. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class SpreadsheetTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @ConfigProperty(name = "GOOGLE_SHEETS_SPREADSHEET_ID")
    String spreadsheet;

    @Inject
    CamelContext camel;

    @Inject
    SheetAlarm alarm;

    @Inject
    OrderTable orders;

    @Inject
    DynamoDbClient dynamo;

    @Inject
    AwsConfig aws;

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
    void shouldHaveAHeaderAndOneRowAnOrder() {
        // When
        var id = placed(Api.order()).<String>path("id");

        // Then
        var row = awaitRow(id, 2);
        assertThat(cells().get(0).get(0).asText()).isEqualTo("Order");
        assertThat(row.get(3).asText()).isEqualTo("pending");
        assertThat(row.get(11).asDouble()).isEqualTo(25.0);
        assertThat(row.get(12).asText()).isEqualTo("USD");
    }

    @Test
    void shouldKeepAFormulaInANameAsText() {
        // When
        var id = placed(Api.order().replace("Jane Doe", "=HYPERLINK(A1)")).<String>path("id");

        // Then
        assertThat(awaitRow(id, 2).get(7).asText()).isEqualTo("=HYPERLINK(A1)");
    }

    @Test
    void shouldFindItsRowsAgainAfterAPersonHasSortedThem() {
        // Given
        var first = placed(Api.order());
        var second = placed(Api.order());
        awaitRow(first.path("id"), 2);
        awaitRow(second.path("id"), 2);
        sandbox.control(
                "/sandbox/google-sheets/" + spreadsheet + "/Orders/sort", Map.of("column", 0, "descending", true));

        // When
        pay(first);

        // Then
        awaitRow(first.path("id"), 3);
        assertThat(awaitRow(second.path("id"), 2).get(2).asText()).isEqualTo("pending");
    }

    @Test
    void shouldWriteARowAnewThatAPersonHasDeletedWithoutTouchingAnother() {
        // Given
        var first = placed(Api.order());
        awaitRow(first.path("id"), 2);
        var second = placed(Api.order());
        awaitRow(second.path("id"), 2);
        sandbox.control(
                "/sandbox/google-sheets/" + spreadsheet + "/Orders/delete-row", Map.of("row", rowOf(first.path("id"))));

        // When
        pay(first);

        // Then
        awaitRow(first.path("id"), 3);
        awaitRow(second.path("id"), 2);
    }

    @Test
    void shouldWriteARowAnewThatWasOverwritten() {
        // Given
        var first = placed(Api.order()).<String>path("id");
        var second = placed(Api.order()).<String>path("id");
        awaitRow(first, 2);
        awaitRow(second, 2);

        // When: as if rows had been sorted just before the first was written
        type("A" + rowOf(second), first);

        // Then
        awaitRow(first, 2);
        awaitRow(second, 2);
    }

    @Test
    void shouldWriteARowAnewThatShowsLessThanWasWritten() {
        // Given
        var order = placed(Api.order());
        awaitRow(order.path("id"), 2);
        pay(order);
        awaitRow(order.path("id"), 3);

        // When
        type("B" + rowOf(order.path("id")), 1);

        // Then
        awaitRow(order.path("id"), 3);
    }

    private void type(String cell, Object value) {
        sandbox.control("/sandbox/google-sheets/" + spreadsheet + "/Orders/cell", Map.of("cell", cell, "value", value));
    }

    @Test
    void shouldAddRowsWhenTheSheetIsFull() {
        // Given
        type("A999", "near the end of a new sheet");
        failOneWrite();

        // When
        var first = placed(Api.order()).<String>path("id");
        var second = placed(Api.order()).<String>path("id");

        // Then
        awaitRow(first, 2);
        awaitRow(second, 2);
        assertThat(Math.max(rowOf(first), rowOf(second))).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void shouldMakeUpForAnOutage() {
        // Given
        sandbox.fault(Map.of("service", "google-sheets", "kind", "status", "status", 503));
        var id = placed(Api.order()).<String>path("id");
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.created", "sns"), "done"::equals);
        assertThat(sandbox.rowsOf(id)).isEmpty();

        // When
        sandbox.clearFaults();

        // Then
        awaitRow(id, 2);
        await().atMost(SOON).until(() -> Api.timeline(id).jsonPath().getBoolean("sheet.upToDate"));
    }

    /** As many as no URL holds the ranges of: Google's client then sends the question in a body. */
    @Test
    void shouldCatchUpWithManyOrdersAtOnce() {
        // Given
        sandbox.fault(Map.of("service", "google-sheets", "kind", "status", "status", 503));
        var ids = IntStream.range(0, 150)
                .mapToObj(i -> placed(Api.order()).<String>path("id"))
                .toList();

        // When
        sandbox.clearFaults();

        // Then
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(ids)
                .allSatisfy(id -> assertThat(sandbox.rowsOf(id)).hasSize(1)));
    }

    @Test
    void shouldWriteOneRowWhenTheAnswerToAWriteIsLost() {
        // Given
        sandbox.fault(Map.of(
                "service", "google-sheets",
                "operation", "spreadsheets.values.batchUpdate",
                "kind", "status-after",
                "status", 500,
                "times", 1));

        // When
        var id = placed(Api.order()).<String>path("id");

        // Then
        await().atMost(SOON).until(() -> Api.timeline(id).jsonPath().getBoolean("sheet.upToDate"));
        assertThat(sandbox.rowsOf(id)).hasSize(1);
    }

    @Test
    void shouldFinishOneFlushBeforeTheNext() {
        // Given
        slowDown("spreadsheets.values.batchGet");
        slowDown("spreadsheets.values.batchUpdate");

        // When
        var id = placed(Api.order()).<String>path("id");

        // Then
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(10))
                .failFast("Two flushes at once", () -> flushes() > 1)
                .until(() -> !sandbox.rowsOf(id).isEmpty());
    }

    @Test
    void shouldNotWriteUnderALeaseThatHasPassedToAnother() {
        // Given: a flush that has to read the sheet anew, and takes long enough to need its lease renewed
        failOneWrite();
        slowDown("spreadsheets.get");
        slowDown("spreadsheets.values.batchGet");
        sandbox.resetCalls();
        var id = placed(Api.order()).<String>path("id");
        await().pollInterval(Duration.ofMillis(10)).until(() -> calls("spreadsheets.get") > 0);

        // When
        leaseToAnother(Duration.ofSeconds(5));

        // Then
        await().during(Duration.ofSeconds(4)).atMost(SOON).until(() -> calls("spreadsheets.values.batchUpdate") == 1);
        sandbox.clearFaults();
        awaitRow(id, 2);
    }

    @Test
    void shouldLeaveTheRowOfAnOrderThatIsBeingWorkedForLater() {
        // Given: a writer that is at work, so that it would be early
        awaitRow(placed(Api.order()).path("id"), 2);
        var end = Instant.now().plusSeconds(2);

        // When
        var id = claimed(end);

        // Then
        awaitRow(id, 2);
        assertThat(Instant.now()).isAfterOrEqualTo(end);
    }

    @Test
    void shouldNotLeaveARowForLongerThanAClaimLasts() {
        // Given
        var end = Instant.now().plusSeconds(60);

        // When
        var id = claimed(end);

        // Then
        awaitRow(id, 1);
        assertThat(Instant.now()).isBefore(end);
    }

    @Test
    void shouldAlertOnceWhileTheSpreadsheetIsRefused() {
        // Given
        var before = alerts().size();
        sandbox.fault(Map.of("service", "google-sheets", "kind", "status", "status", 404));
        sandbox.resetCalls();

        // When
        var id = placed(Api.order()).<String>path("id");

        // Then
        await().atMost(SOON)
                .failFast("More than one alert", () -> alerts().size() > before + 1)
                .until(() -> calls("spreadsheets.get") >= 4);
        assertThat(alerts()).hasSize(before + 1);
        assertThat(alerts().getLast()).contains("404");

        // When: it works in between
        sandbox.clearFaults();
        awaitRow(id, 2);
        sandbox.fault(Map.of("service", "google-sheets", "kind", "status", "status", 403));
        placed(Api.order());

        // Then
        await().atMost(SOON).until(() -> alerts().size() == before + 2);
    }

    @Test
    void shouldAlertWhenFlushesHaveFailedForAWhile() {
        // Given: the first alert is not taken either
        var before = alerts().size();
        sandbox.fault(Map.of("service", "google-sheets", "kind", "status", "status", 503));
        sandbox.fault(Map.of("service", "sns", "operation", "Publish", "kind", "status", "status", 503, "seconds", 3));

        // When
        placed(Api.order());

        // Then
        await().atMost(SOON).until(() -> alerts().size() == before + 1);
        assertThat(alerts().getLast()).contains("503");
    }

    @Test
    void shouldAlertOnceWhenTheSpreadsheetIsNearlyFull() {
        // Given: the sheet was read, and is not about to be read again
        awaitRow(placed(Api.order()).path("id"), 2);
        var before = alerts().size();

        // When
        alarm.measured(of(9_500_000));
        await().atMost(SOON).until(() -> alerts().size() > before);
        alarm.measured(of(9_600_000));

        // Then
        assertThat(alarm.isDue()).isFalse();
        alarm.measured(of(1_000_000));
        alarm.measured(of(9_500_000));
        await().atMost(SOON).until(() -> alerts().size() == before + 2);
        alarm.measured(of(1_000_000));
    }

    private static Spreadsheet of(int cells) {
        return new Spreadsheet()
                .setSheets(List.of(new Sheet()
                        .setProperties(new SheetProperties()
                                .setGridProperties(
                                        new GridProperties().setColumnCount(10).setRowCount(cells / 10)))));
    }

    private List<String> alerts() {
        return sandbox.effects("sns")
                .path("messages")
                .valueStream()
                .filter(message -> message.path("topicArn").asText().endsWith(":order-alerts"))
                .map(message -> message.path("message").asText())
                .filter(message -> message.contains("spreadsheetId"))
                .filter(text -> text.contains("spreadsheetId"))
                .toList();
    }

    private String claimed(Instant until) {
        var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var order = Order.accepted(OrderId.random(), "sheet-test", "fingerprint", Orders.details(), now);
        var claim = new Claim("token", until.truncatedTo(ChronoUnit.MILLIS));
        orders.create(DeliveryRules.claim(order, Orders.SUBSCRIPTIONS, integration -> true, claim, now)
                .orElseThrow()
                .order());
        return order.id();
    }

    /** Makes the writer read the sheet anew, as another holder of the lease would. */
    private void failOneWrite() {
        sandbox.fault(Map.of(
                "service", "google-sheets",
                "operation", "spreadsheets.values.batchUpdate",
                "kind", "status",
                "status", 503,
                "times", 1));
    }

    private void slowDown(String operation) {
        sandbox.fault(
                Map.of("service", "google-sheets", "operation", operation, "kind", "latency", "delayMillis", 800));
    }

    private int flushes() {
        return camel.getInflightRepository().size("flush-sheet");
    }

    private int calls(String operation) {
        return sandbox.calls().path("google-sheets").path(operation).asInt();
    }

    private void leaseToAnother(Duration duration) {
        dynamo.putItem(put -> put.tableName(aws.ordersTable())
                .item(Map.of(
                        "id", AttributeValue.fromS("lease/google-sheets"),
                        "token", AttributeValue.fromS("another"),
                        "until",
                                AttributeValue.fromN(String.valueOf(
                                        Instant.now().plus(duration).toEpochMilli())))));
    }

    private static Response placed(String body) {
        var order = Api.place(body);
        assertThat(order.statusCode()).isEqualTo(201);
        return order;
    }

    private void pay(Response order) {
        sandbox.pay(
                SandboxResource.publishableKey(),
                order.path("paymentIntentId"),
                order.path("clientSecret"),
                "pm_card_visa");
    }

    private JsonNode awaitRow(String id, int version) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(sandbox.rowsOf(id)).hasSize(1);
            assertThat(sandbox.rowsOf(id).getFirst().get(1).asInt()).isEqualTo(version);
        });
        return sandbox.rowsOf(id).getFirst();
    }

    private JsonNode cells() {
        return sandbox.effects("google-sheets")
                .path("spreadsheets")
                .path(spreadsheet)
                .path("sheets")
                .path("Orders");
    }

    private int rowOf(String id) {
        var cells = cells();
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).path(0).asText().equals(id)) {
                return i + 1;
            }
        }
        throw new AssertionError("No row of " + id);
    }
}
