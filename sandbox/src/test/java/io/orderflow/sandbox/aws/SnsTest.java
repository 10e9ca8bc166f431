package io.orderflow.sandbox.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sns.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sns.model.InternalErrorException;
import software.amazon.awssdk.services.sns.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;
import software.amazon.awssdk.services.sns.model.Topic;

class SnsTest {

    @TempDir
    static Path data;

    private static RunningAws aws;
    private static String topic;

    @BeforeAll
    static void start() {
        aws = RunningAws.start(data);
        topic = aws.environment("ORDER_TOPIC_ARN");
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
    void shouldHaveTheTopicsOfTheEnvironment() {
        assertThat(aws.sns.listTopics().topics())
                .extracting(Topic::topicArn)
                .containsExactlyInAnyOrder(
                        "arn:aws:sns:us-east-1:000000000000:order-events",
                        "arn:aws:sns:us-east-1:000000000000:order-alerts")
                .contains(topic, aws.environment("ALERT_TOPIC_ARN"));
    }

    @Test
    void shouldShowWhatWasPublishedInOrder() {
        // Given
        var first = aws.sns.publish(request -> request.topicArn(topic)
                .subject("A new order")
                .message("{\"é\": \"<&>\"}")
                .messageAttributes(Map.of(
                        "eventType", string("order.created"),
                        "priority",
                                MessageAttributeValue.builder()
                                        .dataType("Number")
                                        .stringValue("1")
                                        .build(),
                        "picture",
                                MessageAttributeValue.builder()
                                        .dataType("Binary")
                                        .binaryValue(SdkBytes.fromUtf8String("picture"))
                                        .build())));
        aws.sns.publish(request -> request.topicArn(topic).message("second"));

        // When
        var messages = aws.effects("sns").get("messages");

        // Then
        assertThat(messages).hasSize(2);
        var shown = messages.get(0);
        assertThat(shown.get("topic").asText()).isEqualTo("order-events");
        assertThat(shown.get("messageId").asText()).isEqualTo(first.messageId());
        assertThat(shown.get("subject").asText()).isEqualTo("A new order");
        assertThat(shown.get("message").asText()).isEqualTo("{\"é\": \"<&>\"}");
        assertThat(shown.get("attributes"))
                .isEqualTo(RunningAws.json(
                        "{\"eventType\":\"order.created\",\"priority\":\"1\",\"picture\":\"cGljdHVyZQ==\"}"));
        assertThat(shown.get("publishedAt").asText()).isNotEmpty();
        assertThat(messages.get(1).get("message").asText()).isEqualTo("second");
    }

    @Test
    void shouldNotPublishToUnknownTopic() {
        assertThatThrownBy(() ->
                        aws.sns.publish(request -> request.topicArn(topic + "x").message("hello")))
                .isInstanceOfSatisfying(NotFoundException.class, missing -> {
                    assertThat(missing.statusCode()).isEqualTo(404);
                    assertThat(missing.awsErrorDetails().errorMessage()).isEqualTo("Topic does not exist");
                    assertThat(missing.requestId()).isNotEmpty();
                });
    }

    @Test
    void shouldTakeMessagesUpToTheLimit() {
        // When
        aws.sns.publish(request -> request.topicArn(topic).message("é".repeat(131_072)));

        // Then
        assertThat(aws.effects("sns").get("messages")).hasSize(1);
    }

    static Stream<Arguments> invalidMessages() {
        return Stream.of(
                invalid("no ARN", message -> message.topicArn("order-events")),
                invalid("no topic", message -> message.topicArn(null)),
                invalid("a telephone", message -> message.phoneNumber("+15550100")),
                invalid("an empty message", message -> message.message("")),
                invalid("one byte too many", message -> message.message("é".repeat(131_072) + "x")),
                invalid("an attribute that makes it too long", message -> message.message("x".repeat(262_140))
                        .messageAttributes(Map.of("a", string("b")))),
                invalid("a subject of 100", message -> message.subject("x".repeat(100))),
                invalid("a line break in the subject", message -> message.subject("a\nb")),
                invalid("another structure", message -> message.messageStructure("xml")),
                invalid("a structure without JSON", message -> message.messageStructure("json")),
                invalid("a structure without default", message -> message.messageStructure("json")
                        .message("{\"http\":\"x\"}")),
                invalid("a deduplication id on a standard topic", message -> message.messageDeduplicationId("1")),
                invalid("a group id with a space", message -> message.messageGroupId("a b")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalidMessages")
    void shouldRefuseInvalidMessage(String what, Consumer<PublishRequest.Builder> change) {
        // Given
        var request = PublishRequest.builder().topicArn(topic).message("hello").applyMutation(change);

        // When
        // Then
        assertThatThrownBy(() -> aws.sns.publish(request.build()))
                .isInstanceOfSatisfying(InvalidParameterException.class, refused -> assertThat(refused.statusCode())
                        .isEqualTo(400));
        assertThat(aws.effects("sns").get("messages")).isEmpty();
    }

    static Stream<Arguments> invalidAttributes() {
        return Stream.of(
                Arguments.of("AWS.name", "String", "x"),
                Arguments.of("two..periods", "String", "x"),
                Arguments.of(".first", "String", "x"),
                Arguments.of("with space", "String", "x"),
                Arguments.of("x".repeat(257), "String", "x"),
                Arguments.of("name", "Text", "x"),
                Arguments.of("name", "String", ""),
                Arguments.of("name", "Number", "many"),
                Arguments.of("name", "String.Array", "{}"),
                Arguments.of("name", "Binary", "text instead"));
    }

    @ParameterizedTest
    @MethodSource("invalidAttributes")
    void shouldRefuseInvalidAttribute(String name, String type, String value) {
        // Given
        var attribute = MessageAttributeValue.builder()
                .dataType(type)
                .stringValue(value)
                .build();

        // When
        // Then
        assertThatThrownBy(() -> aws.sns.publish(
                        request -> request.topicArn(topic).message("hello").messageAttributes(Map.of(name, attribute))))
                .isInstanceOf(InvalidParameterValueException.class);
    }

    @Test
    void shouldPublishTheValidEntriesOfABatch() {
        // When
        var answer = aws.sns.publishBatch(request -> request.topicArn(topic)
                .publishBatchRequestEntries(entry("good", "hello"), entry("bad", ""), entry("fine", "bye")));

        // Then
        assertThat(answer.successful()).extracting(PublishBatchResultEntry::id).containsExactly("good", "fine");
        assertThat(answer.failed())
                .singleElement()
                .returns("bad", BatchResultErrorEntry::id)
                .returns("InvalidParameter", BatchResultErrorEntry::code)
                .returns(true, BatchResultErrorEntry::senderFault);
        assertThat(aws.effects("sns").get("messages")).hasSize(2);
    }

    static Stream<Arguments> invalidBatches() {
        return Stream.of(
                Arguments.of(EmptyBatchRequestException.class, List.of()),
                Arguments.of(
                        TooManyEntriesInBatchRequestException.class,
                        IntStream.range(0, 11)
                                .mapToObj(i -> entry("e" + i, "x"))
                                .toList()),
                Arguments.of(BatchEntryIdsNotDistinctException.class, List.of(entry("a", "x"), entry("a", "y"))),
                Arguments.of(InvalidBatchEntryIdException.class, List.of(entry("a b", "x"))),
                Arguments.of(
                        BatchRequestTooLongException.class,
                        List.of(entry("a", "x".repeat(200_000)), entry("b", "x".repeat(100_000)))));
    }

    @ParameterizedTest
    @MethodSource("invalidBatches")
    void shouldRefuseInvalidBatch(Class<? extends SnsException> refusal, List<PublishBatchRequestEntry> entries) {
        assertThatThrownBy(() ->
                        aws.sns.publishBatch(request -> request.topicArn(topic).publishBatchRequestEntries(entries)))
                .isInstanceOf(refusal);
        assertThat(aws.effects("sns").get("messages")).isEmpty();
    }

    @Test
    void shouldMakeATopicOnce() {
        // Given
        var attributes = Map.of("DisplayName", "Orders", "SignatureVersion", "2");
        var arn = aws.sns
                .createTopic(request -> request.name("mine").attributes(attributes))
                .topicArn();

        // When
        var again = aws.sns.createTopic(request -> request.name("mine")).topicArn();

        // Then
        assertThat(again).isEqualTo(arn).isEqualTo("arn:aws:sns:us-east-1:000000000000:mine");
        assertThat(aws.sns.getTopicAttributes(request -> request.topicArn(arn)).attributes())
                .containsAllEntriesOf(attributes)
                .containsEntry("TopicArn", arn)
                .containsEntry("SubscriptionsConfirmed", "0");
    }

    @Test
    void shouldNotMakeATopicTwiceWithOtherAttributes() {
        // Given
        aws.sns.createTopic(request -> request.name("mine"));

        // When
        // Then
        assertThatThrownBy(() ->
                        aws.sns.createTopic(request -> request.name("mine").attributes(Map.of("DisplayName", "Other"))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("already exists with different attributes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "dot.inside", "name.fifo", ""})
    void shouldRefuseTopicName(String name) {
        assertThatThrownBy(() -> aws.sns.createTopic(request -> request.name(name)))
                .isInstanceOf(InvalidParameterException.class);
    }

    static Stream<Map<String, String>> invalidTopicAttributes() {
        return Stream.of(
                Map.of("SignatureVersion", "3"),
                Map.of("Colour", "red"),
                Map.of("FifoTopic", "true"),
                Map.of("ContentBasedDeduplication", "true"));
    }

    @ParameterizedTest
    @MethodSource("invalidTopicAttributes")
    void shouldRefuseTopicAttributes(Map<String, String> attributes) {
        assertThatThrownBy(() ->
                        aws.sns.createTopic(request -> request.name("mine").attributes(attributes)))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void shouldListTopicsPageByPage() {
        // Given
        for (int i = 0; i < 120; i++) {
            var name = "topic-" + i;
            aws.sns.createTopic(request -> request.name(name));
        }

        // When
        var topics = aws.sns.listTopicsPaginator().topics();

        // Then
        assertThat(topics.stream().map(Topic::topicArn).distinct()).hasSize(122);
    }

    @Test
    void shouldRefuseActionThatItDoesNotKnow() {
        assertThatThrownBy(() -> aws.sns.deleteTopic(request -> request.topicArn(topic)))
                .isInstanceOfSatisfying(SnsException.class, refused -> assertThat(
                                refused.awsErrorDetails().errorCode())
                        .isEqualTo("InvalidAction"));
    }

    @Test
    void shouldNotPublishWhenThrottled() {
        // Given
        aws.fault("sns", "Publish", "rate-limit", "");

        // When
        // Then
        assertThatThrownBy(
                        () -> aws.sns.publish(request -> request.topicArn(topic).message("hello")))
                .isInstanceOfSatisfying(SnsException.class, throttled -> assertThat(throttled.isThrottlingException())
                        .isTrue());
        assertThat(aws.effects("sns").get("messages")).isEmpty();
    }

    @Test
    void shouldNotPublishWhenFailing() {
        // Given
        aws.fault("sns", "Publish", "status", "\"status\":500");

        // When
        // Then
        assertThatThrownBy(
                        () -> aws.sns.publish(request -> request.topicArn(topic).message("hello")))
                .isInstanceOf(InternalErrorException.class);
        assertThat(aws.effects("sns").get("messages")).isEmpty();
    }

    @Test
    void shouldPublishWhenAnswerIsLost() {
        // Given
        aws.fault("sns", "Publish", "lost-answer", "");

        // When
        // Then
        assertThatThrownBy(
                        () -> aws.sns.publish(request -> request.topicArn(topic).message("hello")))
                .isInstanceOf(SdkClientException.class);
        assertThat(aws.effects("sns").get("messages")).hasSize(1);
    }

    @Test
    void shouldForgetMessagesAndOtherTopicsOnReset() {
        // Given
        aws.sns.publish(request -> request.topicArn(topic).message("hello"));
        aws.sns.createTopic(request -> request.name("mine"));

        // When
        aws.reset();

        // Then
        assertThat(aws.effects("sns").get("messages")).isEmpty();
        assertThat(aws.sns.listTopics().topics()).hasSize(2);
    }

    private static Arguments invalid(String what, Consumer<PublishRequest.Builder> change) {
        return Arguments.of(what, change);
    }

    private static MessageAttributeValue string(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }

    private static PublishBatchRequestEntry entry(String id, String message) {
        return PublishBatchRequestEntry.builder().id(id).message(message).build();
    }
}
