package io.orderflow.monitoring;

import static io.orderflow.testing.Api.caller;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.matchesPattern;

import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What CloudWatch and Prometheus are told, by the real route. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class CloudWatchTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    MetricGains gains;

    private SandboxClient sandbox;

    @BeforeEach
    void setUp() {
        sandbox = SandboxResource.client();
        // What tests before this one have gained is not to be mixed up with what this one gains.
        await().atMost(SOON).until(() -> gains.gained().stream()
                .noneMatch(datum -> datum.metricName().equals("OrdersAccepted")));
    }

    @AfterEach
    void healAll() {
        sandbox.clearFaults();
    }

    @Test
    void shouldTellCloudWatchOfAnOrderAndOfItsDeliveriesOnce() {
        // Given
        var accepted = sent("OrdersAccepted", Map.of());
        var announced = sent("Deliveries", dimensions("sns", "done"));
        var key = Api.newKey();

        // When
        Api.place(Api.order(), key).then().statusCode(201);
        Api.place(Api.order(), key).then().statusCode(200);

        // Then
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(sent("OrdersAccepted", Map.of())).isEqualTo(accepted + 1);
            assertThat(sent("Deliveries", dimensions("sns", "done"))).isGreaterThan(announced);
        });
        assertThat(gains.gained()).noneMatch(datum -> datum.metricName().equals("OrdersAccepted"));
        caller().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(matchesPattern("(?s).*orderflow_orders_accepted_total(\\{[^}]*})? [1-9].*"))
                .body(containsString("integration=\"sendgrid\",outcome=\"done\""));
    }

    @Test
    void shouldTellLaterWhatCloudWatchDidNotTake() {
        // Given
        var accepted = sent("OrdersAccepted", Map.of());
        sandbox.resetCalls();
        sandbox.fault(Map.of("service", "cloudwatch", "kind", "status", "status", 503));

        // When
        var id = Api.place(Api.order()).<String>path("id");
        await().atMost(SOON)
                .until(() ->
                        sandbox.calls().path("cloudwatch").path("PutMetricData").asInt() >= 2);
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.created", "sns"), "done"::equals);
        var meanwhile = sent("OrdersAccepted", Map.of());
        sandbox.clearFaults();

        // Then
        assertThat(meanwhile).isEqualTo(accepted);
        await().atMost(SOON).untilAsserted(() -> assertThat(sent("OrdersAccepted", Map.of()))
                .isEqualTo(accepted + 1));
    }

    @Test
    void shouldTellOfADeliveryThatIsDead() {
        // Given
        var dead = sent("Deliveries", dimensions("sendgrid", "dead"));
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 400));

        // When
        Api.place(Api.order()).then().statusCode(201);

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(sent("Deliveries", dimensions("sendgrid", "dead")))
                .isGreaterThan(dead));
    }

    private static Map<String, String> dimensions(String integration, String outcome) {
        return Map.of("Integration", integration, "Outcome", outcome);
    }

    /** The sum of a metric as CloudWatch has it. */
    private double sent(String metric, Map<String, String> dimensions) {
        return sandbox.effects("cloudwatch")
                .path("dataPoints")
                .valueStream()
                .filter(point -> point.path("namespace").asText().equals("Orderflow"))
                .filter(point -> point.path("metricName").asText().equals(metric))
                .filter(point -> point.path("dimensions")
                        .propertyStream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                dimension -> dimension.getValue().asText()))
                        .equals(dimensions))
                .mapToDouble(point -> point.path("value").asDouble())
                .sum();
    }
}
