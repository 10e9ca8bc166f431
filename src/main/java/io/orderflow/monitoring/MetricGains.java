package io.orderflow.monitoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/**
 * What the counters have gained since CloudWatch last took it. A counter {@code orderflow.orders.accepted} is the metric
 * {@code OrdersAccepted}, and its tags are dimensions.
 *
 * <p>What CloudWatch does not take stays gained, and goes with the next put under that put's time. So does what it took
 * without our hearing of it: PutMetricData has no way to recognise a repeat, and of the two mistakes a dead letter that
 * is shown twice is better than one that is not shown. What an instance has gained since its last put ends with it.
 */
@ApplicationScoped
@Named("metricGains")
@RegisterForReflection
public class MetricGains {

    /** As many as one PutMetricData takes. */
    static final int MOST = 1000;

    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<Series, Double> taken = new HashMap<>();

    MetricGains(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    private record Series(String metric, List<Dimension> dimensions) {

        static Series of(Counter counter) {
            var id = counter.getId();
            var dimensions = id.getTags().stream().map(Series::dimension).toList();
            return new Series(pascalCase(id.getName().substring(Counters.PREFIX.length())), dimensions);
        }

        static Series of(MetricDatum datum) {
            return new Series(datum.metricName(), datum.dimensions());
        }

        private static Dimension dimension(Tag tag) {
            return Dimension.builder()
                    .name(pascalCase(tag.getKey()))
                    .value(tag.getValue())
                    .build();
        }

        private static String pascalCase(String name) {
            return Arrays.stream(name.split("\\W+"))
                    .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                    .collect(Collectors.joining());
        }
    }

    /** The gains, at most {@value #MOST}; the rest go with the next put. Empty when nothing was gained. */
    public synchronized List<MetricDatum> gained() {
        var now = clock.instant();
        return counters()
                .map(counter -> {
                    var series = Series.of(counter);
                    return MetricDatum.builder()
                            .metricName(series.metric())
                            .dimensions(series.dimensions())
                            .unit(StandardUnit.COUNT)
                            .value(counter.count() - taken.getOrDefault(series, 0.0))
                            .timestamp(now)
                            .build();
                })
                .filter(datum -> datum.value() > 0)
                .limit(MOST)
                .toList();
    }

    private Stream<Counter> counters() {
        return registry.getMeters().stream()
                .filter(Counter.class::isInstance)
                .map(Counter.class::cast)
                .filter(counter -> counter.getId().getName().startsWith(Counters.PREFIX));
    }

    /** CloudWatch has said that it took these. */
    public synchronized void taken(@Body List<MetricDatum> put) {
        put.forEach(datum -> taken.merge(Series.of(datum), datum.value(), Double::sum));
    }
}
