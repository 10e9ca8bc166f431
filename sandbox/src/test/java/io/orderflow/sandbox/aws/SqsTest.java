package io.orderflow.sandbox.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.RequestThrottledException;
import software.amazon.awssdk.services.sqs.model.SqsException;

class SqsTest {

    @TempDir
    static Path data;

    private static RunningAws aws;
    private static String events;
    private static String deadLetters;

    @BeforeAll
    static void start() {
        aws = RunningAws.start(data);
        events = aws.environment("ORDER_EVENTS_QUEUE");
        deadLetters = aws.environment("DEAD_LETTER_QUEUE");
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
    void shouldHandOutQueueUrlsOfTheSandboxItself() {
        assertThat(events).isEqualTo(aws.base() + "/000000000000/order-events");
        assertThat(deadLetters).isEqualTo(aws.base() + "/000000000000/order-dead-letters");
    }

    @Test
    void shouldDeliverWhatIsSent() {
        // Given
        aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("hello"));

        // When
        var received = receive(events, 0);

        // Then
        assertThat(received).extracting(Message::body).containsExactly("hello");
    }

    @Test
    void shouldAnswerOnTheQueueUrl() {
        // Given
        aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("hello"));

        // When
        var answer = aws.send(aws.request("/000000000000/order-events")
                .header("X-Amz-Target", "AmazonSQS.ReceiveMessage")
                .header("Content-Type", "application/x-amz-json-1.0")
                .POST(HttpRequest.BodyPublishers.ofString("{\"QueueUrl\":\"" + events + "\"}")));

        // Then
        assertThat(RunningAws.json(answer.body()).at("/Messages/0/Body").asText())
                .isEqualTo("hello");
    }

    @Test
    void shouldSayThatAQueueDoesNotExist() {
        assertThatThrownBy(() -> aws.sqs.getQueueUrl(request -> request.queueName("nowhere")))
                .isInstanceOf(QueueDoesNotExistException.class);
    }

    @Test
    @Timeout(15)
    void shouldEndEachOfManyLongPollsWhenItsMessageComes() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            var polls = IntStream.range(0, 60)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> receive(events, 20), threads))
                    .toList();
            Awaitility.await()
                    .until(() -> RunningAws.json(aws.get("/sandbox/calls").body())
                                    .at("/sqs/ReceiveMessage")
                                    .asInt()
                            == 60);

            // When
            IntStream.range(0, 60)
                    .forEach(i -> aws.sqs.sendMessage(
                            request -> request.queueUrl(events).messageBody("message " + i)));

            // Then
            assertThat(polls.stream().flatMap(poll -> poll.join().stream()).map(Message::body))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 60).mapToObj(i -> "message " + i).toList());
        }
    }

    @Test
    @Timeout(15)
    void shouldGiveBackTheMessageOfACallerThatHasGone() throws IOException {
        // Given
        var body = "{\"QueueUrl\":\"" + events + "\",\"WaitTimeSeconds\":20,\"VisibilityTimeout\":60}";
        try (var caller = new Socket("localhost", aws.base().getPort())) {
            caller.getOutputStream()
                    .write(("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\n"
                                    + "Content-Type: application/x-amz-json-1.0\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            Awaitility.await()
                    .until(() -> RunningAws.json(aws.get("/sandbox/calls").body())
                                    .at("/sqs/ReceiveMessage")
                                    .asInt()
                            == 1);
        }

        // When
        aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("hello"));

        // Then
        assertThat(receive(events, 10)).extracting(Message::body).containsExactly("hello");
    }

    @Test
    void shouldNotSendWhenThrottled() {
        // Given
        aws.fault("sqs", "SendMessage", "rate-limit", "");

        // When
        // Then
        assertThatThrownBy(() ->
                        aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("hello")))
                .isInstanceOfSatisfying(
                        RequestThrottledException.class, throttled -> assertThat(throttled.isThrottlingException())
                                .isTrue());
        assertThat(receive(events, 0)).isEmpty();
    }

    @Test
    void shouldNotSendWhenFailing() {
        // Given
        aws.fault("sqs", "SendMessage", "status", "\"status\":500");

        // When
        // Then
        assertThatThrownBy(() ->
                        aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("hello")))
                .isInstanceOfSatisfying(SqsException.class, failure -> assertThat(failure.statusCode())
                        .isEqualTo(500));
        assertThat(receive(events, 0)).isEmpty();
    }

    @Test
    void shouldSendWhenAnswerIsLost() {
        // Given
        aws.fault("sqs", "SendMessage", "lost-answer", "");

        // When
        // Then
        assertThatThrownBy(() ->
                        aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("hello")))
                .isInstanceOf(SdkClientException.class);
        assertThat(receive(events, 0)).hasSize(1);
    }

    @Test
    void shouldShowDeadLettersAndNotReceiveThem() {
        // Given
        aws.sqs.sendMessage(request -> request.queueUrl(deadLetters).messageBody("{\"why\":\"gone\"}"));

        // When
        var shown = aws.effects("sqs");

        // Then
        assertThat(shown.at("/deadLetters/0/body").asText()).isEqualTo("{\"why\":\"gone\"}");
        assertThat(shown.at("/deadLetters/0/receiveCount").asInt()).isZero();
        assertThat(shown.at("/queues/order-dead-letters/visible").asInt()).isEqualTo(1);
        assertThat(receive(deadLetters, 0)).hasSize(1);
    }

    @Test
    void shouldCountWhatWaitsIsInFlightAndComesLater() {
        // Given
        aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("in flight"));
        receive(events, 0);
        aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("waits"));
        aws.sqs.sendMessage(
                request -> request.queueUrl(events).messageBody("later").delaySeconds(600));

        // When
        var counts = aws.effects("sqs").at("/queues/order-events");

        // Then
        assertThat(counts).isEqualTo(RunningAws.json("{\"visible\":1,\"inFlight\":1,\"delayed\":1}"));
    }

    @Test
    void shouldEmptyQueuesOnReset() {
        // Given
        aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("in flight"));
        receive(events, 0);
        aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("waits"));
        aws.sqs.sendMessage(
                request -> request.queueUrl(events).messageBody("later").delaySeconds(600));
        aws.sqs.sendMessage(request -> request.queueUrl(deadLetters).messageBody("dead"));

        // When
        aws.reset();

        // Then
        var empty = RunningAws.json("{\"visible\":0,\"inFlight\":0,\"delayed\":0}");
        var shown = aws.effects("sqs");
        assertThat(shown.at("/queues/order-events")).isEqualTo(empty);
        assertThat(shown.at("/queues/order-dead-letters")).isEqualTo(empty);
        assertThat(shown.at("/deadLetters")).isEmpty();
    }

    @Test
    void shouldForgetDeadLettersThatAreReceivedOrPurged() {
        // Given
        aws.sqs.sendMessage(request -> request.queueUrl(deadLetters).messageBody("received"));
        var received = receive(deadLetters, 0).getFirst();
        aws.sqs.sendMessage(request -> request.queueUrl(deadLetters).messageBody("purged"));

        // When
        aws.sqs.deleteMessage(request -> request.queueUrl(deadLetters).receiptHandle(received.receiptHandle()));
        aws.sqs.purgeQueue(request -> request.queueUrl(deadLetters));

        // Then
        assertThat(aws.effects("sqs").at("/deadLetters")).isEmpty();
    }

    private static List<Message> receive(String queue, int seconds) {
        return aws.sqs
                .receiveMessage(request -> request.queueUrl(queue)
                        .waitTimeSeconds(seconds)
                        .overrideConfiguration(c -> c.apiCallTimeout(Duration.ofSeconds(30))))
                .messages();
    }
}
