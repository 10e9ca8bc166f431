package io.orderflow;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.orderflow.testing.SandboxResource;
import io.orderflow.testing.TestScopes;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the API contract needs its scope; what the contract does not know, nobody may. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class PermissionsTest {

    private static final Set<String> SCOPES =
            Set.of("orders:read", "orders:write", "payments:write", "ops:read", "ops:write", "keys:write");

    record Operation(String method, String path) {

        String scope() {
            var isRead = method.equals("GET");
            return switch (path.split("/")[2]) {
                case "orders" -> isRead ? "orders:read" : "orders:write";
                case "payments" -> isRead ? "orders:read" : "payments:write";
                case "keys" -> "keys:write";
                case "erasures" -> "ops:write";
                case "dead-letters" -> isRead || path.endsWith("/preview") ? "ops:read" : "ops:write";
                default -> throw new IllegalStateException("Which scope does " + this + " need?");
            };
        }

        int answer(RequestSpecification caller) {
            return caller.request(
                            method,
                            path.replaceAll("\\{[^}]*}", UUID.randomUUID().toString()))
                    .statusCode();
        }
    }

    static Stream<Operation> operations() throws IOException {
        JsonNode paths = new YAMLMapper()
                .readTree(Path.of("src/main/openapi/openapi.yaml").toFile())
                .get("paths");
        return paths.properties().stream()
                .filter(path -> path.getKey().startsWith("/api/"))
                .flatMap(path -> path.getValue().properties().stream()
                        .map(java.util.Map.Entry::getKey)
                        .filter(key ->
                                List.of("get", "post", "put", "patch", "delete").contains(key))
                        .map(method -> new Operation(method.toUpperCase(Locale.ROOT), path.getKey())));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldNeedItsScopeAndNoOther(Operation operation) {
        // Given
        var others = new TreeSet<>(SCOPES);
        others.remove(operation.scope());

        // Then
        assertThat(operation.answer(given())).isEqualTo(401);
        assertThat(operation.answer(with(others))).isEqualTo(403);
        assertThat(operation.answer(with(Set.of(operation.scope())))).isNotIn(401, 403);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /api/orders, 405",
        "DELETE, /api/orders, 405",
        "GET, /api/payments, 404",
        "POST, /api/orders/1/anything, 404",
        "GET, /api/admin, 404",
        "GET, /q/dev-ui, 403",
        "GET, /q/metrics/anything, 403",
        "POST, /q/health, 403",
        "GET, /q/healthz, 403",
        "GET, /q/health-ui, 403",
        "GET, /admin, 404",
    })
    void shouldRefuseWhatIsNotOfTheContractToEverybody(String method, String path, int known) {
        // Then
        assertThat(given().request(method, path).statusCode()).isEqualTo(401);
        assertThat(with(SCOPES).request(method, path).statusCode()).isEqualTo(known);
    }

    @Test
    void shouldShowMetricsToOperatorsOnly() {
        // Then
        assertThat(given().get("/q/metrics").statusCode()).isEqualTo(401);
        assertThat(with(Set.of("orders:read", "orders:write")).get("/q/metrics").statusCode())
                .isEqualTo(403);
        assertThat(with(Set.of("ops:read")).get("/q/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldTellOperatorsAloneWhatItIsMadeOf() {
        // Then
        assertThat(given().get("/q/health").asString()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(given().get("/q/health/ready").asString()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(with(Set.of("orders:read")).get("/q/health/live").asString()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(with(Set.of("ops:read")).get("/q/health").jsonPath().getList("checks"))
                .isNotEmpty();
    }

    private static RequestSpecification with(Set<String> scopes) {
        return given().header(TestScopes.HEADER, String.join(",", scopes));
    }
}
