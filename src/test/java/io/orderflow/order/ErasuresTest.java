package io.orderflow.order;

import static io.orderflow.testing.Api.caller;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.startsWith;

import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.orderflow.testing.TestScopes;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What an operator does when a customer wants to be forgotten. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class ErasuresTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    DynamoDbClient dynamo;

    private SandboxClient sandbox;
    private String customer;

    @BeforeEach
    void setUp() {
        sandbox = SandboxResource.client();
        customer = "customer-" + Api.newKey();
    }

    @AfterEach
    void healAll() {
        sandbox.clearFaults();
    }

    @Test
    void shouldForgetACustomerInLedgerApiAndSheet() {
        // Given
        var id = cancelled();
        var version = Api.get(id).<Integer>path("version");

        // When
        var answer = erase();

        // Then
        answer.then()
                .statusCode(200)
                .body("state", equalTo("done"))
                .body("orders", equalTo(1))
                .body("erased", equalTo(1));
        Api.get(id)
                .then()
                .body("customerName", equalTo("erased"))
                .body("customerEmail", equalTo("erased"))
                .body("shippingAddress.street", equalTo("erased"))
                .body("shippingAddress.country", equalTo("US"))
                .body("totalAmount", equalTo(25.0f))
                .body("version", equalTo(version + 1));
        Api.timeline(id)
                .then()
                .body("erasure.reason", equalTo("Asked for in ticket 4711"))
                .body("erasure.by", startsWith("default/"));
        assertThat(item(id)).doesNotContain("Jane", "jane@example.com", "Main Street", "Springfield", "62701");
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.rowsOf(id).toString())
                .contains("erased")
                .doesNotContain("Jane", "jane@example.com", "Springfield"));
    }

    @Test
    void shouldDoNothingTwice() {
        // Given
        var id = cancelled();
        erase();
        var before = item(id);

        // When
        var again = erase();

        // Then
        again.then().statusCode(200).body("state", equalTo("done")).body("erased", equalTo(1));
        assertThat(item(id)).isEqualTo(before);
    }

    @Test
    void shouldRefuseWhileAnOrderNeedsTheData() {
        // Given
        var closed = cancelled();
        var open = place();
        var before = item(closed);

        // When
        var answer = erase();

        // Then
        answer.then().statusCode(409).body("detail", containsString(open));
        assertThat(item(closed)).isEqualTo(before);
        Api.get(open).then().body("customerName", equalTo("Jane Doe"));
    }

    @Test
    void shouldGoOnWhereItWasCutOff() {
        // Given
        var first = cancelled();
        var second = cancelled();
        // The newest goes first.
        var fault = sandbox.fault(Map.of(
                "service", "dynamodb", "operation", "UpdateItem", "matching", first, "kind", "status", "status", 500));

        // When
        var cutOff = erase();

        // Then
        cutOff.then().statusCode(503);
        Api.get(second).then().body("customerName", equalTo("erased"));
        Api.get(first).then().body("customerName", equalTo("Jane Doe"));

        // When
        sandbox.endFault(fault);
        var repeated = erase();

        // Then
        repeated.then().statusCode(200).body("erased", equalTo(2));
        Api.get(first).then().body("customerName", equalTo("erased"));
    }

    @Test
    void shouldSendNoMailThatWasStillOwed() {
        // Given
        var id = place();
        awaitMail(id, "order.created", "done");
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 503));
        cancel(id);
        awaitMail(id, "order.cancelled", "pending");

        // When
        await().atMost(SOON).untilAsserted(() -> erase().then().statusCode(200));
        sandbox.clearFaults();

        // Then
        assertThat(Api.deliveryState(id, "order.cancelled", "sendgrid")).isEqualTo("abandoned");
        assertThat(sandbox.mailsOf(id)).containsExactly("order.created");
    }

    @Test
    void shouldWaitForAMailThatIsBeingSent() {
        // Given
        var id = place();
        awaitMail(id, "order.created", "done");
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "hold", "matching", id));
        cancel(id);
        awaitMail(id, "order.cancelled", "sending");

        // When
        var early = erase();
        sandbox.clearFaults();

        // Then
        early.then().statusCode(202).header("Retry-After", equalTo("5")).body("state", equalTo("running"));
        await().atMost(SOON).untilAsserted(() -> erase().then().statusCode(200).body("state", equalTo("done")));
        assertThat(item(id)).doesNotContain("jane@example.com");
    }

    @Test
    void shouldNotFindACustomerOfAnotherClient() {
        // Given
        cancelled();

        // Then
        erase("other", customer).then().statusCode(404);
        erase("default", customer + "-x").then().statusCode(404);
    }

    @Test
    void shouldNameEveryFieldThatIsWrong() {
        caller().contentType(ContentType.JSON)
                .body("{\"client\":\"a b\",\"reason\":\" \",\"all\":true}")
                .post("/api/erasures")
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItems("/client", "/customerId", "/reason", "/all"));
    }

    @ParameterizedTest
    @CsvSource({"'', 401", "'orders:write,orders:read,ops:read,payments:write,keys:write', 403", "ops:write, 404"})
    void shouldNeedTheScopeOfOperators(String scopes, int status) {
        // Given
        var request = scopes.isEmpty() ? given() : given().header(TestScopes.HEADER, scopes);

        // When
        var answer = request.contentType(ContentType.JSON)
                .body(body("default", customer))
                .post("/api/erasures");

        // Then
        answer.then().statusCode(status);
    }

    private String place() {
        return Api.place(Api.order(customer, "jane@example.com")).path("id");
    }

    private void cancel(String id) {
        caller().delete("/api/orders/" + id);
    }

    /** An order that is cancelled, and of which nothing is owed. */
    private String cancelled() {
        var id = place();
        cancel(id);
        awaitMail(id, "order.cancelled", "done");
        await().atMost(SOON).untilAsserted(() -> assertThat(stored(id)).doesNotContainKey("claim"));
        return id;
    }

    private static void awaitMail(String id, String event, String state) {
        await().atMost(SOON).untilAsserted(() -> assertThat(Api.deliveryState(id, event, "sendgrid"))
                .isEqualTo(state));
    }

    private Response erase() {
        return erase("default", customer);
    }

    private static Response erase(String client, String customerId) {
        return caller().contentType(ContentType.JSON)
                .body(body(client, customerId))
                .post("/api/erasures");
    }

    private static String body(String client, String customerId) {
        return """
                {"client": "%s", "customerId": "%s", "reason": "Asked for in ticket 4711"}""".formatted(client, customerId);
    }

    /** The item, without what others change by themselves: the row in the sheet, and what is told of a mail. */
    private String item(String id) {
        var item = new TreeMap<>(stored(id));
        item.keySet().retainAll(List.of("details", "actions", "erasure", "version", "updatedAt"));
        return item.toString();
    }

    private Map<String, AttributeValue> stored(String id) {
        return dynamo.getItem(get -> get.tableName("orders")
                        .key(Map.of("id", AttributeValue.fromS(id)))
                        .consistentRead(true))
                .item();
    }
}
