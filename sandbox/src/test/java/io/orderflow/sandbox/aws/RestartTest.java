package io.orderflow.sandbox.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

class RestartTest {

    @TempDir
    Path data;

    @Test
    void shouldKeepItems() {
        // Given
        try (var aws = RunningAws.start(data)) {
            aws.dynamoDb.putItem(request -> request.tableName("orders").item(Map.of("id", AttributeValue.fromS("1"))));
        }

        // When
        try (var aws = RunningAws.start(data)) {

            // Then
            assertThat(aws.effects("dynamodb").at("/tables/orders/items").asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldKeepQueuesAndMessages() {
        // Given
        try (var aws = RunningAws.start(data)) {
            var mine = aws.sqs
                    .createQueue(request ->
                            request.queueName("mine").attributesWithStrings(Map.of("VisibilityTimeout", "77")))
                    .queueUrl();
            aws.sqs.sendMessage(request -> request.queueUrl(mine)
                    .messageBody("hello é")
                    .messageAttributes(Map.of(
                            "kind",
                            MessageAttributeValue.builder()
                                    .dataType("String")
                                    .stringValue("greeting")
                                    .build())));
            var deleted =
                    aws.sqs.createQueue(request -> request.queueName("deleted")).queueUrl();
            aws.sqs.deleteQueue(request -> request.queueUrl(deleted));
        }

        // When
        try (var aws = RunningAws.start(data)) {

            // Then
            assertThat(aws.sqs.listQueues().queueUrls())
                    .extracting(url -> url.substring(url.lastIndexOf('/') + 1))
                    .containsExactlyInAnyOrder("order-events", "order-dead-letters", "mine");
            var mine = aws.sqs.getQueueUrl(request -> request.queueName("mine")).queueUrl();
            assertThat(aws.sqs
                            .getQueueAttributes(
                                    request -> request.queueUrl(mine).attributeNamesWithStrings("All"))
                            .attributesAsStrings())
                    .containsEntry("VisibilityTimeout", "77");
            var message = aws.sqs
                    .receiveMessage(request -> request.queueUrl(mine).messageAttributeNames("All"))
                    .messages()
                    .getFirst();
            assertThat(message.body()).isEqualTo("hello é");
            assertThat(message.messageAttributes().get("kind").stringValue()).isEqualTo("greeting");
        }
    }

    @Test
    void shouldKeepTheOrderOfAFifoQueue() {
        // Given
        try (var aws = RunningAws.start(data)) {
            var queue = aws.sqs
                    .createQueue(request ->
                            request.queueName("mine.fifo").attributesWithStrings(Map.of("FifoQueue", "true")))
                    .queueUrl();
            for (int i = 0; i < 10; i++) {
                var body = String.valueOf(i);
                aws.sqs.sendMessage(request -> request.queueUrl(queue)
                        .messageBody(body)
                        .messageGroupId("group")
                        .messageDeduplicationId(body));
            }
        }

        // When
        try (var aws = RunningAws.start(data)) {
            var queue = aws.sqs
                    .getQueueUrl(request -> request.queueName("mine.fifo"))
                    .queueUrl();
            var messages = aws.sqs
                    .receiveMessage(request -> request.queueUrl(queue).maxNumberOfMessages(10))
                    .messages();

            // Then
            assertThat(messages)
                    .extracting(Message::body)
                    .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        }
    }

    @Test
    void shouldForgetMessagesThatWereDeletedOrPurged() {
        // Given
        try (var aws = RunningAws.start(data)) {
            var events = aws.environment("ORDER_EVENTS_QUEUE");
            var deadLetters = aws.environment("DEAD_LETTER_QUEUE");
            aws.sqs.sendMessage(request -> request.queueUrl(events).messageBody("deleted"));
            var received = aws.sqs
                    .receiveMessage(request -> request.queueUrl(events))
                    .messages()
                    .getFirst();
            aws.sqs.deleteMessage(request -> request.queueUrl(events).receiptHandle(received.receiptHandle()));
            aws.sqs.sendMessage(request -> request.queueUrl(deadLetters).messageBody("purged"));
            aws.sqs.purgeQueue(request -> request.queueUrl(deadLetters));
        }

        // When
        try (var aws = RunningAws.start(data)) {

            // Then
            var none = RunningAws.json("{\"visible\":0,\"inFlight\":0,\"delayed\":0}");
            assertThat(aws.effects("sqs").at("/queues/order-events")).isEqualTo(none);
            assertThat(aws.effects("sqs").at("/queues/order-dead-letters")).isEqualTo(none);
        }
    }

    @Test
    void shouldStayEmptyAfterAReset() {
        // Given
        try (var aws = RunningAws.start(data)) {
            aws.dynamoDb.putItem(request -> request.tableName("orders").item(Map.of("id", AttributeValue.fromS("1"))));
            aws.sqs.sendMessage(request ->
                    request.queueUrl(aws.environment("DEAD_LETTER_QUEUE")).messageBody("dead"));
            aws.reset();
        }

        // When
        try (var aws = RunningAws.start(data)) {

            // Then
            assertThat(aws.effects("dynamodb").at("/tables/orders/items").asInt())
                    .isZero();
            assertThat(aws.effects("sqs").get("deadLetters")).isEmpty();
        }
    }

    @Test
    void shouldKeepMessagesSubscriptionsAndTheSigningKey() {
        try (var subscriber = new Subscriber()) {
            // Given
            String certificate;
            try (var aws = RunningAws.start(data)) {
                var topic = aws.environment("ORDER_TOPIC_ARN");
                aws.sns.subscribe(
                        request -> request.topicArn(topic).protocol("http").endpoint(subscriber.url()));
                var asked = subscriber.next().json();
                certificate = fileName(asked.get("SigningCertURL").asText());
                aws.sns.confirmSubscription(request ->
                        request.topicArn(topic).token(asked.get("Token").asText()));
                aws.sns.publish(request -> request.topicArn(topic).message("before"));
                assertThat(subscriber.next().json().get("Message").asText()).isEqualTo("before");
                // What it does not know to be delivered, it would deliver again.
                Awaitility.await()
                        .until(() -> !aws.get("/sandbox/webhooks").body().contains("\"state\":\"pending\""));
            }

            // When
            try (var aws = RunningAws.start(data)) {
                aws.sns.publish(request ->
                        request.topicArn(aws.environment("ORDER_TOPIC_ARN")).message("after"));

                // Then
                var notified = subscriber.next().json();
                assertThat(notified.get("Message").asText()).isEqualTo("after");
                assertThat(fileName(notified.get("SigningCertURL").asText())).isEqualTo(certificate);
                assertThat(aws.effects("sns").get("messages"))
                        .extracting(message -> message.get("message").asText())
                        .containsExactly("before", "after");
            }
        }
    }

    @Test
    void shouldRememberDeduplicationIds() {
        // Given
        String topic;
        String first;
        try (var aws = RunningAws.start(data)) {
            topic = aws.sns
                    .createTopic(request -> request.name("orders.fifo").attributes(Map.of("FifoTopic", "true")))
                    .topicArn();
            first = aws.sns
                    .publish(request -> request.topicArn(topic)
                            .message("hello")
                            .messageGroupId("group")
                            .messageDeduplicationId("1"))
                    .messageId();
        }

        // When
        try (var aws = RunningAws.start(data)) {
            var second = aws.sns
                    .publish(request -> request.topicArn(topic)
                            .message("hello")
                            .messageGroupId("group")
                            .messageDeduplicationId("1"))
                    .messageId();

            // Then
            assertThat(second).isEqualTo(first);
        }
    }

    @Test
    void shouldDeliverAfterARestartWhatWasOwed() {
        try (var subscriber = new Subscriber()) {
            // Given
            try (var aws = RunningAws.start(data)) {
                subscriber.answer(500);
                aws.sns.subscribe(request -> request.topicArn(aws.environment("ORDER_TOPIC_ARN"))
                        .protocol("http")
                        .endpoint(subscriber.url()));
                Awaitility.await().until(() -> subscriber.waiting() == 1);
            }
            var first = subscriber.next();

            // When
            try (var aws = RunningAws.start(data)) {

                // Then
                assertThat(subscriber.next()).isEqualTo(first);
                Awaitility.await()
                        .until(() -> aws.get("/sandbox/webhooks").body().contains("\"state\":\"delivered\""));
            }
        }
    }

    @Test
    void shouldKeepDataPoints() {
        // Given
        try (var aws = RunningAws.start(data)) {
            aws.cloudWatch.putMetricData(request -> request.namespace("Orderflow")
                    .metricData(MetricDatum.builder()
                            .metricName("orders")
                            .value(1.0)
                            .build()));
        }

        // When
        try (var aws = RunningAws.start(data)) {

            // Then
            assertThat(aws.effects("cloudwatch").get("dataPoints")).hasSize(1);
        }
    }

    @Test
    void shouldEndAtOnceWhileCallersWaitForMessages() throws Exception {
        // Given
        var aws = RunningAws.start(data);
        var queue = aws.environment("ORDER_EVENTS_QUEUE");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                threads.submit(() -> aws.sqs.receiveMessage(
                        request -> request.queueUrl(queue).waitTimeSeconds(20)));
            }
            Awaitility.await()
                    .until(() -> RunningAws.json(aws.get("/sandbox/calls").body())
                                    .at("/sqs/ReceiveMessage")
                                    .asInt()
                            == 20);

            // When
            var start = Instant.now();
            aws.stop();

            // Then
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
        } finally {
            aws.close();
        }
    }

    @Test
    void shouldAnswerCallsThatComeBeforeItIsReady() throws IOException {
        // Given
        int port;
        try (var probe = new ServerSocket(0)) {
            port = probe.getLocalPort();
        }
        var starting = CompletableFuture.supplyAsync(() -> RunningAws.start(data, port, 1));

        // When
        var answer = firstAnswer(port);

        // Then
        try (var aws = starting.join()) {
            assertThat(answer).contains("order-events");
            assertThat(aws.get("/sandbox/health").statusCode()).isEqualTo(200);
        }
    }

    /** The answer to a call that is made as soon as the port is open. */
    private static String firstAnswer(int port) {
        var request = HttpRequest.newBuilder(java.net.URI.create("http://localhost:" + port + "/"))
                .header("X-Amz-Target", "AmazonSQS.ListQueues")
                .header("Content-Type", "application/x-amz-json-1.0")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        try (var client = java.net.http.HttpClient.newHttpClient()) {
            return Awaitility.await()
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(
                            () -> client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString())
                                    .body(),
                            body -> true);
        }
    }

    private static String fileName(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }
}
