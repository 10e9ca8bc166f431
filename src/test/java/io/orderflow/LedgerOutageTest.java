package io.orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.orderflow.delivery.OrderWork;
import io.orderflow.domain.Order;
import io.orderflow.domain.Orders;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While DynamoDB or SQS do not answer: nothing is promised that is not stored, and nothing stored is lost. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class LedgerOutageTest {

    @Inject
    OrderTable orders;

    @Inject
    OrderWork orderWork;

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
    void shouldPromiseNothingThatIsNotStored() {
        // Given
        var key = Api.newKey();
        sandbox.fault(Map.of("service", "dynamodb", "operation", "PutItem", "kind", "status", "status", 500));

        // When
        var refused = Api.place(Api.order(), key);
        sandbox.clearFaults();
        var accepted = Api.place(Api.order(), key);

        // Then
        refused.then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", notNullValue())
                .body("type", equalTo("urn:orderflow:problem:unavailable"));
        accepted.then().statusCode(201);
        assertThat(sandbox.intentsOf(accepted.path("id"))).hasSize(1);
    }

    @Test
    void shouldAcceptOnceWhenTheAnswerOfTheLedgerIsLost() {
        // Given
        sandbox.fault(Map.of("service", "dynamodb", "operation", "PutItem", "kind", "lost-answer", "times", 1));

        // When
        var accepted = Api.place(Api.order());

        // Then
        accepted.then().statusCode(201);
        assertThat(sandbox.intentsOf(accepted.path("id"))).hasSize(1);
    }

    @Test
    void shouldHoldWhatWasDoneUntilItCanBeWrittenBack() {
        // Given: the mail takes so long that the ledger is away before its outcome is known
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "latency", "delayMillis", 1800));
        var id = Api.place(Api.order()).<String>path("id");
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Api.deliveryState(id, "order.created", "sendgrid"), "sending"::equals);
        sandbox.fault(Map.of("service", "dynamodb", "operation", "UpdateItem", "kind", "status", "seconds", 2.2));

        // Then
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Api.deliveryState(id, "order.created", "sendgrid"), "done"::equals);
        assertThat(sandbox.mailsOf(id)).containsExactly("order.created");
        assertThat(sandbox.notificationsOf(id)).hasSize(1);
    }

    @Test
    void shouldWorkOrdersWhoseWakeUpWasLost() {
        // Given
        sandbox.fault(Map.of("service", "sqs", "operation", "SendMessage", "kind", "status", "status", 500));

        // When
        var order = Api.place(Api.order());

        // Then
        order.then().statusCode(201);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Api.deliveryState(order.path("id"), "order.created", "sns"), "done"::equals);
    }

    @Test
    void shouldHoldUpNoCallerWhileTheQueueIsSilent() {
        // Given
        sandbox.fault(Map.of("service", "sqs", "operation", "SendMessage", "kind", "latency", "delayMillis", 20_000));
        var start = Instant.now();

        // When
        var order = Api.place(Api.order());

        // Then
        order.then().statusCode(201);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void shouldKnowItsOwnClaimWhoseAnswerWasLost() {
        // Given
        var order = Order.accepted(OrderId.random(), "claim-test", "fingerprint", Orders.details(), Instant.now());
        orders.create(order);

        // When
        var token = orderWork.token();
        var first = orderWork.claim(order.id(), token);
        var again = orderWork.claim(order.id(), token);

        // Then
        assertThat(again.events()).isEqualTo(first.events()).isNotEmpty();
        assertThat(orderWork.claim(order.id(), orderWork.token())).isNull();
    }

    @Test
    void shouldAnswerForAStoredOrderEvenWhenNeitherItsPaymentNorTheDeadLetterCanBeWritten() {
        // Given
        sandbox.fault(
                Map.of("service", "stripe", "operation", "payment_intents.create", "kind", "status", "status", 402));
        sandbox.fault(Map.of("service", "sqs", "operation", "SendMessage", "kind", "status", "status", 500));

        // When
        var order = Api.place(Api.order());

        // Then
        order.then().statusCode(202);
        sandbox.clearFaults();
        await().atMost(Duration.ofSeconds(40))
                .until(() -> Api.deliveryState(order.path("id"), "order.created", "stripe"), "done"::equals);
    }

    @Test
    void shouldKeepADeliveryDueWhileItsDeadLetterCannotBeWritten() {
        // Given
        sandbox.resetCalls();
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 400));
        var notices =
                sandbox.fault(Map.of("service", "sqs", "operation", "SendMessage", "kind", "status", "status", 500));

        // When
        var id = Api.place(Api.order()).<String>path("id");

        // Then
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertThat(sandbox.calls().path("sendgrid").path("mail.send").asInt())
                    .isPositive();
            assertThat(Api.deliveryState(id, "order.created", "sendgrid")).isEqualTo("pending");
            assertThat(Api.deliveryState(id, "order.created", "sns")).isEqualTo("done");
        });
        sandbox.endFault(notices);
        await().atMost(Duration.ofSeconds(40))
                .until(() -> Api.deliveryState(id, "order.created", "sendgrid"), "dead"::equals);
    }
}
