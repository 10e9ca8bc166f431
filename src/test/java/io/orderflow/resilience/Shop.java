package io.orderflow.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A shop that calls the app as a careful caller does: what gets no answer, or 503, is asked for again under the same
 * key until it is answered.
 */
final class Shop {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Supplier<URI> app;
    private final SandboxClient sandbox;
    private final String publishableKey;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger number = new AtomicInteger();
    private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();

    /** @param app where to call; asked for each call, so that it may be another instance */
    Shop(Supplier<URI> app, SandboxClient sandbox, String publishableKey) {
        this.app = app;
        this.sandbox = sandbox;
        this.publishableKey = publishableKey;
    }

    record Answer(int status, JsonNode body, Duration took, String retryAfter) {}

    /** Answers that nobody should get: 500, and problems that are none. */
    List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    Purchase purchase() {
        return new Purchase(number.incrementAndGet());
    }

    /** Places an order, and asks again until there is a way to pay. */
    Purchase place(Purchase purchase) {
        var end = Instant.now().plus(PATIENCE);
        do {
            post(purchase);
        } while (purchase.clientSecret == null && pause() && Instant.now().isBefore(end));
        assertThat(purchase.clientSecret).as("means to pay " + purchase).isNotNull();
        return purchase;
    }

    /** Places an order; the way to pay may follow later. */
    Answer post(Purchase purchase) {
        var answer = until(
                () -> request("/api/orders")
                        .header("Idempotency-Key", purchase.key)
                        .POST(BodyPublishers.ofString(purchase.body)),
                200,
                201,
                202);
        assertThat(answer.body().path("id").asText()).isEqualTo(purchase.id);
        purchase.answered(answer.body());
        return answer;
    }

    /** Asks once, and says what the answer was. */
    Answer postOnce(Purchase purchase) throws IOException {
        var answer = send(request("/api/orders")
                .header("Idempotency-Key", purchase.key)
                .POST(BodyPublishers.ofString(purchase.body)));
        if (answer.status() / 100 == 2) {
            purchase.answered(answer.body());
        }
        return answer;
    }

    /** The same for an order that is read. */
    Answer getOnce(Purchase purchase) throws IOException {
        return send(request("/api/orders/" + purchase.id).GET());
    }

    void pay(Purchase purchase, String paymentMethod) {
        sandbox.pay(publishableKey, purchase.intentId, purchase.clientSecret, paymentMethod);
    }

    /** Tells the app that the customer has paid, as the storefront does. */
    void confirm(Purchase purchase) {
        until(
                () -> request("/api/payments/confirm")
                        .POST(json(Map.of("orderId", purchase.id, "paymentIntentId", purchase.intentId))),
                200);
    }

    /** Waits until the app knows of the payment. */
    void awaitPaid(Purchase purchase) {
        var end = Instant.now().plus(PATIENCE);
        while (!get(purchase).path("status").asText().equals("paid")) {
            assertThat(Instant.now()).as("payment of " + purchase).isBefore(end);
            pause();
        }
    }

    void ship(Purchase purchase) {
        var body = json(Map.of("status", "shipped", "trackingNumber", "T-" + purchase.id.substring(0, 8)));
        // What a lost answer leaves open, the order itself says.
        while (!get(purchase).path("status").asText().equals("shipped")) {
            var version = get(purchase).path("version").asText();
            until(
                    () -> request("/api/orders/" + purchase.id)
                            .header("If-Match", "\"" + version + "\"")
                            .method("PATCH", body),
                    200,
                    412);
        }
        purchase.isShipped = true;
    }

    void cancel(Purchase purchase) {
        until(() -> request("/api/orders/" + purchase.id).DELETE(), 200, 202);
        purchase.isCancelled = true;
    }

    void refund(Purchase purchase, String key, long cents) {
        until(
                () -> request("/api/payments/refund")
                        .header("Idempotency-Key", key)
                        .POST(json(Map.of(
                                "orderId",
                                purchase.id,
                                "amount",
                                BigDecimal.valueOf(cents, 2),
                                "reason",
                                "requested_by_customer"))),
                200,
                201,
                202);
        purchase.refunds.put(key, cents);
    }

    JsonNode get(Purchase purchase) {
        return until(() -> request("/api/orders/" + purchase.id).GET(), 200).body();
    }

    JsonNode timeline(Purchase purchase) {
        return until(() -> request("/api/orders/" + purchase.id + "/timeline").GET(), 200)
                .body();
    }

    /** Asks until an answer has one of these statuses. */
    private Answer until(Supplier<HttpRequest.Builder> request, int... statuses) {
        var end = Instant.now().plus(PATIENCE);
        var last = "no answer";
        while (Instant.now().isBefore(end)) {
            try {
                var answer = send(request.get());
                for (var status : statuses) {
                    if (answer.status() == status) {
                        return answer;
                    }
                }
                last = answer.status() + " " + answer.body();
                if (answer.status() != 503) {
                    var asked = request.get().build();
                    throw new AssertionError(asked.method() + " " + asked.uri() + " answered " + last);
                }
                if (answer.retryAfter() == null) {
                    unexpected.add("503 without Retry-After: " + last);
                }
            } catch (IOException e) {
                last = e.toString();
            }
            pause();
        }
        throw new AssertionError("Not answered within " + PATIENCE + ": " + last);
    }

    private static boolean pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        return true;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(app.get().resolve(path))
                .timeout(ANSWER)
                .header("X-API-Key", SandboxResource.API_KEY)
                .header("Content-Type", "application/json");
    }

    private Answer send(HttpRequest.Builder request) throws IOException {
        try {
            var start = System.nanoTime();
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    answer.statusCode(),
                    answer.body().isEmpty() ? MAPPER.missingNode() : MAPPER.readTree(answer.body()),
                    Duration.ofNanos(System.nanoTime() - start),
                    answer.headers().firstValue("Retry-After").orElse(null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static BodyPublisher json(Map<String, ?> body) {
        try {
            return BodyPublishers.ofString(MAPPER.writeValueAsString(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
