package io.orderflow.sandbox.sendgrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sendgrid.helpers.eventwebhook.EventWebhook;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.testing.Receiver;
import io.orderflow.sandbox.testing.Receiver.Delivery;
import io.orderflow.sandbox.testing.RunningSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.Security;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventWebhookTest {

    private static final double FAST = 0.02;
    private static final String SETTINGS = "/sandbox/sendgrid/event-webhook";

    @TempDir
    static Path data;

    private static final Receiver APP = new Receiver();
    private static RunningSandbox sandbox;

    @BeforeAll
    static void start() {
        Security.addProvider(new BouncyCastleProvider());
        sandbox = RunningSandbox.start(data, APP.address(), FAST);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
        APP.close();
    }

    @BeforeEach
    void reset() {
        sandbox.reset();
        enable(sandbox, true);
        APP.forget();
    }

    @Test
    void shouldTellTheAppWithoutBeingAskedTo(@TempDir Path folder) {
        // Given
        try (var fresh = RunningSandbox.start(folder, APP.address(), FAST)) {
            // When
            send(fresh, "ann@example.com", "");

            // Then
            assertThat(events(awaitDeliveries(2)))
                    .extracting(event -> event.get("event").textValue())
                    .containsExactly("processed", "delivered");
            assertThat(fresh.get(SETTINGS).json().get("enabled").booleanValue()).isTrue();
            assertThat(fresh.get(SETTINGS).json().get("url").textValue())
                    .isEqualTo(APP.address() + "/webhooks/sendgrid");
        }
    }

    @Test
    void shouldTellNothingMoreOnceSwitchedOff() {
        // Given
        send(sandbox, "ann@example.com", "");
        awaitDeliveries(2);

        // When
        enable(sandbox, false);
        send(sandbox, "bounce@example.com", "");
        awaitStatus(sandbox, "bounced");

        // Then
        assertThat(sandbox.get("/sandbox/webhooks").json()).hasSize(2);
        assertThat(APP.deliveries()).hasSize(2);
    }

    @Test
    void shouldStayAsItIsOverResetAndRestart(@TempDir Path folder) {
        // Given
        try (var first = RunningSandbox.start(folder, APP.address(), FAST)) {
            enable(first, false);

            // When
            first.reset();

            // Then
            assertThat(first.get(SETTINGS).json().get("enabled").booleanValue()).isFalse();
        }
        try (var second = RunningSandbox.start(folder, APP.address(), FAST)) {
            assertThat(second.get(SETTINGS).json().get("enabled").booleanValue())
                    .isFalse();
            enable(second, true);
        }
        try (var third = RunningSandbox.start(folder, APP.address(), FAST)) {
            assertThat(third.get(SETTINGS).json().get("enabled").booleanValue()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"enabled\": \"true\"}", "{\"enabled\": null}", "[]", "on"})
    void shouldRefuseWhatSaysNeitherOnNorOff(String body) {
        // Given a webhook that is on

        // When
        var answer = sandbox.post(SETTINGS, body);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(sandbox.get(SETTINGS).json().get("enabled").booleanValue()).isTrue();
    }

    @Test
    void shouldSignEventsSoThatTheVendorsHelperVerifiesThem() throws Exception {
        // Given
        var messageId = send(sandbox, "ann@example.com", "");

        // When
        var deliveries = awaitDeliveries(2);

        // Then
        var helper = new EventWebhook();
        var key = helper.ConvertPublicKeyToECDSA(sandbox.environment("SENDGRID_WEBHOOK_PUBLIC_KEY"));
        for (var delivery : deliveries) {
            assertThat(delivery.path()).isEqualTo("/webhooks/sendgrid");
            assertThat(delivery.header("Content-Type")).isEqualTo("application/json");
            var signature = delivery.header("X-Twilio-Email-Event-Webhook-Signature");
            var timestamp = delivery.header("X-Twilio-Email-Event-Webhook-Timestamp");
            assertThat(helper.VerifySignature(key, delivery.body(), signature, timestamp))
                    .isTrue();
            assertThat(helper.VerifySignature(key, delivery.text() + " ", signature, timestamp))
                    .isFalse();
        }
        assertThat(events(deliveries))
                .extracting(event -> event.get("event").textValue())
                .containsExactly("processed", "delivered");
        assertThat(messageId).isNotBlank();
    }

    @Test
    void shouldCarryTheCustomArgumentsAndIdsOfTheMail() {
        // Given
        var messageId = send(
                sandbox,
                "ann@example.com",
                ", \"custom_args\": {\"delivery_id\": \"d-1\", \"event\": \"mine\"}, \"categories\": [\"order.created\"]");

        // When
        var events = events(awaitDeliveries(2));

        // Then
        assertThat(events).allSatisfy(event -> {
            assertThat(event.get("delivery_id").textValue()).isEqualTo("d-1");
            assertThat(event.get("event").textValue()).isNotEqualTo("mine");
            assertThat(event.get("email").textValue()).isEqualTo("ann@example.com");
            assertThat(event.get("category").toString()).isEqualTo("[\"order.created\"]");
            assertThat(event.get("sg_message_id").textValue()).startsWith(messageId + ".");
            assertThat(event.get("smtp-id").textValue()).contains(messageId);
            assertThat(event.get("timestamp").longValue())
                    .isBetween(
                            Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
        });
        assertThat(events)
                .extracting(event -> event.get("sg_event_id").textValue())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "bounce@example.com, processed bounce, bounced",
        "bounce+7@example.com, processed bounce, bounced",
        "blocked@example.com, processed bounce, bounced",
        "drop@example.com, dropped, dropped",
        "dropped@example.com, dropped, dropped",
        "spam@example.com, processed delivered spamreport, spamreport",
        "spamreport@example.com, processed delivered spamreport, spamreport",
        "deferred@example.com, processed deferred delivered, delivered",
        "bouncer@example.com, processed delivered, delivered",
    })
    void shouldLetTheAddressDecideWhatHappens(String address, String names, String status) {
        // Given
        var expected = names.split(" ");
        send(sandbox, address, "");

        // When
        var events = events(awaitDeliveries(expected.length));

        // Then
        assertThat(events).extracting(event -> event.get("event").textValue()).containsExactlyInAnyOrder(expected);
        assertThat(sandbox.effects("sendgrid").get("mails").get(0).get("status").textValue())
                .isEqualTo(status);
    }

    @Test
    void shouldGiveTheReasonOfABounceADropAndABlock() {
        // Given
        send(sandbox, "bounce@example.com", "");
        send(sandbox, "drop@example.com", "");
        send(sandbox, "blocked@example.com", "");

        // When
        var events = events(awaitDeliveries(5));

        // Then
        var byAddress = new HashMap<String, JsonNode>();
        events.forEach(event -> byAddress.put(event.get("email").textValue(), event));
        var bounce = byAddress.get("bounce@example.com");
        assertThat(bounce.get("type").textValue()).isEqualTo("bounce");
        assertThat(bounce.get("status").textValue()).isEqualTo("5.1.1");
        assertThat(bounce.get("reason").textValue()).startsWith("550 5.1.1");
        assertThat(byAddress.get("blocked@example.com").get("type").textValue()).isEqualTo("blocked");
        assertThat(byAddress.get("drop@example.com").get("reason").textValue()).isEqualTo("Bounced Address");
    }

    @Test
    void shouldPutTheEventsOfOneMessageIntoOneBatch() {
        // Given
        send(sandbox, "a@example.com\"}, {\"email\": \"b@example.com", "");

        // When
        var deliveries = awaitDeliveries(2);

        // Then
        assertThat(events(deliveries.subList(0, 1)))
                .extracting(event -> event.get("email").textValue())
                .containsExactly("a@example.com", "b@example.com");
    }

    @Test
    void shouldTryAgainWithANewSignatureAndTheSameEvents() throws Exception {
        // Given
        APP.answerNext(500, 503);
        send(sandbox, "drop@example.com", "");

        // When
        var deliveries = awaitDeliveries(3);

        // Then
        assertThat(deliveries)
                .extracting(Delivery::text)
                .containsOnly(deliveries.getFirst().text());
        assertThat(deliveries)
                .extracting(delivery -> delivery.header("X-Twilio-Email-Event-Webhook-Signature"))
                .doesNotHaveDuplicates();
        var helper = new EventWebhook();
        var key = helper.ConvertPublicKeyToECDSA(sandbox.environment("SENDGRID_WEBHOOK_PUBLIC_KEY"));
        var last = deliveries.getLast();
        assertThat(helper.VerifySignature(
                        key,
                        last.body(),
                        last.header("X-Twilio-Email-Event-Webhook-Signature"),
                        last.header("X-Twilio-Email-Event-Webhook-Timestamp")))
                .isTrue();
    }

    @Test
    void shouldLoseOnlyTheEventThatAFaultNames() {
        // Given
        sandbox.fault("{\"service\": \"sendgrid\", \"operation\": \"processed\", \"kind\": \"webhook-lost\"}");
        send(sandbox, "ann@example.com", "");

        // When
        var events = events(awaitDeliveries(1));

        // Then
        assertThat(events).extracting(event -> event.get("event").textValue()).containsExactly("delivered");
    }

    @Test
    void shouldTellOfAMailWhoseAnswerWasLost() {
        // Given
        sandbox.fault(
                "{\"service\": \"sendgrid\", \"operation\": \"mail.send\", \"kind\": \"lost-answer\", \"times\": 1}");

        // When
        var failure =
                catchThrowable(() -> send(sandbox, "ann@example.com", ", \"custom_args\": {\"delivery_id\": \"d-9\"}"));

        // Then
        assertThat(failure).isInstanceOf(UncheckedIOException.class);
        assertThat(events(awaitDeliveries(2)))
                .extracting(event -> event.get("delivery_id").textValue())
                .containsOnly("d-9");
        assertThat(sandbox.effects("sendgrid").get("mails")).hasSize(1);
    }

    @Test
    void shouldGoOnAfterARestart(@TempDir Path folder) {
        // Given
        String key;
        String publicKey;
        try (var first = RunningSandbox.start(folder, APP.address(), 1000)) {
            key = first.environment("SENDGRID_API_KEY");
            publicKey = first.environment("SENDGRID_WEBHOOK_PUBLIC_KEY");
            send(first, "ann@example.com", "");
        }

        // When
        try (var second = RunningSandbox.start(folder, APP.address(), FAST)) {
            var events = events(awaitDeliveries(2));

            // Then
            assertThat(events)
                    .extracting(event -> event.get("event").textValue())
                    .containsExactly("processed", "delivered");
            assertThat(second.environment("SENDGRID_API_KEY")).isEqualTo(key);
            assertThat(second.environment("SENDGRID_WEBHOOK_PUBLIC_KEY")).isEqualTo(publicKey);
            assertThat(second.effects("sendgrid").get("mails")).hasSize(1);
        }
    }

    @Test
    void shouldTellNothingOfMailsThatAResetForgot(@TempDir Path folder) {
        // Given
        try (var slow = RunningSandbox.start(folder, APP.address(), 1)) {
            send(slow, "forgotten@example.com", "");
            slow.reset();

            // When
            send(slow, "remembered@example.com", "");

            // Then
            assertThat(events(awaitDeliveries(2)))
                    .extracting(event -> event.get("email").textValue())
                    .containsOnly("remembered@example.com");
        }
    }

    private static void enable(RunningSandbox at, boolean on) {
        assertThat(at.post(SETTINGS, "{\"enabled\": " + on + "}").status()).isEqualTo(200);
    }

    private static void awaitStatus(RunningSandbox at, String status) {
        await().untilAsserted(() -> assertThat(at.effects("sendgrid").get("mails"))
                .last()
                .extracting(mail -> mail.get("status").textValue())
                .isEqualTo(status));
    }

    private static List<Delivery> awaitDeliveries(int count) {
        await().untilAsserted(() -> assertThat(APP.deliveries()).hasSize(count));
        return List.copyOf(APP.deliveries());
    }

    private static List<JsonNode> events(List<Delivery> deliveries) {
        var events = new ArrayList<JsonNode>();
        for (var delivery : deliveries) {
            try {
                Json.read(delivery.body()).forEach(events::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return events;
    }

    /** Returns the id of the message. */
    private static String send(RunningSandbox at, String address, String more) {
        var body = "{\"personalizations\": [{\"to\": [{\"email\": \"" + address + "\"}]}],"
                + " \"from\": {\"email\": \"orders@shop.example\"}, \"subject\": \"Hello\","
                + " \"content\": [{\"type\": \"text/plain\", \"value\": \"Hi\"}]" + more + "}";
        var answer = at.send(at.request("/sendgrid/v3/mail/send")
                .header("Authorization", "Bearer " + at.environment("SENDGRID_API_KEY"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.status()).isEqualTo(202);
        return answer.header("X-Message-Id");
    }
}
