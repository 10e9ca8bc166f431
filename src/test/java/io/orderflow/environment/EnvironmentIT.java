package io.orderflow.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.testing.SandboxProcess;
import io.orderflow.testing.SandboxResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
