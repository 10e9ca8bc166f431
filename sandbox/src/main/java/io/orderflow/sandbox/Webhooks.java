package io.orderflow.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Sends webhooks and tries again until the receiver answers 2xx or the schedule ends. What is still owed is kept in the
 * store, so that a restart of the sandbox loses none.
 */
public final class Webhooks {

    /** Makes the headers of one attempt, the signature among them. */
    @FunctionalInterface
    public interface Signer {
        Map<String, String> headers(byte[] body, Instant sentAt);
    }

    private static final List<Duration> SCHEDULE = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofHours(24));

    private final World world;
    private final Store.Table table;
    private final List<ObjectNode> owed;
    private final Map<String, Signer> signers = new HashMap<>();
    private final HttpClient client;

    Webhooks(World world) {
        this.world = world;
        this.table = world.store().table("webhooks");
        this.owed = table.all()
                .filter(webhook -> webhook.get("state").asText().equals("pending"))
                .toList();
        this.client = world.vertx()
                .createHttpClient(
                        new HttpClientOptions().setConnectTimeout(2000).setMaxPoolSize(32));
    }

    /** Says how the webhooks of {@code service} are signed. */
    public void signer(String service, Signer signer) {
        signers.put(service, signer);
    }

    /** Sends {@code body} to {@code target}, now and again until it is taken. */
    public void send(String service, String eventType, URI target, String body) {
        send(service, eventType, target, Map.of(), body);
    }

    /** The same with headers that stay what they are on every attempt. */
    public void send(String service, String eventType, URI target, Map<String, String> headers, String body) {
        var webhook = Json.object()
                .put("id", UUID.randomUUID().toString())
                .put("service", service)
                .put("eventType", eventType)
                .put("target", target.toString())
                .put("body", body)
                .put("createdAt", world.clock().instant().toString())
                .put("attempts", 0)
                .put("state", "pending");
        var fixed = webhook.putObject("headers");
        headers.forEach(fixed::put);
        table.put(webhook.get("id").asText(), webhook);
        var fault = world.faults().onWebhook(service, eventType, body);
        if (fault.isEmpty()) {
            attempt(webhook);
            return;
        }
        switch (fault.get().kind()) {
            case WEBHOOK_DUPLICATE -> {
                attempt(webhook);
                attempt(webhook.deepCopy());
            }
            case WEBHOOK_LATE -> world.after(fault.get().delay(), () -> attempt(webhook));
            case WEBHOOK_LOST -> finish(webhook, "lost");
            default -> throw new IllegalStateException(fault.get().kind() + " is no webhook fault");
        }
    }

    /** Takes up what was owed when the sandbox last ended; what a service has sent since is under way already. */
    void resume() {
        owed.forEach(this::attempt);
    }

    /** Every webhook sent or owed, oldest first. */
    public Stream<ObjectNode> all() {
        return table.all()
                .sorted((a, b) ->
                        a.get("createdAt").asText().compareTo(b.get("createdAt").asText()));
    }

    void reset() {
        table.clear();
    }

    private void attempt(ObjectNode webhook) {
        var body = webhook.get("body").asText().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var service = webhook.get("service").asText();
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(webhook.get("target").asText())
                .setTimeout(10_000);
        signers.getOrDefault(service, (bytes, now) -> Map.of("Content-Type", "application/json"))
                .headers(body, world.clock().instant())
                .forEach(options::putHeader);
        webhook.path("headers")
                .properties()
                .forEach(header ->
                        options.putHeader(header.getKey(), header.getValue().asText()));
        client.request(options)
                .compose(request -> request.send(Buffer.buffer(body)))
                .onComplete(result -> {
                    if (table.get(webhook.get("id").asText()).isEmpty()) {
                        // A reset has forgotten it meanwhile.
                        return;
                    }
                    webhook.put("attempts", webhook.get("attempts").asInt() + 1);
                    if (result.succeeded()) {
                        webhook.put("lastStatus", result.result().statusCode());
                    } else {
                        webhook.put("lastError", String.valueOf(result.cause().getMessage()));
                    }
                    if (result.succeeded() && result.result().statusCode() / 100 == 2) {
                        finish(webhook, "delivered");
                    } else {
                        retry(webhook);
                    }
                });
    }

    private void retry(ObjectNode webhook) {
        var attempts = webhook.get("attempts").asInt();
        if (attempts > SCHEDULE.size()) {
            finish(webhook, "given up");
            return;
        }
        save(webhook);
        world.after(world.scaled(SCHEDULE.get(attempts - 1)), () -> {
            if (table.get(webhook.get("id").asText()).isPresent()) {
                attempt(webhook);
            }
        });
    }

    private void finish(ObjectNode webhook, String state) {
        save(webhook.put("state", state));
    }

    private void save(ObjectNode webhook) {
        var id = webhook.get("id").asText();
        // One that was on its way during a reset stays forgotten.
        if (table.get(id).isPresent()) {
            table.put(id, webhook);
        }
    }
}
