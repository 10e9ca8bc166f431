package io.orderflow.sandbox.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.PublishResponse;

class SnsFifoTest {

    /** Five minutes are three seconds here. */
    private static final double TIME_SCALE = 0.01;

    @TempDir
    static Path data;

    private static RunningAws aws;

    @BeforeAll
    static void start() {
        aws = RunningAws.start(data, 0, TIME_SCALE);
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
    void shouldRequireAGroup() {
        // Given
        var topic = create(Map.of("FifoTopic", "true"));

        // When
        // Then
        assertThatThrownBy(() -> publish(topic, null, "1", "hello"))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("MessageGroupId");
    }

    @Test
    void shouldRequireADeduplicationIdUnlessContentServes() {
        // Given
        var topic = create(Map.of("FifoTopic", "true"));

        // When
        // Then
        assertThatThrownBy(() -> publish(topic, "group", null, "hello"))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("MessageDeduplicationId");
    }

    @Test
    void shouldTakeAMessageOnceAndAgainAfterFiveMinutes() {
        // Given
        var topic = create(Map.of("FifoTopic", "true"));
        var first = publish(topic, "group", "1", "hello");

        // When
        var second = publish(topic, "other-group", "1", "hello again");

        // Then
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.sequenceNumber()).isEqualTo(first.sequenceNumber());
        assertThat(aws.effects("sns").get("messages")).hasSize(1);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> !publish(topic, "group", "1", "hello").messageId().equals(first.messageId()));
    }

    @Test
    void shouldNumberMessagesInOrder() {
        // Given
        var topic = create(Map.of("FifoTopic", "true"));
        var first = publish(topic, "group", "1", "hello");

        // When
        var second = publish(topic, "group", "2", "hello");

        // Then
        assertThat(second.sequenceNumber())
                .isGreaterThan(first.sequenceNumber())
                .hasSize(20);
    }

    @Test
    void shouldDeduplicateByContent() {
        // Given
        var topic = create(Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true"));
        publish(topic, "group", null, "hello");

        // When
        publish(topic, "group", null, "hello");
        publish(topic, "group", null, "bye");

        // Then
        assertThat(aws.effects("sns").get("messages")).hasSize(2);
    }

    @Test
    void shouldDeduplicateWithinAGroup() {
        // Given
        var topic = create(Map.of("FifoTopic", "true", "FifoThroughputScope", "MessageGroup"));
        publish(topic, "group", "1", "hello");

        // When
        publish(topic, "group", "1", "hello");
        publish(topic, "other-group", "1", "hello");

        // Then
        assertThat(aws.effects("sns").get("messages")).hasSize(2);
    }

    @Test
    void shouldTakeQueuesAsSubscribersOnly() {
        // Given
        var topic = create(Map.of("FifoTopic", "true"));

        // When
        // Then
        assertThatThrownBy(() -> aws.sns.subscribe(request ->
                        request.topicArn(topic).protocol("http").endpoint("http://localhost:8080/webhooks/sns")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void shouldDeliverGroupAndDeduplicationIdToAFifoQueue() {
        // Given
        var topic = create(Map.of("FifoTopic", "true"));
        var queue = aws.sqs
                .createQueue(request -> request.queueName("orders.fifo")
                        .attributesWithStrings(Map.of("FifoQueue", "true", "ContentBasedDeduplication", "false")))
                .queueUrl();
        aws.sns.subscribe(request -> request.topicArn(topic)
                .protocol("sqs")
                .endpoint("arn:aws:sqs:us-east-1:000000000000:orders.fifo")
                .attributes(Map.of("RawMessageDelivery", "true")));

        // When
        publish(topic, "group", "1", "hello");

        // Then
        var message = aws.sqs
                .receiveMessage(request ->
                        request.queueUrl(queue).waitTimeSeconds(5).messageSystemAttributeNamesWithStrings("All"))
                .messages()
                .getFirst();
        assertThat(message.body()).isEqualTo("hello");
        assertThat(message.attributesAsStrings())
                .containsEntry("MessageGroupId", "group")
                .containsEntry("MessageDeduplicationId", "1");
    }

    private static String create(Map<String, String> attributes) {
        return aws.sns
                .createTopic(request -> request.name("orders.fifo").attributes(attributes))
                .topicArn();
    }

    private static PublishResponse publish(String topic, String group, String deduplicationId, String message) {
        return aws.sns.publish(request -> request.topicArn(topic)
                .messageGroupId(group)
                .messageDeduplicationId(deduplicationId)
                .message(message));
    }
}
