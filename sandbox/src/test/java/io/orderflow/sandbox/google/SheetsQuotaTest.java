package io.orderflow.sandbox.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderflow.sandbox.testing.RunningSandbox;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SheetsQuotaTest {

    @Test
    void shouldRefuseThe61stWriteOfAMinuteButNotARead(@TempDir Path data) {
        // Given
        try (var sandbox = RunningSandbox.start(data)) {
            var sheets = new SheetsFixture(sandbox);
            for (int i = 1; i <= 60; i++) {
                assertThat(sheets.write("A" + i, "[[" + i + "]]").status()).isEqualTo(200);
            }

            // When
            var refused = sheets.write("A61", "[[61]]");

            // Then
            assertThat(refused.status()).isEqualTo(429);
            var error = refused.json().get("error");
            assertThat(error.get("status").textValue()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(error.get("errors").get(0).get("reason").textValue()).isEqualTo("rateLimitExceeded");
            assertThat(error.get("message").textValue())
                    .startsWith("Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute"
                            + " per user' of service 'sheets.googleapis.com' for consumer 'project_number:");
            var info = error.get("details").get(0);
            assertThat(info.get("reason").textValue()).isEqualTo("RATE_LIMIT_EXCEEDED");
            assertThat(info.get("metadata").get("quota_limit").textValue()).isEqualTo("WriteRequestsPerMinutePerUser");
            assertThat(info.get("metadata").get("quota_limit_value").textValue())
                    .isEqualTo("60");
            assertThat(sheets.read("A:A")).hasSize(60);
        }
    }

    @Test
    void shouldRefuseThe61stReadOfAMinuteButNotAWrite(@TempDir Path data) {
        // Given
        try (var sandbox = RunningSandbox.start(data)) {
            var sheets = new SheetsFixture(sandbox);
            for (int i = 1; i <= 60; i++) {
                assertThat(sheets.get("/values/A1").status()).isEqualTo(200);
            }

            // When
            var refused = sheets.get("?fields=spreadsheetId");

            // Then
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body()).contains("ReadRequestsPerMinutePerUser");
            assertThat(sheets.write("A1", "[[1]]").status()).isEqualTo(200);
        }
    }

    @Test
    void shouldAllowCallsAgainAfterAMinuteOfTheSandbox(@TempDir Path data) {
        // Given
        try (var sandbox = RunningSandbox.start(data, URI.create("http://localhost:1"), 0.05)) {
            var sheets = new SheetsFixture(sandbox);
            sandbox.post("/sandbox/google-sheets/quota", "{\"reads\": 1}");
            sheets.get("/values/A1");

            // When
            var atOnce = sheets.get("/values/A1");

            // Then
            assertThat(atOnce.status()).isEqualTo(429);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(sheets.get("/values/A1").status()).isEqualTo(200));
        }
    }

    @Test
    void shouldTakeOtherLimitsUntilTheNextReset(@TempDir Path data) {
        // Given
        try (var sandbox = RunningSandbox.start(data)) {
            var sheets = new SheetsFixture(sandbox);
            sandbox.post("/sandbox/google-sheets/quota", "{\"reads\": 1}");

            // When
            var first = sheets.get("/values/A1");
            var second = sheets.get("/values/A1");
            sandbox.reset();
            var third = sheets.get("/values/A1");
            var fourth = sheets.get("/values/A1");

            // Then
            assertThat(first.status()).isEqualTo(200);
            assertThat(second.status()).isEqualTo(429);
            assertThat(third.status()).isEqualTo(200);
            assertThat(fourth.status()).isEqualTo(200);
        }
    }
}
