package io.orderflow.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderflow.testing.AppProcess;
import io.orderflow.testing.SandboxProcess;
import io.orderflow.testing.SandboxResource;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys on two instances of the packaged app, one of which has no bootstrap key. */
class ApiKeysIT {

    private static final Duration CACHE = Duration.ofSeconds(5);

    @Test
    void shouldBeTakenAndRefusedByEveryInstance() {
        var port = AppProcess.freePort();
        try (var sandbox = SandboxProcess.start("http://localhost:" + port, 1);
                var first = new AppProcess(port, sandbox.environment(), AppProcess.fast(1));
                var second = new AppProcess(AppProcess.freePort(), sandbox.environment(), withoutBootstrapKey())) {
            // Given
            first.start();
            second.start();

            // When
            Response made = given().header("X-API-Key", SandboxResource.API_KEY)
                    .contentType(ContentType.JSON)
                    .body("{\"name\": \"Web shop\", \"scopes\": [\"orders:read\"]}")
                    .post(first.base() + "/api/keys");
            String key = made.path("key");

            // Then
            assertThat(made.statusCode()).isEqualTo(201);
            assertThat(status(second, key)).isEqualTo(200);
            assertThat(status(second, SandboxResource.API_KEY)).isEqualTo(401);
            assertThat(status(second, "")).isEqualTo(401);

            // When
            given().header("X-API-Key", SandboxResource.API_KEY).delete(first.base() + "/api/keys/" + made.path("id"));

            // Then
            assertThat(status(first, key)).isEqualTo(401);
            await().atMost(CACHE.plusSeconds(5)).until(() -> status(second, key) == 401);
        }
    }

    private static Map<String, String> withoutBootstrapKey() {
        var settings = AppProcess.fast(1);
        settings.put("orderflow.security.bootstrap-api-key", "");
        return settings;
    }

    private static int status(AppProcess app, String key) {
        return given().header("X-API-Key", key).get(app.base() + "/api/orders").statusCode();
    }
}
