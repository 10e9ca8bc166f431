package io.orderflow.sandbox.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.InternalServiceException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.MissingRequiredParameterException;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

class CloudWatchTest {

    @TempDir
    static Path data;

    private static RunningAws aws;

    @BeforeAll
    static void start() {
        aws = RunningAws.start(data);
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    @BeforeEach
    void reset() {
        aws.reset();
    }

    @Test
    void shouldShowTheDataPointsThatWerePut() {
        // Given
        var time = Instant.now().minusSeconds(60).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);

        // When
        put(
                datum().value(1.5)
                        .unit(StandardUnit.COUNT_SECOND)
                        .storageResolution(1)
                        .timestamp(time)
                        .dimensions(dimension("route", "order-created"), dimension("leg", "stripe"))
                        .build(),
                datum().statisticValues(
                                s -> s.sampleCount(2.0).sum(3.0).minimum(1.0).maximum(2.0))
                        .build(),
                datum().values(1.0, 2.0).counts(3.0, 4.0).build(),
                datum().values(5.0).build());

        // Then
        var points = points();
        assertThat(points.get(0))
                .isEqualTo(RunningAws.json("{\"namespace\":\"Orderflow\",\"metricName\":\"orders\","
                        + "\"dimensions\":{\"route\":\"order-created\",\"leg\":\"stripe\"},\"timestamp\":\"" + time
                        + "\",\"value\":1.5,\"unit\":\"Count/Second\",\"storageResolution\":1}"));
        assertThat(points.get(1).get("statistics"))
                .isEqualTo(RunningAws.json("{\"SampleCount\":2,\"Sum\":3,\"Minimum\":1,\"Maximum\":2}"));
        assertThat(points.get(2).get("values")).isEqualTo(RunningAws.json("[1,2]"));
        assertThat(points.get(2).get("counts")).isEqualTo(RunningAws.json("[3,4]"));
        assertThat(points.get(3).get("counts")).isEqualTo(RunningAws.json("[1]"));
    }

    @Test
    void shouldTakeCompressedRequests() {
        // Given
        var many = IntStream.range(0, 1000)
                .mapToObj(i -> datum().value((double) i)
                        .dimensions(dimension("route", "a long name of a route " + i))
                        .build())
                .toArray(MetricDatum[]::new);

        // When
        put(many);

        // Then
        assertThat(points()).hasSize(1000);
    }

    static Stream<Arguments> invalidData() {
        return Stream.of(
                refused(InvalidParameterValueException.class, d -> d.value(Double.NaN)),
                refused(InvalidParameterValueException.class, d -> d.value(Double.POSITIVE_INFINITY)),
                refused(InvalidParameterValueException.class, d -> d.value(Math.scalb(1.0, 361))),
                refused(InvalidParameterValueException.class, d -> d.value(1.0).unit("Apples")),
                refused(InvalidParameterValueException.class, d -> d.value(1.0).storageResolution(30)),
                refused(InvalidParameterValueException.class, d -> d.value(1.0)
                        .timestamp(Instant.now().minus(Duration.ofDays(15)))),
                refused(InvalidParameterValueException.class, d -> d.value(1.0)
                        .timestamp(Instant.now().plus(Duration.ofHours(3)))),
                refused(InvalidParameterValueException.class, d -> d.value(1.0)
                        .dimensions(IntStream.range(0, 31)
                                .mapToObj(i -> dimension("d" + i, "x"))
                                .toList())),
                refused(InvalidParameterValueException.class, d -> d.value(1.0).dimensions(dimension(":d", "x"))),
                refused(InvalidParameterValueException.class, d -> d.value(1.0).dimensions(dimension("d", " "))),
                refused(InvalidParameterValueException.class, d -> d.value(1.0).dimensions(dimension("d", "\u00e9"))),
                refused(InvalidParameterValueException.class, d -> d.values(1.0, 2.0)
                        .counts(1.0)),
                refused(InvalidParameterValueException.class, d -> d.values(1.0).counts(0.0)),
                refused(InvalidParameterValueException.class, d -> d.values(java.util.Collections.nCopies(151, 1.0))),
                refused(InvalidParameterCombinationException.class, d -> d.value(1.0)
                        .values(1.0)),
                refused(InvalidParameterCombinationException.class, d -> d.value(1.0)
                        .counts(1.0)),
                refused(MissingRequiredParameterException.class, d -> {}),
                refused(MissingRequiredParameterException.class, d -> d.value(1.0)
                        .metricName(null)),
                refused(MissingRequiredParameterException.class, d -> d.value(1.0)
                        .dimensions(dimension("d", ""))),
                refused(MissingRequiredParameterException.class, d -> d.statisticValues(s -> s.sum(1.0))));
    }

    @ParameterizedTest
    @MethodSource("invalidData")
    void shouldTakeNothingWhenOneDatumIsInvalid(
            Class<? extends CloudWatchException> refusal, Consumer<MetricDatum.Builder> change) {
        // Given
        var valid = datum().value(1.0).build();
        var invalid = datum().applyMutation(change).build();

        // When
        // Then
        assertThatThrownBy(() -> put(valid, invalid)).isInstanceOf(refusal);
        assertThat(points()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS/Orderflow", ":Orderflow"})
    void shouldRefuseNamespace(String namespace) {
        assertThatThrownBy(() -> aws.cloudWatch.putMetricData(request -> request.namespace(namespace)
                        .metricData(datum().value(1.0).build())))
                .isInstanceOf(InvalidParameterValueException.class);
    }

    @Test
    void shouldRefuseMoreThanAThousand() {
        // Given
        var many = java.util.Collections.nCopies(1001, datum().value(1.0).build());

        // When
        // Then
        assertThatThrownBy(() -> put(many.toArray(MetricDatum[]::new)))
                .isInstanceOf(InvalidParameterValueException.class);
    }

    @Test
    void shouldRefuseAnEmptyRequest() {
        assertThatThrownBy(() -> aws.cloudWatch.putMetricData(request -> request.namespace("Orderflow")))
                .isInstanceOf(MissingRequiredParameterException.class);
    }

    @Test
    void shouldRefuseWhatIsNoCbor() {
        // When
        var answer = aws.send(aws.request("/service/GraniteServiceVersion20100801/operation/PutMetricData")
                .header("smithy-protocol", "rpc-v2-cbor")
                .header("Content-Type", "application/cbor")
                .POST(HttpRequest.BodyPublishers.ofString("{\"Namespace\":\"Orderflow\"}")));

        // Then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("smithy-protocol")).contains("rpc-v2-cbor");
        assertThat(answer.headers().firstValue("x-amzn-query-error")).contains("SerializationException;Sender");
    }

    @Test
    void shouldRefuseOperationThatItDoesNotKnow() {
        assertThatThrownBy(() -> aws.cloudWatch.listMetrics())
                .isInstanceOfSatisfying(CloudWatchException.class, refused -> assertThat(
                                refused.awsErrorDetails().errorCode())
                        .isEqualTo("InvalidAction"));
    }

    @Test
    void shouldTakeNothingWhenThrottled() {
        // Given
        aws.fault("cloudwatch", "PutMetricData", "rate-limit", "");

        // When
        // Then
        assertThatThrownBy(() -> put(datum().value(1.0).build()))
                .isInstanceOfSatisfying(
                        CloudWatchException.class, throttled -> assertThat(throttled.isThrottlingException())
                                .isTrue());
        assertThat(points()).isEmpty();
    }

    @Test
    void shouldTakeNothingWhenFailing() {
        // Given
        aws.fault("cloudwatch", "PutMetricData", "status", "\"status\":500");

        // When
        // Then
        assertThatThrownBy(() -> put(datum().value(1.0).build())).isInstanceOf(InternalServiceException.class);
        assertThat(points()).isEmpty();
    }

    @Test
    void shouldTakeTheDataWhenAnswerIsLost() {
        // Given
        aws.fault("cloudwatch", "PutMetricData", "lost-answer", "");

        // When
        // Then
        assertThatThrownBy(() -> put(datum().value(1.0).build())).isInstanceOf(SdkClientException.class);
        assertThat(points()).hasSize(1);
    }

    private static Arguments refused(
            Class<? extends CloudWatchException> refusal, Consumer<MetricDatum.Builder> change) {
        return Arguments.of(refusal, change);
    }

    private static MetricDatum.Builder datum() {
        return MetricDatum.builder().metricName("orders");
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }

    private static void put(MetricDatum... data) {
        aws.cloudWatch.putMetricData(request -> request.namespace("Orderflow").metricData(List.of(data)));
    }

    private static com.fasterxml.jackson.databind.JsonNode points() {
        return aws.effects("cloudwatch").get("dataPoints");
    }
}
