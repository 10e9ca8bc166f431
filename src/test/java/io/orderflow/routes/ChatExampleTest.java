package io.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderflow.testing.Api;
import io.orderflow.testing.LogCapture;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The integration of {@code docs/routes.md}, and edits of the routes while they run. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
@QuarkusTestResource(value = EditedRoutes.class, restrictToAnnotatedClass = true)
class ChatExampleTest {

    private static final Duration SOON = Duration.ofSeconds(15);

    ChatServer chat;

    private SandboxClient sandbox;

    @BeforeEach
    void setUp() {
        sandbox = SandboxResource.client();
    }

    @AfterEach
    void healAll() throws IOException {
        chat.answerWith(200);
        sandbox.clearFaults();
    }

    @Test
    void shouldTellTheChatOnceAndShowIt() {
        // When
        var id = placed();

        // Then
        awaitChat(id, "done");
        assertThat(chat.messagesOf(id))
                .containsExactly("{\"text\": \"order.created: order %s over 25.00 USD\"}".formatted(id));
    }

    @Test
    void shouldParkWhatTheChatCannotTakeAndHoldUpNobodyElse() {
        // Given
        chat.answerWith(503);

        // When
        var id = placed();

        // Then
        awaitChat(id, "pending");
        await().atMost(SOON).untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "sns"))
                .isEqualTo("done"));
        assertThat(chat.messagesOf(id)).isEmpty();
        chat.answerWith(200);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(chat.messagesOf(id)).hasSize(1));
        awaitChat(id, "done");
    }

    @Test
    void shouldNotWaitForAnAnswerThatNeverEnds() {
        // Given
        chat.dripAnswers();

        // When
        var id = placed();

        // Then
        awaitChat(id, "unknown");
        assertThat(Api.deliveryState(id, "order.created", "sns")).isEqualTo("done");
    }

    @Test
    void shouldBuryWhatTheChatRefuses() {
        // Given
        chat.answerWith(404);

        // When
        var id = placed();

        // Then
        awaitChat(id, "dead");
        assertThat(sandbox.effects("sqs").toString()).contains(id).contains("http-404");
    }

    @Test
    void shouldTakeAnEditAtOnce() throws IOException {
        // Given
        var file = EditedRoutes.FOLDER.resolve("chat.camel.yaml");
        var before = Files.readString(file);
        var word = UUID.randomUUID().toString();

        var seen = LogCapture.of(LiveRoutes.class);

        // When
        Files.writeString(file, before.replace("over ${body.order.total}", word));

        // Then
        try {
            await().atMost(SOON).untilAsserted(() -> assertThat(seen.text()).contains("chat.camel.yaml is live"));
            var id = placed();
            await().atMost(SOON).untilAsserted(() -> assertThat(chat.messagesOf(id))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains(word));
        } finally {
            seen.close();
            Files.writeString(file, before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ref: cloudEvents, ref: noSuchBean",
        "uri: aws2-sns, uri: nosuch",
        "orderflow.aws.order-topic-arn, no.such.property",
        "'order.shipped,', 'order.shiped,'",
        "routeConfigurationId: delivery, routeConfigurationId: nosuch",
        "routeConfigurationId: delivery, routeConfigurationId: propagate",
        "bulkheadMaxConcurrentCalls: 16, bulkheadMaxConcurrentCalls: many",
        "'            uri: direct:publish-event', '            uri: direct:publish-evnt'",
        "onUnknown: retry, 'onUnknown: retry\n        once: order.created'",
        "'- to:\n            id: sns-call\n            uri:', '- enrich:\n            id: sns-call\n            constant: direct:nobody #'",
        "'- to:', '- tooo:'"
    })
    void shouldRunOnAsBeforeWhenAnEditIsBroken(String good, String bad) throws IOException {
        // Given
        var file = EditedRoutes.FOLDER.resolve("sns.camel.yaml");
        var before = Files.readString(file);
        assertThat(before).contains(good);
        var seen = LogCapture.of(LiveRoutes.class);

        // When
        Files.writeString(file, before.replace(good, bad));

        // Then
        try {
            await().atMost(SOON).untilAsserted(() -> assertThat(seen.text())
                    .contains("sns.camel.yaml is not taken, and its routes run on as before: "));
            var id = placed();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(sandbox.notificationsOf(id)).hasSize(1));
            await().atMost(SOON).untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "sns"))
                    .isEqualTo("done"));
        } finally {
            seen.close();
            Files.writeString(file, before);
        }
    }

    @Test
    void shouldNotLetAFileTakeTheRouteOfAnother() throws IOException {
        // Given
        var file = EditedRoutes.FOLDER.resolve("chat.camel.yaml");
        var before = Files.readString(file);
        var seen = LogCapture.of(LiveRoutes.class);

        // When
        Files.writeString(file, before.replace("id: chat\n", "id: sns\n"));

        // Then
        try {
            await().atMost(SOON).untilAsserted(() -> assertThat(seen.text())
                    .contains("chat.camel.yaml is not taken: the id sns is that of a route in sns.camel.yaml"));
            var id = placed();
            await().atMost(SOON).untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "sns"))
                    .isEqualTo("done"));
            awaitChat(id, "done");
            Files.writeString(file, before);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(seen.text()).contains("chat.camel.yaml is as it was, and runs"));
        } finally {
            seen.close();
            Files.writeString(file, before);
        }
    }

    private static String placed() {
        return Api.place(Api.order()).path("id");
    }

    private static void awaitChat(String id, String state) {
        await().atMost(SOON).untilAsserted(() -> assertThat(Api.deliveryState(id, "order.created", "chat"))
                .isEqualTo(state));
    }
}
