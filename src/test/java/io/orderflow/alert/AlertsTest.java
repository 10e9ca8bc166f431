package io.orderflow.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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

        // Then
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(sandbox.alertsOf("sendgrid", cause))
                .extracting(alert -> alert.path("count").asInt())
                .containsExactly(1, 300));
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
    void shouldAlertOfCausesThatNoSubjectTakes() {
        // When
        alerts.raise("chat", "line\nbreak " + "ö".repeat(300) + cause, "Text", null);

        // Then
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sandbox.alertsOf("chat", ("line-break-" + cause).substring(0, 40)))
                        .isNotEmpty());
    }
}
