package io.orderflow.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The packaged app as a process that can be killed. Its port stays the same from start to start, so that the sandbox's
 * webhooks find it again. It ends with the JVM of the test at the latest.
 */
public final class AppProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Path ARCHIVE = Path.of("target/app-for-tests.jsa");
    private static final Duration LONGEST_START = Duration.ofSeconds(90);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int port;
    private final Map<String, String> environment;
    private final Map<String, String> settings;
    private final Path log;
    private Process process;

    /**
     * An app that does not run yet.
     *
     * @param port of {@link #freePort()}
     * @param environment of {@link SandboxProcess#environment()}
     * @param settings configuration properties
     */
    public AppProcess(int port, Map<String, String> environment, Map<String, String> settings) {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException(JAR + " is missing; `make build` makes it");
        }
        this.port = port;
        this.environment = environment;
        this.settings = settings;
        this.log = Path.of("target", "app-" + port + ".log");
    }

    /** A port that was free just now. */
    public static int freePort() {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The settings of an app whose time runs faster: everything that {@code orderflow.time-scale} does not reach is
     * shortened to fit.
     */
    public static Map<String, String> fast(double timeScale) {
        var settings = new HashMap<String, String>();
        settings.put("orderflow.time-scale", String.valueOf(timeScale));
        settings.put("camel.component.stripe.read-timeout", "3000");
        settings.put("orderflow.delivery.http-timeout", "2500ms");
        settings.put("orderflow.delivery.sns-timeout", "1500ms");
        settings.put("orderflow.stripe.calls-per-second", "1000");
        settings.put("orderflow.cloudwatch.period", "5s");
        settings.put("orderflow.worker.poll-wait", "1");
        settings.put("orderflow.google.audit", "20s");
        settings.put("orderflow.google.alert-after", "20s");
        settings.put("orderflow.alerts.period", "10s");
        settings.put("orderflow.payments.checks-per-second", "200");
        settings.put("orderflow.payments.first-check", "100s");
        settings.put("orderflow.payments.longest-check", "100s");
        settings.put("orderflow.payments.cancel-unpaid-after", "365d");
        unlimited(settings);
        return settings;
    }

    /** Lets one address and one key do what many do elsewhere. */
    static void unlimited(Map<String, String> settings) {
        for (var limit : List.of("caller", "address", "wrong-key", "webhook-sender", "webhook")) {
            settings.put("orderflow.limits." + limit + ".per-second", "100000");
            settings.put("orderflow.limits." + limit + ".burst", "100000");
        }
    }

    public URI base() {
        return URI.create("http://localhost:" + port);
    }

    /** What it has written since its first start. */
    public Path log() {
        return log;
    }

    /** Starts it, and waits until it is ready. */
    public AppProcess start() {
        begin();
        return awaitReady();
    }

    /** Starts it. */
    public void begin() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("It runs already");
        }
        makeArchive();
        process = run("-XX:SharedArchiveFile=" + ARCHIVE);
    }

    private Process run(String option) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A start is most of what a killed app does.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Xshare:auto",
                "-Xlog:cds=off",
                option,
                "-Dcamel.threads.virtual.enabled=true",
                "-Dvertx.disableURIValidation=true"));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", JAR.toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        builder.environment().put("ORDERFLOW_BOOTSTRAP_API_KEY", SandboxResource.API_KEY);
        builder.environment().put("PORT", String.valueOf(port));
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        try {
            var started = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM's archive of loaded classes, made once for a packaged app: with it a start takes a third less. */
    private void makeArchive() {
        try {
            if (Files.exists(ARCHIVE)
                    && Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(JAR)) > 0) {
                return;
            }
            Files.deleteIfExists(ARCHIVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = run("-XX:ArchiveClassesAtExit=" + ARCHIVE);
        awaitReady();
        terminate(Duration.ofSeconds(60));
    }

    /** Waits until it takes requests. */
    public AppProcess awaitReady() {
        var end = Instant.now().plus(LONGEST_START);
        while (!isReady()) {
            if (!process.isAlive() || Instant.now().isAfter(end)) {
                throw new AssertionError("The app did not start; see " + log.toAbsolutePath());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return this;
    }

    private boolean isReady() {
        var request = HttpRequest.newBuilder(base().resolve("/q/health/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** {@code kill -STOP}: it stands still, its connections open. */
    public void freeze() {
        signal("STOP");
    }

    /** {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(10));
    }

    /**
     * {@code kill -TERM}, and waits for its end.
     *
     * @return how long that took
     */
    public Duration terminate(Duration atMost) {
        var start = Instant.now();
        signal("TERM");
        awaitEnd(atMost);
        return Duration.between(start, Instant.now());
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private void awaitEnd(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("The app did not end within " + atMost + "; see " + log.toAbsolutePath());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
