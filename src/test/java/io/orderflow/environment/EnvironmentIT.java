package io.orderflow.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.testing.Api;
import io.orderflow.testing.AppProcess;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxProcess;
import io.orderflow.testing.SandboxResource;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged app in environments in which it must not start. */
class EnvironmentIT {

    private static SandboxProcess sandbox;

    @TempDir
    Path folder;

    @BeforeAll
    static void startSandbox() {
        sandbox = SandboxProcess.start("http://localhost:1", 1);
    }

    @AfterAll
    static void stopSandbox() {
        sandbox.close();
    }

    private record Run(int exit, String output) {}

    @Test
    void shouldRefuseEverythingOfASandboxInProduction() throws Exception {
        // Given
        var environment = new TreeMap<>(sandbox.environment());
        environment.remove("ORDERFLOW_ENVIRONMENT");
        environment.put("ORDERFLOW_BOOTSTRAP_API_KEY", SandboxResource.API_KEY);

        // When
        var run = run(environment);

        // Then
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output().lines())
                .filteredOn(line -> line.startsWith("  - "))
                .extracting(line -> line.split(" ")[3])
                .containsExactlyInAnyOrder(
                        "OIDC_ISSUER_URL",
                        "STRIPE_API_BASE",
                        "SENDGRID_API_BASE",
                        "GOOGLE_SHEETS_API_BASE",
                        "AWS_ENDPOINT_URL",
                        "STRIPE_SECRET_KEY",
                        "STRIPE_WEBHOOK_SECRET",
                        "SENDGRID_API_KEY",
                        "AWS_ACCESS_KEY_ID",
                        "ORDER_EVENTS_QUEUE",
                        "DEAD_LETTER_QUEUE",
                        "ORDER_TOPIC_ARN",
                        "ALERT_TOPIC_ARN",
                        "GOOGLE_APPLICATION_CREDENTIALS",
                        "ORDERFLOW_KEY_HASH_SECRET",
                        "ORDERFLOW_BOOTSTRAP_API_KEY");
        assertThat(run.output())
                .doesNotContain("\tat ")
                .doesNotContain(List.of(
                        environment.get("STRIPE_SECRET_KEY"),
                        environment.get("STRIPE_WEBHOOK_SECRET"),
                        environment.get("SENDGRID_API_KEY"),
                        environment.get("AWS_SECRET_ACCESS_KEY"),
                        SandboxResource.API_KEY));
    }

    @Test
    void shouldRefuseASandboxThatLacksASecret() throws Exception {
        // Given
        var environment = new TreeMap<>(sandbox.environment());
        environment.remove("STRIPE_WEBHOOK_SECRET");
        environment.put("SENDGRID_WEBHOOK_PUBLIC_KEY", "");
        environment.put("ORDERFLOW_BOOTSTRAP_API_KEY", SandboxResource.API_KEY);

        // When
        var run = run(environment);

        // Then
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output().lines())
                .filteredOn(line -> line.startsWith("  - "))
                .extracting(line -> line.split(" ")[3])
                .containsExactly("STRIPE_WEBHOOK_SECRET", "SENDGRID_WEBHOOK_PUBLIC_KEY");
    }

    @Test
    void shouldTakeSecretsOutOfSecretsManager() throws Exception {
        // Given
        var environment = new TreeMap<>(sandbox.environment());
        var keys = new ObjectMapper()
                .createObjectNode()
                .put("stripe", environment.get("STRIPE_SECRET_KEY"))
                .put("webhook", environment.get("STRIPE_WEBHOOK_SECRET"))
                .toString();
        createSecret("orderflow/stripe", keys);
        createSecret("orderflow/sendgrid", environment.get("SENDGRID_API_KEY"));
        environment.put("STRIPE_SECRET_KEY", "aws-secretsmanager:orderflow/stripe#stripe");
        environment.put("STRIPE_WEBHOOK_SECRET", "aws-secretsmanager:orderflow/stripe#webhook");
        environment.put("SENDGRID_API_KEY", "aws-secretsmanager:orderflow/sendgrid");

        // When
        try (var app = new AppProcess(AppProcess.freePort(), environment, AppProcess.fast(0.1)).start()) {
            var placed =
                    Api.caller().contentType(ContentType.JSON).body(Api.order()).post(app.base() + "/api/orders");

            // Then
            placed.then().statusCode(201);
            var id = placed.<String>path("id");
            var world = new SandboxClient(sandbox.base());
            await().atMost(Duration.ofSeconds(30)).until(() -> world.mailsOf(id).contains("order.created"));
        }
    }

    @Test
    void shouldNameEverySecretThatCannotBeHad() throws Exception {
        // Given
        createSecret("orderflow/text", "no JSON");
        var environment = new TreeMap<>(sandbox.environment());
        environment.put("ORDERFLOW_BOOTSTRAP_API_KEY", SandboxResource.API_KEY);
        environment.put("STRIPE_SECRET_KEY", "aws-secretsmanager:orderflow/nowhere");
        environment.put("SENDGRID_API_KEY", "aws-secretsmanager:orderflow/text#key");

        // When
        var run = run(environment);

        // Then
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.output())
                .contains("STRIPE_SECRET_KEY names the secret orderflow/nowhere", "ResourceNotFoundException")
                .contains("SENDGRID_API_KEY names a field of the secret orderflow/text")
                .doesNotContain("no JSON\n", "is missing", "\tat ");
    }

    private static void createSecret(String name, String text) throws Exception {
        var body = new ObjectMapper().createObjectNode().put("Name", name).put("SecretString", text);
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(sandbox.base()))
                                .header("X-Amz-Target", "secretsmanager.CreateSecret")
                                .header("Content-Type", "application/x-amz-json-1.1")
                                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private Run run(Map<String, String> environment) throws IOException, InterruptedException {
        var log = folder.resolve("app.log");
        var builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        "target/quarkus-app/quarkus-run.jar"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        var process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Run(process.exitValue(), Files.readString(log));
        } finally {
            process.destroyForcibly();
        }
    }
}
