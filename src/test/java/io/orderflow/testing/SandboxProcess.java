package io.orderflow.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A sandbox of the tests' own: another process, on a free port, with data that is new each time. */
public final class SandboxProcess implements AutoCloseable {

    private static final Path JAR = Path.of("sandbox/target/sandbox.jar");
    private static final String READY = "Sandbox ready at ";

    private final Process process;
    private final String base;
    private final Path data;

    private SandboxProcess(Process process, String base, Path data) {
        this.process = process;
        this.base = base;
        this.data = data;
    }

    /**
     * Starts a sandbox and waits until it is ready.
     *
     * @param app the address of the app, to which its webhooks go
     * @param timeScale what its delays are multiplied by
     */
    public static SandboxProcess start(String app, double timeScale) {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException(JAR + " is missing; `make test` builds it");
        }
        try {
            var data = Files.createTempDirectory(Files.createDirectories(Path.of("target", "sandbox")), "data-");
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "@sandbox/java.args",
                            "-jar",
                            JAR.toString(),
                            "--port",
                            "0",
                            "--data",
                            data.toString(),
                            "--app",
                            app,
                            "--time-scale",
                            String.valueOf(timeScale))
                    .redirectError(data.resolve("stderr.log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new SandboxProcess(process, readBase(process, data), data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String readBase(Process process, Path data) throws IOException {
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(READY)) {
                return line.substring(READY.length()).strip();
            }
        }
        throw new IllegalStateException("The sandbox did not start: " + Files.readString(data.resolve("stderr.log")));
    }

    /** Its own address. */
    public String base() {
        return base;
    }

    /** Where it keeps its data. */
    public Path data() {
        return data;
    }

    /** The environment with which the app uses it. */
    public Map<String, String> environment() {
        try {
            var variables = new TreeMap<String, String>();
            for (var line : Files.readAllLines(data.resolve("app.env"))) {
                var equals = line.indexOf('=');
                variables.put(line.substring(0, equals), unquoted(line.substring(equals + 1)));
            }
            return variables;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String unquoted(String value) {
        return value.length() > 1 && value.startsWith("'") && value.endsWith("'")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
