package io.orderflow.sandbox.stripe;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.stripe.StripeClient;
import com.sun.net.httpserver.HttpServer;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Sandbox;
import io.orderflow.sandbox.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A running sandbox, an app that takes its webhooks, and the wire to it. */
final class StripeSandbox implements AutoCloseable {

    /** One answer. */
    record Answer(int status, HttpHeaders headers, String text) {

        JsonNode json() {
            try {
                return Json.read(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        JsonNode error() {
            return json().get("error");
        }

        String header(String name) {
            return headers.firstValue(name).orElse(null);
        }
    }

    /** One webhook as the app got it. */
    record Delivery(String signature, String body) {

        JsonNode event() {
            return new Answer(0, null, body).json();
        }

        String type() {
            return event().get("type").asText();
        }
    }

    private final HttpServer app;
    private final List<Delivery> inbox = new CopyOnWriteArrayList<>();
    private final Sandbox sandbox;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    StripeSandbox(Path data, double timeScale) {
        try {
            app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            app.createContext("/webhooks/stripe", exchange -> {
                var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                inbox.add(new Delivery(exchange.getRequestHeaders().getFirst("Stripe-Signature"), body));
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            app.start();
            sandbox = Sandbox.start(new World.Settings(
                    URI.create("http://localhost:0"),
                    URI.create("http://localhost:" + app.getAddress().getPort()),
                    data,
                    timeScale));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String secretKey() {
        return sandbox.environment().get("STRIPE_SECRET_KEY");
    }

    String publishableKey() {
        return sandbox.environment().get("STRIPE_PUBLISHABLE_KEY");
    }

    String webhookSecret() {
        return sandbox.environment().get("STRIPE_WEBHOOK_SECRET");
    }

    /** Stripe's own client; it never tries again by itself. */
    StripeClient client() {
        return client(secretKey());
    }

    StripeClient client(String key) {
        return StripeClient.builder()
                .setApiKey(key)
                .setApiBase(sandbox.environment().get("STRIPE_API_BASE"))
                .setMaxNetworkRetries(0)
                .build();
    }

    List<Delivery> inbox() {
        return inbox;
    }

    List<String> eventTypes() {
        return inbox.stream().map(Delivery::type).toList();
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    /** Posts names and values in turn. */
    Answer post(String path, String... form) {
        return send(postRequest(path, form));
    }

    /** The same under an idempotency key. */
    Answer postOnce(String key, String path, String... form) {
        return send(postRequest(path, form).header("Idempotency-Key", key));
    }

    CompletableFuture<Answer> postOnceAsync(String key, String path, String... form) {
        return http.sendAsync(
                        postRequest(path, form).header("Idempotency-Key", key).build(),
                        HttpResponse.BodyHandlers.ofString())
                .thenApply(StripeSandbox::answer);
    }

    HttpRequest.Builder postRequest(String path, String... form) {
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(form)));
    }

    HttpRequest.Builder request(String path) {
        return anonymous(path).setHeader("Authorization", "Bearer " + secretKey());
    }

    /** Below {@code /stripe}. */
    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create(sandbox.base() + "/stripe" + path))
                .timeout(Duration.ofSeconds(20));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            return answer(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    static String encoded(String... form) {
        var pairs = new ArrayList<String>();
        for (int i = 0; i < form.length; i += 2) {
            pairs.add(URLEncoder.encode(form[i], StandardCharsets.UTF_8) + "="
                    + URLEncoder.encode(form[i + 1], StandardCharsets.UTF_8));
        }
        return String.join("&", pairs);
    }

    /** An intent over 10.00 USD, and its id. */
    String intent(String... more) {
        var form = new ArrayList<>(List.of("amount", "1000", "currency", "usd"));
        form.addAll(List.of(more));
        return post("/v1/payment_intents", form.toArray(String[]::new))
                .json()
                .get("id")
                .asText();
    }

    /** An intent paid with {@code method}, and its id. */
    String paid(String method) {
        return intent("payment_method", method, "confirm", "true");
    }

    Answer confirm(String intent, String method) {
        return post("/v1/payment_intents/" + intent + "/confirm", "payment_method", method);
    }

    /** Switches a fault on, for the next call to {@code operation} only. */
    void faultOnce(String operation, String kind, Map<String, Object> more) {
        var rule = Json.object().put("service", "stripe").put("kind", kind).put("times", 1);
        if (operation != null) {
            rule.put("operation", operation);
        }
        more.forEach(rule::putPOJO);
        control("POST", "/sandbox/faults", rule.toString());
    }

    JsonNode effects() {
        return control("GET", "/sandbox/effects/stripe", "").json();
    }

    /** One kind of effects, as a list. */
    List<JsonNode> effects(String kind) {
        return StreamSupport.stream(effects().get(kind).spliterator(), false).collect(Collectors.toList());
    }

    /** Forgets all but the keys. */
    void reset() {
        // What is still on its way would otherwise arrive in the next test.
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !control("GET", "/sandbox/webhooks", "").text().contains("\"state\":\"pending\""));
        control("POST", "/sandbox/reset", "");
        inbox.clear();
    }

    private Answer control(String method, String path, String body) {
        return send(HttpRequest.newBuilder(URI.create(sandbox.base() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    @Override
    public void close() {
        sandbox.close();
        app.stop(0);
    }
}
