package io.orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderflow.testing.SandboxResource;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person at a terminal sees of {@code make run} and {@code make app}, with the packaged app. */
class RunIT {

    private static final Duration START = Duration.ofSeconds(90);

    @TempDir
    Path data;

    private final List<Process> started = new ArrayList<>();
    private int port;
    private int sandboxPort;

    @BeforeEach
    void choosePorts() throws IOException {
        try (var one = new ServerSocket(0);
                var other = new ServerSocket(0)) {
            port = one.getLocalPort();
            sandboxPort = other.getLocalPort();
        }
    }

    @AfterEach
    void endAll() throws Exception {
        for (var process : started) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    @Test
    void shouldPrintACurlThatPlacesAnOrderAndKeepTheOrderOverARestart() throws Exception {
        // Given
        var run = run("first");
        var curl = awaitCurl(run);

        // When
        var answer = shell(curl);
        var id = find(answer, "\"id\":\"([0-9a-f-]{36})\"");
        var key = find(curl, "X-API-Key: ([^']+)");
        interrupt(run);
        var again = run("second");
        var curlAgain = awaitCurl(again);

        // Then
        assertThat(answer).startsWith("HTTP/1.1 201");
        assertThat(curlAgain).isEqualTo(curl);
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/orders/" + id))
                .header("X-API-Key", key)
                .build();
        try (var http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
        interrupt(again);
    }

    @Test
    void shouldServeHttpsWithACertificateThatItMakes() throws Exception {
        // Given
        var run = run("tls", Map.of("TLS", "1"));
        var curl = awaitCurl(run);

        // When
        var answer = shell(curl);

        // Then
        assertThat(answer).startsWith("HTTP/2 201").contains("strict-transport-security: max-age=");
        assertThat(curl).contains("https://localhost:" + port + "/api/orders");
        assertThat(exitOf(List.of("curl", "-s", "https://localhost:" + port + "/q/health")))
                .as("nobody else has signed the certificate")
                .isEqualTo(60);
        assertThat(exitOf(List.of("curl", "-s", "-f", "http://localhost:" + port + "/q/health")))
                .isNotZero();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(shell("curl -s http://localhost:" + sandboxPort + "/sandbox/webhooks"))
                        .contains("\"target\":\"https://localhost:" + port + "/webhooks/stripe\"")
                        .contains("\"state\":\"delivered\""));
        interrupt(run);
    }

    @Test
    void shouldSayInOneLineThatAPortIsInUse() throws Exception {
        // Given
        try (var taken = new ServerSocket(0)) {
            port = taken.getLocalPort();

            // When
            var run = run("taken");

            // Then
            assertThat(run.process.waitFor()).isEqualTo(1);
            assertThat(run.output())
                    .isEqualToIgnoringNewLines("make run: port " + port
                            + " is in use. End what listens there, or choose another: PORT=8081 make run");
        }
    }

    @Test
    void shouldSayInOneLineThatThereIsNoJdk() throws Exception {
        // When
        var process = start(
                List.of("/bin/bash", "bin/find-jdk"),
                Map.of("JAVA_HOME", "", "PATH", "/nowhere", "JDK_ROOTS", data.toString()),
                data.resolve("jdk.log"));

        // Then
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readString(data.resolve("jdk.log")))
                .hasLineCount(1)
                .startsWith("Orderflow needs a JDK 25 or newer: install one");
    }

    @Test
    void shouldNameEveryVariableThatIsMissing() throws Exception {
        // When
        var process = start(
                List.of("env", "-i", java(), "-jar", "target/quarkus-app/quarkus-run.jar"),
                Map.of(),
                data.resolve("app.log"));

        // Then
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readString(data.resolve("app.log")))
                .contains(
                        "ORDERFLOW_KEY_HASH_SECRET",
                        "OIDC_ISSUER_URL",
                        "ORDERS_TABLE",
                        "ORDER_EVENTS_QUEUE",
                        "DEAD_LETTER_QUEUE",
                        "ORDER_TOPIC_ARN",
                        "ALERT_TOPIC_ARN",
                        "STRIPE_SECRET_KEY",
                        "STRIPE_WEBHOOK_SECRET",
                        "SENDGRID_API_KEY",
                        "SENDGRID_FROM_EMAIL",
                        "SENDGRID_WEBHOOK_PUBLIC_KEY",
                        "GOOGLE_APPLICATION_CREDENTIALS",
                        "GOOGLE_SHEETS_SPREADSHEET_ID")
                .doesNotContain("\tat ");
    }

    @Test
    void shouldRefuseABootstrapKeyThatIsTooShort() throws Exception {
        // When
        var process = start(
                List.of("/bin/bash", "bin/run"),
                Map.of(
                        "PORT", String.valueOf(port),
                        "SANDBOX_PORT", String.valueOf(sandboxPort),
                        "DATA", data.toString(),
                        "ORDERFLOW_BOOTSTRAP_API_KEY", SandboxResource.API_KEY.substring(0, 23)),
                data.resolve("short.log"));

        // Then
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readString(data.resolve("short.log")))
                .isEqualToIgnoringNewLines("make run: ORDERFLOW_BOOTSTRAP_API_KEY must have at least 24 characters.");
    }

    private record Run(Process process, Path log) {
        String output() throws IOException {
            return Files.readString(log);
        }
    }

    private Run run(String name) throws IOException {
        return run(name, Map.of());
    }

    private Run run(String name, Map<String, String> settings) throws IOException {
        var log = data.resolve(name + ".log");
        var environment = new HashMap<>(settings);
        environment.putAll(Map.of(
                "PORT", String.valueOf(port), "SANDBOX_PORT", String.valueOf(sandboxPort), "DATA", data.toString()));
        return new Run(start(List.of("/bin/bash", "bin/run"), environment, log), log);
    }

    private Process start(List<String> command, Map<String, String> environment, Path log) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        started.add(process);
        return process;
    }

    private static String awaitCurl(Run run) throws IOException {
        await().atMost(START).untilAsserted(() -> {
            assertThat(run.process.isAlive()).as(run.output()).isTrue();
            assertThat(run.output()).contains("Ctrl-C stops both.");
        });
        return find(run.output(), "(?m)^ *(curl .*)$");
    }

    /** As Ctrl-C does; the script must end both of its processes, and say nothing of trouble. */
    private void interrupt(Run run) throws Exception {
        var children = run.process.descendants().toList();
        new ProcessBuilder("kill", "-TERM", String.valueOf(run.process.pid()))
                .start()
                .waitFor();
        assertThat(run.process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(run.process.exitValue()).isZero();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(run.output()).doesNotContain("Exception");
    }

    private int exitOf(List<String> command) throws Exception {
        return start(command, Map.of(), data.resolve("curl.log")).waitFor();
    }

    private static String shell(String command) throws Exception {
        var process = new ProcessBuilder("/bin/bash", "-c", command).start();
        var output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).isZero();
        return output;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String find(String text, String pattern) {
        var found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern + " in " + text).isTrue();
        return found.group(1);
    }
}
