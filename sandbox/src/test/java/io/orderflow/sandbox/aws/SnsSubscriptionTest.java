package io.orderflow.sandbox.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.Subscription;

class SnsSubscriptionTest {

    /** The first retry comes after 50 ms. */
    private static final double TIME_SCALE = 0.05;

    @TempDir
    static Path data;

    private static RunningAws aws;
    private static String topic;

    private Subscriber subscriber;

    @BeforeAll
    static void start() {
        aws = RunningAws.start(data, 0, TIME_SCALE);
        topic = aws.environment("ORDER_TOPIC_ARN");
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    @BeforeEach
    void open() {
        aws.reset();
        subscriber = new Subscriber();
    }

    @AfterEach
    void close() {
        subscriber.close();
    }

    @ParameterizedTest
    @CsvSource({"1,SHA1withRSA", "2,SHA256withRSA"})
    void shouldSignEveryMessage(String version, String algorithm) throws GeneralSecurityException {
        // Given
        aws.sns.setTopicAttributes(request ->
                request.topicArn(topic).attributeName("SignatureVersion").attributeValue(version));

        // When
        subscribe(Map.of());
        var asked = subscriber.next().json();
        visit(asked.get("SubscribeURL").asText());
        aws.sns.publish(request -> request.topicArn(topic).subject("Subject").message("one\ntwo \u00e9"));
        var notified = subscriber.next().json();

        // Then
        assertThat(asked.get("Type").asText()).isEqualTo("SubscriptionConfirmation");
        assertThat(asked.get("SignatureVersion").asText()).isEqualTo(version);
        verify(asked, algorithm, "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");
        assertThat(notified.get("Type").asText()).isEqualTo("Notification");
        verify(notified, algorithm, "Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    }

    @Test
    void shouldServeTheCertificateUnderANameOfItsOwn() throws GeneralSecurityException {
        // Given
        subscribe(Map.of());
        var url = URI.create(subscriber.next().json().get("SigningCertURL").asText());

        // When
        var certificate = certificate(url);

        // Then
        assertThat(url.toString()).matches(aws.base() + "/sns/SimpleNotificationService-[0-9a-f]{32}\\.pem");
        certificate.checkValidity();
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=sns.amazonaws.com");
        assertThat(aws.get("/sns/SimpleNotificationService-0.pem").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldNotifyAfterConfirmationOnly() {
        // Given
        assertThat(subscribe(Map.of())).isEqualTo("pending confirmation");
        var asked = subscriber.next();
        aws.sns.publish(request -> request.topicArn(topic).message("too early"));

        // When
        var arn = aws.sns
                .confirmSubscription(request ->
                        request.topicArn(topic).token(asked.json().get("Token").asText()))
                .subscriptionArn();
        var published = aws.sns.publish(request -> request.topicArn(topic)
                .message("hello")
                .messageAttributes(Map.of("eventType", string("order.created"))));

        // Then
        assertThat(asked.headers())
                .containsEntry("x-amz-sns-message-type", "SubscriptionConfirmation")
                .containsEntry("x-amz-sns-topic-arn", topic);
        var notified = subscriber.next();
        assertThat(notified.headers())
                .containsEntry("x-amz-sns-message-type", "Notification")
                .containsEntry("x-amz-sns-message-id", published.messageId())
                .containsEntry("x-amz-sns-topic-arn", topic)
                .containsEntry("x-amz-sns-subscription-arn", arn)
                .containsEntry("content-type", "text/plain; charset=UTF-8")
                .doesNotContainKey("x-amz-sns-rawdelivery");
        var json = notified.json();
        assertThat(json.get("MessageId").asText()).isEqualTo(published.messageId());
        assertThat(json.get("Message").asText()).isEqualTo("hello");
        assertThat(json.has("Subject")).isFalse();
        assertThat(json.get("Timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(json.at("/MessageAttributes/eventType"))
                .isEqualTo(RunningAws.json("{\"Type\":\"String\",\"Value\":\"order.created\"}"));
    }

    @Test
    void shouldSendTheSameSignedMessageAgainUntilItIsTaken() {
        // Given
        confirmed(Map.of());
        subscriber.answer(500, 503);

        // When
        aws.sns.publish(request -> request.topicArn(topic).message("hello"));

        // Then
        var first = subscriber.next();
        assertThat(first.json().get("Message").asText()).isEqualTo("hello");
        assertThat(subscriber.next()).isEqualTo(first);
        assertThat(subscriber.next()).isEqualTo(first);
    }

    @Test
    void shouldDeliverRaw() {
        // Given
        confirmed(Map.of("RawMessageDelivery", "true"));

        // When
        aws.sns.publish(request -> request.topicArn(topic).message("just this"));

        // Then
        var delivery = subscriber.next();
        assertThat(delivery.body()).isEqualTo("just this");
        assertThat(delivery.headers()).containsEntry("x-amz-sns-rawdelivery", "true");
    }

    @Test
    void shouldDeliverTheTextForTheProtocol() {
        // Given
        confirmed(Map.of());

        // When
        aws.sns.publish(request -> request.topicArn(topic)
                .messageStructure("json")
                .message("{\"default\":\"for all\",\"http\":\"for http\"}"));

        // Then
        assertThat(subscriber.next().json().get("Message").asText()).isEqualTo("for http");
    }

    @Test
    void shouldDeliverTwiceWhenAFaultDuplicates() {
        // Given
        confirmed(Map.of());
        aws.fault("sns", "Notification", "webhook-duplicate", "");

        // When
        aws.sns.publish(request -> request.topicArn(topic).message("hello"));

        // Then
        assertThat(subscriber.next()).isEqualTo(subscriber.next());
    }

    @Test
    void shouldOfferToTakeBackAnUnsubscriptionByLink() {
        // Given
        confirmed(Map.of());
        aws.sns.publish(request -> request.topicArn(topic).message("hello"));
        visit(subscriber.next().json().get("UnsubscribeURL").asText());
        var offered = subscriber.next();
        assertThat(aws.sns.listSubscriptions().subscriptions()).isEmpty();

        // When
        visit(offered.json().get("SubscribeURL").asText());

        // Then
        assertThat(offered.json().get("Type").asText()).isEqualTo("UnsubscribeConfirmation");
        assertThat(offered.headers()).containsEntry("x-amz-sns-message-type", "UnsubscribeConfirmation");
        aws.sns.publish(request -> request.topicArn(topic).message("hello again"));
        assertThat(subscriber.next().json().get("Message").asText()).isEqualTo("hello again");
    }

    @Test
    void shouldEndSubscriptionOfWhoUnsubscribes() {
        // Given
        var arn = confirmed(Map.of());

        // When
        aws.sns.unsubscribe(request -> request.subscriptionArn(arn));

        // Then
        aws.sns.publish(request -> request.topicArn(topic).message("hello"));
        assertThat(RunningAws.json(aws.get("/sandbox/webhooks").body())).hasSize(1);
        assertThatThrownBy(() -> aws.sns.unsubscribe(request -> request.subscriptionArn(arn)))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void shouldListSubscriptionsWithTheirArnWhenConfirmed() {
        // Given
        var arn = confirmed(Map.of());
        aws.sns.subscribe(request -> request.topicArn(topic).protocol("http").endpoint(subscriber.url() + "/other"));

        // When
        var listed = aws.sns
                .listSubscriptionsByTopic(request -> request.topicArn(topic))
                .subscriptions();

        // Then
        assertThat(listed)
                .extracting(Subscription::subscriptionArn)
                .containsExactlyInAnyOrder(arn, "PendingConfirmation");
        assertThat(listed).extracting(Subscription::protocol).containsOnly("http");
        assertThat(aws.effects("sns").get("subscriptions")).hasSize(2);
    }

    @Test
    void shouldSubscribeAnEndpointOnce() {
        // Given
        var arn = confirmed(Map.of());

        // When
        var again = subscribe(Map.of());

        // Then
        assertThat(again).isEqualTo(arn);
        assertThatThrownBy(() -> subscribe(Map.of("RawMessageDelivery", "true")))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void shouldAskAgainForAConfirmationThatIsPending() {
        // Given
        subscribe(Map.of());
        var first = subscriber.next().json().get("Token").asText();

        // When
        subscribe(Map.of());

        // Then
        var second = subscriber.next().json().get("Token").asText();
        assertThat(second).isNotEqualTo(first);
        assertThat(aws.sns.listSubscriptions().subscriptions()).hasSize(1);
    }

    @Test
    void shouldRefuseAWrongToken() {
        // Given
        subscribe(Map.of());

        // When
        // Then
        assertThatThrownBy(() -> aws.sns.confirmSubscription(
                        request -> request.topicArn(topic).token("0".repeat(256))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http|https://localhost/sns",
                "http|http://example.com/sns",
                "http|http://10.0.0.1/sns",
                "http|not a url",
                "https|https://localhost/sns",
                "email|someone@example.com",
                "sqs|order-events",
                "sqs|arn:aws:sqs:eu-west-1:000000000000:order-events"
            })
    void shouldRefuseEndpoint(String subscription) {
        // Given
        var parts = subscription.split("\\|");

        // When
        // Then
        assertThatThrownBy(() -> aws.sns.subscribe(
                        request -> request.topicArn(topic).protocol(parts[0]).endpoint(parts[1])))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void shouldRefuseAttributesThatItWouldHaveToIgnore() {
        assertThatThrownBy(() -> subscribe(Map.of("FilterPolicy", "{}"))).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void shouldNotSubscribeToUnknownTopic() {
        assertThatThrownBy(() -> aws.sns.subscribe(request ->
                        request.topicArn(topic + "x").protocol("http").endpoint(subscriber.url())))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void shouldDeliverToAQueueInAnEnvelopeOrRaw() {
        // Given
        var enveloped = subscribedQueue("enveloped", Map.of());
        var raw = subscribedQueue("raw", Map.of("RawMessageDelivery", "true"));

        // When
        aws.sns.publish(request -> request.topicArn(topic)
                .message("hello")
                .messageAttributes(Map.of("eventType", string("order.created"))));

        // Then
        var envelope = RunningAws.json(receive(enveloped).body());
        assertThat(envelope.get("Type").asText()).isEqualTo("Notification");
        assertThat(envelope.get("Message").asText()).isEqualTo("hello");
        var bare = receive(raw);
        assertThat(bare.body()).isEqualTo("hello");
        assertThat(bare.messageAttributes().get("eventType").stringValue()).isEqualTo("order.created");
    }

    @Test
    void shouldGiveUpTokensThatAreTooOld(@TempDir Path other) {
        // Given: two days are less than two seconds.
        try (var fast = RunningAws.start(other, 0, 0.00001)) {
            fast.sns.subscribe(request -> request.topicArn(topic)
                    .protocol("http")
                    .endpoint(subscriber.url())
                    .returnSubscriptionArn(true));
            var token = subscriber.next().json().get("Token").asText();

            // When
            // Then
            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThatThrownBy(
                            () -> fast.sns.confirmSubscription(
                                    request -> request.topicArn(topic).token(token)))
                    .isInstanceOf(InvalidParameterException.class));
        }
    }

    private String subscribe(Map<String, String> attributes) {
        return aws.sns
                .subscribe(request -> request.topicArn(topic)
                        .protocol("http")
                        .endpoint(subscriber.url())
                        .attributes(attributes))
                .subscriptionArn();
    }

    private String confirmed(Map<String, String> attributes) {
        subscribe(attributes);
        var token = subscriber.next().json().get("Token").asText();
        return aws.sns
                .confirmSubscription(request -> request.topicArn(topic).token(token))
                .subscriptionArn();
    }

    private static String subscribedQueue(String name, Map<String, String> attributes) {
        var url = aws.sqs.createQueue(request -> request.queueName(name)).queueUrl();
        aws.sns.subscribe(request -> request.topicArn(topic)
                .protocol("sqs")
                .endpoint("arn:aws:sqs:us-east-1:000000000000:" + name)
                .attributes(attributes));
        return url;
    }

    private static software.amazon.awssdk.services.sqs.model.Message receive(String queue) {
        return aws.sqs
                .receiveMessage(
                        request -> request.queueUrl(queue).waitTimeSeconds(5).messageAttributeNames("All"))
                .messages()
                .getFirst();
    }

    private static MessageAttributeValue string(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }

    private static void visit(String link) {
        var answer = aws.send(HttpRequest.newBuilder(URI.create(link)));
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static X509Certificate certificate(URI url) throws GeneralSecurityException {
        var pem = aws.send(HttpRequest.newBuilder(url)).body();
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static void verify(JsonNode message, String algorithm, String... names) throws GeneralSecurityException {
        var text = new StringBuilder();
        Stream.of(names).forEach(name -> text.append(name)
                .append('\n')
                .append(message.get(name).asText())
                .append('\n'));
        var signature = Signature.getInstance(algorithm);
        signature.initVerify(
                certificate(URI.create(message.get("SigningCertURL").asText())));
        signature.update(text.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(signature.verify(
                        Base64.getDecoder().decode(message.get("Signature").asText())))
                .isTrue();
    }
}
