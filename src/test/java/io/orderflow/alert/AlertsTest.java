package io.orderflow.alert;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.INTEGER;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.stripe.model.PaymentIntent;
import io.orderflow.ledger.AlertTable;
import io.orderflow.ledger.AlertTable.Raised;
import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One alert a group every thirty seconds: the tests' time scale is a tenth. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class AlertsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @Inject
    Alerts alerts;

    @Inject
    AlertTable table;

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
    void shouldTellTheFirstAtOnceAndHundredsMoreInOne() {
        // Given
        alerts.raise("sendgrid", cause, "The first", "order-1");
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.alertsOf("sendgrid", cause))
                .hasSize(1));

        // When
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 300)
                    .forEach(i -> executor.submit(() -> alerts.raise("sendgrid", cause, "Number " + i, "order-" + i)));
        }

        // Then: a write whose answer is lost is made again, and may count twice
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(sandbox.alertsOf("sendgrid", cause))
                .extracting(alert -> alert.path("count").asInt())
                .hasSize(2)
                .last(as(INTEGER))
                .isGreaterThanOrEqualTo(300));
        var first = sandbox.alertsOf("sendgrid", cause).getFirst();
        assertThat(first.path("example").asText()).isEqualTo("The first");
        assertThat(first.path("orderId").asText()).isEqualTo("order-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "lost-answer"})
    void shouldLoseNoAlertWhenSnsFails(String fault) {
        // Given
        sandbox.fault(Map.of("service", "sns", "operation", "Publish", "kind", fault, "status", 503, "seconds", 2));

        // When
        alerts.raise("sns", cause, "While SNS is away", null);
        alerts.raise("sns", cause, "While SNS is away", null);

        // Then
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(sandbox.alertsOf("sns", cause))
                .last()
                .extracting(alert -> alert.path("count").asInt())
                .isEqualTo(2));
    }

    @Test
    void shouldLetOneInstanceTellAndAnotherTakeOverAfterItsEnd() {
        // Given: due only for these two, not for the app's own timer
        var now = Instant.now().plusSeconds(3600);
        var group = "sendgrid#" + cause;
        table.raise(group, new Raised("sendgrid", cause, "Text", null, now));

        // When
        var first = table.take(group, now, now.plusSeconds(30));
        var second = table.take(group, now.plusSeconds(1), now.plusSeconds(31));
        var third = table.take(group, now.plusSeconds(31), now.plusSeconds(61));

        // Then
        assertThat(first).isPresent();
        assertThat(second).isEmpty();
        assertThat(third.map(AlertTable.Owed::count)).contains(1L);
    }

    @Test
    void shouldTakeOffOnlyWhatItToldAndOnce() {
        // Given
        var now = Instant.now().plusSeconds(3600);
        var group = "sendgrid#" + cause;
        var raised = new Raised("sendgrid", cause, "Text", null, now);
        table.raise(group, raised);
        table.raise(group, raised);
        var told = table.take(group, now, now.plusSeconds(30)).orElseThrow();
        table.raise(group, raised);

        // When
        table.told(told, now.plusSeconds(300));
        table.told(told, now.plusSeconds(300));

        // Then
        assertThat(table.take(group, now.plusSeconds(299), now.plusSeconds(330)))
                .isEmpty();
        assertThat(table.take(group, now.plusSeconds(300), now.plusSeconds(330)).map(AlertTable.Owed::count))
                .contains(1L);
    }

    @Test
    void shouldRaiseOnceWhatIsToldOnce() {
        // Given
        assertThat(alerts.isRaised("pi_2", "stripe", cause)).isFalse();

        // When
        alerts.raiseOnce("pi_2", "stripe", cause, "Paid twice", "order-1");
        alerts.raiseOnce("pi_2", "stripe", cause, "Paid twice", "order-1");

        // Then
        assertThat(alerts.isRaised("pi_2", "stripe", cause)).isTrue();
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.alertsOf("stripe", cause))
                .extracting(JsonNode::toString)
                .singleElement()
                .asString()
                .contains("\"count\":1,"));
    }

    @Test
    void shouldGroupWhatIsToldOnceEach() {
        // Given: due only here, not for the app's own timer
        var now = Instant.now().plusSeconds(3600);
        var group = "stripe#" + cause;

        // When
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 60)
                    .forEach(i -> executor.submit(() -> table.raiseOnce(
                            group + "#re_" + i % 20, group, new Raised("stripe", cause, "Refused", null, now))));
        }

        // Then
        assertThat(table.take(group, now, now.plusSeconds(30)).map(AlertTable.Owed::count))
                .contains(20L);
    }

    @Test
    void shouldBeRaisedByARoute() {
        // When
        camel.sendBody("bean:alerts?method=raise('chat', 'no-room', 'The room, say, is gone', ${body})", cause);

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.alertsOf("chat", "no-room"))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.path("example").asText()).isEqualTo("The room, say, is gone");
                    assertThat(alert.path("orderId").asText()).isEqualTo(cause);
                }));
    }

    @Test
    void shouldAlertOfCausesThatNoSubjectTakes() {
        // When
        alerts.raise("chat", "line\nbreak " + "ö".repeat(300) + cause, "Text", null);

        // Then
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sandbox.alertsOf("chat", ("line-break-" + cause).substring(0, 40)))
                        .isNotEmpty());
    }

    @Test
    void shouldAlertOfAMailWhoseOutcomeStaysUnknown() {
        // Given
        var before = counted("sendgrid", "unknown");
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "lost-answer", "times", 2));
        sandbox.fault(Map.of("service", "sendgrid", "kind", "webhook-lost"));

        // When
        var id = Api.place(Api.order()).<String>path("id");

        // Then
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(counted("sendgrid", "unknown")).isEqualTo(before + 1));
        assertThat(Api.deliveryState(id, "order.created", "sendgrid")).isEqualTo("unknown");
    }

    @Test
    void shouldTellOnceOfAPaymentThatWasMadeTwice() {
        // Given
        sandbox.fault(Map.of("service", "stripe", "operation", "payment_intent.created", "kind", "webhook-lost"));
        sandbox.fault(
                Map.of("service", "stripe", "operation", "payment_intent.succeeded", "kind", "webhook-duplicate"));
        var order = Api.place(Api.order());
        var id = order.<String>path("id");
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.created", "stripe"), "done"::equals);
        pay(order.path("paymentIntentId"), order.path("clientSecret"));

        // When
        var twin = (PaymentIntent) camel.requestBodyAndHeader(
                "stripe:paymentIntents",
                Map.of(
                        "amount",
                        2500,
                        "currency",
                        "usd",
                        "metadata",
                        Map.of("order_id", id),
                        "automatic_payment_methods",
                        Map.of("enabled", true, "allow_redirects", "never")),
                "CamelStripeMethod",
                "create");
        pay(twin.getId(), twin.getClientSecret());

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.alertsOf("stripe", "paid-twice"))
                .filteredOn(alert -> alert.path("orderId").asText().equals(id))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.path("count").asInt()).isEqualTo(1);
                    assertThat(alert.path("example").asText()).contains(twin.getId());
                }));
    }

    private void pay(String intentId, String clientSecret) {
        sandbox.pay(SandboxResource.publishableKey(), intentId, clientSecret, "pm_card_visa");
    }

    private int counted(String integration, String cause) {
        return sandbox.alertsOf(integration, cause).stream()
                .mapToInt(alert -> alert.path("count").asInt())
                .sum();
    }
}
