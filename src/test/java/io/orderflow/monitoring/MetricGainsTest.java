package io.orderflow.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orderflow.domain.Outcome;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

class MetricGainsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Counters counters = new Counters(registry);
    private final MetricGains gains = new MetricGains(registry, Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void shouldSayNothingWhenNothingWasGained() {
        // Then
        assertThat(gains.gained()).isEmpty();
    }

    @Test
    void shouldSayWhatWasGainedAsMetricsWithDimensions() {
        // Given
        counters.accepted();
        counters.accepted();
        counters.settled("sns", new Outcome.Done(null));

        // When
        var gained = gains.gained();

        // Then
        assertThat(text(gained))
                .containsExactlyInAnyOrder("OrdersAccepted[] 2.0", "Deliveries[Integration=sns, Outcome=done] 1.0");
        assertThat(gained).allSatisfy(datum -> {
            assertThat(datum.unit()).isEqualTo(StandardUnit.COUNT);
            assertThat(datum.timestamp()).isEqualTo(NOON);
        });
    }

    @Test
    void shouldSayEachGainOnceWhenItIsTaken() {
        // Given
        counters.accepted();
        gains.taken(gains.gained());
        var after = gains.gained();

        // When
        counters.accepted();
        counters.accepted();

        // Then
        assertThat(after).isEmpty();
        assertThat(text(gains.gained())).containsExactly("OrdersAccepted[] 2.0");
    }

    @Test
    void shouldKeepWhatWasNotTaken() {
        // Given
        counters.accepted();
        var lost = gains.gained();

        // When
        counters.accepted();

        // Then
        assertThat(text(lost)).containsExactly("OrdersAccepted[] 1.0");
        assertThat(text(gains.gained())).containsExactly("OrdersAccepted[] 2.0");
    }

    @Test
    void shouldKeepWhatWasGainedDuringThePut() {
        // Given
        counters.accepted();
        var put = gains.gained();
        counters.accepted();

        // When
        gains.taken(put);

        // Then
        assertThat(text(gains.gained())).containsExactly("OrdersAccepted[] 1.0");
    }

    @Test
    void shouldSayNoMoreAtOnceThanOnePutTakes() {
        // Given
        for (int i = 0; i < MetricGains.MOST + 1; i++) {
            counters.settled("integration-" + i, new Outcome.Done(null));
        }

        // When
        var first = gains.gained();
        gains.taken(first);
        var second = gains.gained();

        // Then
        assertThat(first).hasSize(MetricGains.MOST);
        assertThat(second).hasSize(1);
        assertThat(new HashSet<>(text(first))).doesNotContainAnyElementsOf(text(second));
    }

    @Test
    void shouldLeaveTheCountersOfOthersAlone() {
        // Given
        registry.counter("http.requests").increment();

        // Then
        assertThat(gains.gained()).isEmpty();
    }

    private static List<String> text(List<MetricDatum> data) {
        return data.stream()
                .map(datum -> datum.metricName()
                        + datum.dimensions().stream()
                                .map(dimension -> dimension.name() + "=" + dimension.value())
                                .collect(Collectors.joining(", ", "[", "] "))
                        + datum.value())
                .toList();
    }
}
