package io.orderflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.sandbox.testing.RunningSandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller that dies while its call is under way, as a test of a crash needs it. */
class HeldCallsTest {

    @TempDir
    static Path data;

    private static RunningSandbox sandbox;

    @BeforeAll
    static void start() {
        sandbox = RunningSandbox.start(data);
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    @BeforeEach
    void reset() {
        sandbox.reset();
    }

    @Test
    void shouldDoTheWorkOfAHeldCallWhenItsFaultIsRemoved() throws Exception {
        // Given
        var fault = fault("hold", "");
        var mail = send("ann@example.com");
        await().until(() -> held(fault) == 1);
        var before = mails();

        // When
        remove(fault, "");

        // Then
        assertThat(before).isEmpty();
        assertThat(mail.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        assertThat(mails()).hasSize(1);
    }

    @Test
    void shouldNeverDoTheWorkOfAHeldCallThatIsDropped() {
        // Given
        var fault = fault("hold", "");
        var mail = send("ann@example.com");
        await().until(() -> held(fault) == 1);

        // When
        remove(fault, "?held=drop");

        // Then
        assertThatThrownBy(() -> mail.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThat(mails()).isEmpty();
    }

    @Test
    void shouldHoldTheAnswerOfWorkThatIsDone() throws Exception {
        // Given
        var fault = fault("hold-answer", "");
        var mail = send("ann@example.com");
        await().until(() -> held(fault) == 1);
        var before = mails();

        // When
        remove(fault, "");

        // Then
        assertThat(before).hasSize(1);
        assertThat(mail.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?held=drop"})
    void shouldDecideWhatACallDoesWhoseCallerHasGone(String how) {
        // Given
        var fault = fault("hold", "");
        try (var caller = HttpClient.newHttpClient()) {
            caller.sendAsync(mail("ann@example.com"), HttpResponse.BodyHandlers.ofString());
            await().until(() -> held(fault) == 1);
            caller.shutdownNow();
        }
        await().until(() -> held(fault) == 0);

        // When
        remove(fault, how);

        // Then
        assertThat(mails()).hasSize(how.isEmpty() ? 1 : 0);
        assertThat(state(fault).isMissingNode()).isTrue();
    }

    @Test
    void shouldStrikeOnlyWhatMatches() throws Exception {
        // Given
        var fault = fault("hold", ", \"matching\": [\"ann@|bob@\", \"Hello\"]");

        // When
        var mail = send("carl@example.com");

        // Then
        assertThat(mail.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        var held = send("bob@example.com");
        await().until(() -> held(fault) == 1);
        assertThat(state(fault).path("struck").asInt()).isEqualTo(1);
        sandbox.send(sandbox.request("/sandbox/faults").DELETE());
        assertThat(held.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
    }

    @Test
    void shouldHoldASpentFaultsCallsUntilItIsRemoved() throws Exception {
        // Given
        var fault = fault("hold", ", \"times\": 1");
        var held = send("ann@example.com");
        await().until(() -> held(fault) == 1);

        // When
        var next = send("bob@example.com");

        // Then
        assertThat(next.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        assertThat(held(fault)).isEqualTo(1);
        assertThat(held.orTimeout(200, TimeUnit.MILLISECONDS)
                        .exceptionally(late -> null)
                        .get())
                .isNull();
    }

    @Test
    void shouldRefuseAnExpressionThatIsNone() {
        // When
        var answer = sandbox.fault("{\"service\": \"sendgrid\", \"kind\": \"hold\", \"matching\": \"(\"}");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").asText()).startsWith("matching: regular expressions");
    }

    private static String fault(String kind, String more) {
        return sandbox.fault("{\"service\": \"sendgrid\", \"operation\": \"mail.send\", \"kind\": \"" + kind + "\""
                        + more + "}")
                .json()
                .path("id")
                .asText();
    }

    private static void remove(String fault, String how) {
        sandbox.send(sandbox.request("/sandbox/faults/" + fault + how).DELETE());
    }

    private static JsonNode state(String fault) {
        return sandbox.get("/sandbox/faults").json().path(fault);
    }

    private static int held(String fault) {
        return state(fault).path("held").asInt();
    }

    private static JsonNode mails() {
        return sandbox.effects("sendgrid").path("mails");
    }

    private static CompletableFuture<HttpResponse<String>> send(String to) {
        return HttpClient.newHttpClient().sendAsync(mail(to), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest mail(String to) {
        var body = """
                {"personalizations": [{"to": [{"email": "%s"}]}], "from": {"email": "%s"},
                 "subject": "Hello", "content": [{"type": "text/plain", "value": "Hello"}]}""".formatted(to, sandbox.environment("SENDGRID_FROM_EMAIL"));
        return HttpRequest.newBuilder(URI.create(sandbox.environment("SENDGRID_API_BASE") + "/v3/mail/send"))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + sandbox.environment("SENDGRID_API_KEY"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
