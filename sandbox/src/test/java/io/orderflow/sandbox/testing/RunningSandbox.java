package io.orderflow.sandbox.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Sandbox;
import io.orderflow.sandbox.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A sandbox on a free port, and an HTTP client that speaks to it as any program would. */
public final class RunningSandbox implements AutoCloseable {

    /** An answer, its body read as text. */
    public record Answer(int status, HttpHeaders headers, String body) {

        public JsonNode json() {
            try {
                return Json.read(body.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("No JSON: " + body, e);
            }
        }

        public String header(String name) {
            return headers.firstValue(name).orElse(null);
        }
    }

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Sandbox sandbox;

    private RunningSandbox(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    public static RunningSandbox start(Path data) {
        return start(data, URI.create("http://localhost:1"), 1);
    }

    public static RunningSandbox start(Path data, URI app, double timeScale) {
        try {
            return new RunningSandbox(
                    Sandbox.start(new World.Settings(URI.create("http://localhost:0"), app, data, timeScale)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI base() {
        return sandbox.base();
    }

    public Map<String, String> environment() {
        return sandbox.environment();
    }

    public String environment(String name) {
        return sandbox.environment().get(name);
    }

    public JsonNode effects(String service) {
        return send(request("/sandbox/effects/" + service)).json();
    }

    public Answer reset() {
        return post("/sandbox/reset", "");
    }

    public Answer fault(String json) {
        return post("/sandbox/faults", json);
    }

    public Answer post(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    public Answer get(String path) {
        return send(request(path));
    }

    /** The beginning of a request to {@code path} of this sandbox. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(sandbox.base() + path));
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            var response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
