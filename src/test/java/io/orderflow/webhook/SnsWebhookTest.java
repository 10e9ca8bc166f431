package io.orderflow.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.orderflow.api.Problem;
import io.orderflow.ledger.AwsConfig;
import io.orderflow.ledger.OrderTable;
import io.orderflow.monitoring.Counters;
import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.orderflow.testing.SnsMessages;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sns.SnsClient;

/** Which messages of SNS are believed, and what becomes of them. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class SnsWebhookTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    SnsClient sns;

    @ConfigProperty(name = "ORDER_TOPIC_ARN")
    String orders;

    @ConfigProperty(name = "ALERT_TOPIC_ARN")
    String alerts;

    @Inject
    AwsConfig config;

    @Inject
    SigningCertificates certificates;

    @Inject
    ObjectMapper mapper;

    @Inject
    OrderTable table;

    @Inject
    Counters counters;

    private SandboxClient sandbox;

    @BeforeEach
    void setUp() {
        sandbox = SandboxResource.client();
    }

    @AfterEach
    void healAll() {
        sandbox.clearFaults();
        for (var topic : List.of(orders, alerts)) {
            sns.listSubscriptionsByTopic(list -> list.topicArn(topic)).subscriptions().stream()
                    .filter(subscription -> subscription.subscriptionArn().startsWith("arn:"))
                    .forEach(subscription -> sns.unsubscribe(
                            unsubscribe -> unsubscribe.subscriptionArn(subscription.subscriptionArn())));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void shouldConfirmASubscriptionAndLearnFromItThatAnEventWasPublished(String version) {
        // Given
        sns.setTopicAttributes(
                set -> set.topicArn(orders).attributeName("SignatureVersion").attributeValue(version));
        subscribe(orders);
        sandbox.fault(Map.of("service", "sns", "operation", "Publish", "kind", "lost-answer"));
        sandbox.fault(
                Map.of("service", "sns", "operation", "Notification", "kind", "webhook-late", "delayMillis", 2000));

        // When
        var id = Api.place(Api.order()).<String>path("id");

        // Then
        await().atMost(SOON).until(() -> Api.deliveryState(id, "order.created", "sns"), "done"::equals);
        assertThat(Api.timeline(id)
                        .<List<String>>path(
                                "events[0].deliveries.find { it.integration == 'sns' }.lastAttempts.outcome"))
                .containsOnly("unknown");
        var published = sandbox.notificationsOf(id).size();
        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> sandbox.notificationsOf(id).size(), Integer.valueOf(published)::equals);
    }

    @Test
    void shouldConfirmASubscriptionToTheAlertsAndTakeThem() {
        // Given
        subscribe(alerts);

        // When
        sns.publish(publish -> publish.topicArn(alerts).subject("Subject").message("one\ntwo \u00e9"));

        // Then
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(webhooks("Notification")).containsExactly("delivered"));
    }

    @Test
    void shouldAcknowledgeThatASubscriptionHasEnded() {
        // Given
        subscribe(alerts);
        var arn = sns.listSubscriptionsByTopic(list -> list.topicArn(alerts))
                .subscriptions()
                .getFirst()
                .subscriptionArn();

        // When: someone follows the link in a message
        RestAssured.given()
                .queryParam("Action", "Unsubscribe")
                .queryParam("SubscriptionArn", arn)
                .get(SnsMessages.setting(SandboxResource.BASE) + "/")
                .then()
                .statusCode(200);

        // Then
        await().atMost(SOON).untilAsserted(() -> assertThat(webhooks("UnsubscribeConfirmation"))
                .containsExactly("delivered"));
        assertThat(confirmed(alerts)).isFalse();
    }

    @Test
    void shouldHaveSnsComeAgainUntilASubscriptionIsConfirmed() {
        // Given
        sandbox.fault(Map.of(
                "service", "sns", "operation", "ConfirmSubscription", "kind", "status", "status", 503, "times", 1));

        // When
        subscribe(orders);

        // Then
        assertThat(sandbox.calls().path("sns").path("ConfirmSubscription").asInt())
                .isGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void shouldTakeANotificationAsOldAsTheLastTryOfSns(String version) {
        // Given
        var message = SnsMessages.notification(orders, "{}", Instant.now().minus(Duration.ofMinutes(61)));

        // Then
        SnsMessages.send(SnsMessages.signed(message, version).toString()).then().statusCode(200);
    }

    @Test
    void shouldNotTakeOneThatIsReplayedLaterOrOfTheFuture() {
        // Given
        var stale = SnsMessages.notification(orders, "{}", Instant.now().minus(Duration.ofMinutes(66)));
        var future = SnsMessages.notification(orders, "{}", Instant.now().plus(Duration.ofMinutes(6)));

        // Then
        refused(SnsMessages.signed(stale, "2").toString());
        refused(SnsMessages.signed(future, "2").toString());
    }

    @Test
    void shouldNotTakeAMessageOfAnotherTopic() {
        // Given
        var foreign = SnsMessages.notification(orders + "-of-others", "{}", Instant.now());

        // Then
        refused(SnsMessages.signed(foreign, "2").toString());
    }

    @Test
    void shouldNotTakeAMessageThatWasChangedOrCutOffOnItsWay() {
        // Given
        var message = SnsMessages.signed(SnsMessages.notification(orders, "{\"id\": \"1\"}", Instant.now()), "2");

        // Then
        SnsMessages.send(message.toString()).then().statusCode(200);
        refused(message.deepCopy().put("Message", "{\"id\": \"2\"}").toString());
        refused(message.deepCopy().put("Subject", "added").toString());
        refused(message.deepCopy().put("SignatureVersion", "1").toString());
        refused(message.deepCopy().put("SignatureVersion", "3").toString());
        refused(message.deepCopy().put("Type", "Else").toString());
        refused(message.deepCopy().put("Signature", "?").toString());
        SnsMessages.send(message.toString().substring(0, 100)).then().statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{}", "7", "plain text", "{\"id\": \"1\", \"subject\": \"raw\"}"})
    void shouldNotTakeWhatIsNoMessageOfSns(String body) {
        // Then
        SnsMessages.send(body).then().statusCode(400);
    }

    @Test
    void shouldNotFollowTheAddressOfAForger() throws IOException, NoSuchAlgorithmException {
        // Given
        var asked = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        var forger = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
        var base = URI.create(SnsMessages.setting(SandboxResource.BASE));
        var port = server.getAddress().getPort();

        // When
        try {
            for (var url : List.of(
                    "http://localhost:" + port + "/SimpleNotificationService-1.pem",
                    "http://localhost:" + base.getPort() + "@localhost:" + port + "/SimpleNotificationService-1.pem",
                    "http://127.0.0.1:" + port + "/sns.us-east-1.amazonaws.com/1.pem",
                    "http://localhost:" + port + "/1.pem#localhost:" + base.getPort(),
                    base + "/sandbox/effects/sns",
                    base + "/sns/x.pem?y",
                    "file:///etc/hostname.pem",
                    "http://sns.us-east-1.amazonaws.com/1.pem",
                    "https://sns.us-east-1.amazonaws.com:8443/1.pem",
                    "https://sns.us-east-1.amazonaws.com.example.com/1.pem",
                    "https://sns.s3-us-west-2.amazonaws.com/1.pem",
                    "https://sns.us-west-2.amazonaws.com/1.pem",
                    "https:sns.us-east-1.amazonaws.com/1.pem",
                    "not a url",
                    "")) {
                var message =
                        SnsMessages.notification(orders, "{}", Instant.now()).put("SigningCertURL", url);
                refused(SnsMessages.signed(message, "2", forger).toString());
            }
        } finally {
            server.stop(0);
        }

        // Then
        assertThat(asked).hasValue(0);
    }

    @Test
    void shouldNotBelieveAForgerWhoNamesTheRightCertificate() throws NoSuchAlgorithmException {
        // Given
        var forger = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
        var message = SnsMessages.notification(orders, "{}", Instant.now());

        // Then
        refused(SnsMessages.signed(message, "2", forger).toString());
    }

    @Test
    void shouldNotBelieveACertificateThatIsNotThere() {
        // Given
        var message = SnsMessages.notification(orders, "{}", Instant.now());
        var url = SnsMessages.certificateUrl().replaceAll("-[0-9a-f]+\\.pem", "-0.pem");

        // Then
        refused(SnsMessages.signed(message.put("SigningCertURL", url), "2").toString());
    }

    @ParameterizedTest
    @CsvSource({"2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"})
    void shouldNotBelieveACertificateOutsideOfItsDates(Instant now) {
        // Given
        var then = new SnsWebhook(config, sns, certificates, mapper, table, counters, Clock.fixed(now, ZoneOffset.UTC));
        var message = SnsMessages.signed(SnsMessages.notification(orders, "{}", now), "2")
                .toString();

        // Then
        assertThatThrownBy(() -> then.verified(message.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("It cannot be verified")
                .hasMessageContaining("Not");
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:sns:us-east-1:1:orders, https://sns.us-east-1.amazonaws.com/a.pem, true",
        "arn:aws-cn:sns:cn-north-1:1:orders, https://sns.cn-north-1.amazonaws.com.cn/a.pem, true",
        "arn:aws-cn:sns:cn-north-1:1:orders, https://sns.cn-north-1.amazonaws.com/a.pem, false",
        "arn:aws:sns:us-east-1:1:orders, https://sns.us-east-2.amazonaws.com/a.pem, false",
        "arn:aws:sns:us-east-1:1:orders, http://sns.us-east-1.amazonaws.com/a.pem, false",
        "arn:aws:sns:us-east-1:1:orders, https://sns.us-east-1.amazonaws.com:443/a.pem, false",
    })
    void shouldKnowWhereSnsHasItsCertificates(String topic, URI url, boolean isOfAws) {
        // Then
        assertThat(SnsWebhook.isOfAws(url, topic)).isEqualTo(isOfAws);
    }

    @Test
    void shouldTakeANotificationOfAnOrderThatIsNotHere() {
        // Given
        var event = "{\"id\": \"%s-1\", \"subject\": \"%s\"}".formatted(Api.newKey(), Api.newKey());

        // Then
        for (var text : List.of(event, "no JSON", "[]", "{\"subject\": \"lease/sheet\", \"id\": \"1\"}")) {
            SnsMessages.send(SnsMessages.signed(SnsMessages.notification(orders, text, Instant.now()), "2")
                            .toString())
                    .then()
                    .statusCode(200);
        }
    }

    private static void refused(String body) {
        SnsMessages.send(body).then().statusCode(400).body("type", equalTo("urn:orderflow:problem:bad-signature"));
    }

    private void subscribe(String topic) {
        sandbox.resetCalls();
        sns.subscribe(subscribe -> subscribe
                .topicArn(topic)
                .protocol("http")
                .endpoint("http://localhost:" + RestAssured.port + "/webhooks/sns"));
        await().atMost(SOON).until(() -> confirmed(topic));
    }

    private boolean confirmed(String topic) {
        return sandbox.effects("sns")
                .path("subscriptions")
                .valueStream()
                .anyMatch(subscription -> subscription.path("topicArn").asText().equals(topic)
                        && subscription.path("confirmed").asBoolean());
    }

    /** How the messages of one type to the alerts' subscriber have fared. */
    private List<String> webhooks(String type) {
        return sandbox.webhooks()
                .valueStream()
                .filter(webhook -> webhook.path("eventType").asText().equals(type))
                .filter(webhook -> webhook.path("body").asText().contains(alerts))
                .map(webhook -> webhook.path("state").asText())
                .toList();
    }
}
