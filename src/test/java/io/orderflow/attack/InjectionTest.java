package io.orderflow.attack;

import static io.orderflow.testing.Api.caller;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.testing.Api;
import io.orderflow.testing.LogCapture;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Line breaks of a caller make neither header fields of an answer nor lines of the log. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class InjectionTest {

    private static final String BREAK = "%0D%0AX-Injected:%20yes";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/orders/" + BREAK,
                "/api/orders?cursor=" + BREAK,
                "/api/orders?" + BREAK + "=1",
                "/api/dead-letters/replays/" + BREAK,
                "/api/keys/" + BREAK,
                "/" + BREAK,
                "/q/swagger-ui/" + BREAK
            })
    void shouldMakeNoHeaderOfALineBreak(String target) {
        // When
        var answer =
                caller().urlEncodingEnabled(false).redirects().follow(false).get(target);

        // Then
        assertThat(answer.statusCode()).isBetween(400, 404);
        assertThat(answer.headers().hasHeaderWithName("X-Injected")).isFalse();
    }

    @Test
    void shouldMakeNoLineOfTheLogOfALineBreak() {
        // Given
        var forged = "x\\n12:00:00.000 ERROR [forged] All is lost";

        // When
        List<Response> answers;
        String log;
        try (var capture = LogCapture.ofAll()) {
            answers = List.of(
                    post("/api/orders", Api.order().replace("Jane Doe", forged)),
                    post("/api/orders", Api.order().replace("\"USD\"", "\"" + forged + "\"")),
                    post("/api/payments/confirm", "{\"orderId\": \"" + forged + "\", \"paymentIntentId\": \"pi_x\"}"),
                    post("/api/keys", "{\"name\": \"" + forged + "\", \"scopes\": [\"orders:read\"]}"),
                    caller().urlEncodingEnabled(false).get("/api/orders/%0A12:00:00.000%20ERROR%20%5Bforged%5D"));
            log = capture.text();
        }

        // Then
        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isBetween(400, 404));
        assertThat(log).doesNotContain("[forged]");
    }

    private static Response post(String path, String body) {
        return caller().contentType("application/json").body(body).post(path);
    }
}
