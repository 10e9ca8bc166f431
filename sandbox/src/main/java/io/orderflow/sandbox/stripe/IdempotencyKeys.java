package io.orderflow.sandbox.stripe;

import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Store;
import io.orderflow.sandbox.World;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Which requests were sent under which key, and what they were answered. Source: Stripe's pages "Idempotent requests"
 * and "Advanced error handling".
 *
 * <ul>
 *   <li>A key belongs to the path and the parameters that it was first used with.
 *   <li>It is in use from the arrival of the request until its answer is out, however long that takes.
 *   <li>The answer is saved as soon as the operation has begun, whatever it is, a 402 and a 500 too. What was refused
 *       before (parameters that break the schema, 401, 409, 429) is not saved.
 *   <li>24 hours after its first use a key is forgotten.
 * </ul>
 */
final class IdempotencyKeys {

    static final Duration LIFETIME = Duration.ofHours(24);
    static final int MAX_LENGTH = 255;

    /** What a request finds when it comes with a key. */
    sealed interface Claim {

        /** The first of its kind: to be carried out. */
        record Fresh() implements Claim {}

        record InUse() implements Claim {}

        /** The key was first used for {@code path}. */
        record OtherPath(String path) implements Claim {}

        record OtherParameters() implements Claim {}

        /** Answered before, as {@code requestId}. */
        record Answered(int status, byte[] body, String requestId) implements Claim {}
    }

    private record Use(String path, String parameters, long at) {}

    private record Expiry(String key, long at) {}

    private final Clock clock;
    private final long lifetime;
    private final Store.Table table;
    private final Map<String, Use> inFlight = new HashMap<>();
    private final Deque<Expiry> expiries = new ArrayDeque<>();

    IdempotencyKeys(World world) {
        this.clock = world.clock();
        this.lifetime = world.scaled(LIFETIME).toMillis();
        this.table = world.store().table("stripe-idempotency-keys");
        table.all()
                .map(saved -> new Expiry(
                        saved.get("key").asText(), saved.get("firstUsed").asLong() + lifetime))
                .sorted(Comparator.comparingLong(Expiry::at))
                .forEach(expiries::add);
    }

    /**
     * Asks whether a request may be carried out. If it is {@link Claim.Fresh}, the key is in use until {@link #done}.
     *
     * @param parameters the same text for the same parameters
     */
    Claim claim(String key, String path, String parameters) {
        forgetOld();
        var use = inFlight.get(key);
        if (use != null) {
            return same(use.path(), use.parameters(), path, parameters, new Claim.InUse());
        }
        var saved = table.get(key);
        if (saved.isPresent()) {
            var answer = saved.get();
            return same(
                    answer.get("path").asText(),
                    answer.get("parameters").asText(),
                    path,
                    parameters,
                    new Claim.Answered(
                            answer.get("status").asInt(),
                            answer.get("body").asText().getBytes(StandardCharsets.UTF_8),
                            answer.get("requestId").asText()));
        }
        inFlight.put(key, new Use(path, parameters, clock.millis()));
        return new Claim.Fresh();
    }

    private static Claim same(String firstPath, String firstParameters, String path, String parameters, Claim claim) {
        if (!firstPath.equals(path)) {
            return new Claim.OtherPath(firstPath);
        }
        return firstParameters.equals(parameters) ? claim : new Claim.OtherParameters();
    }

    /** Saves what the request in flight is answered; lasting at once, though the key stays in use. */
    void save(String key, Reply answer, String requestId) {
        var use = inFlight.get(key);
        if (use == null) {
            return; // Forgotten by a reset while the request was in flight.
        }
        table.put(
                key,
                Json.object()
                        .put("key", key)
                        .put("path", use.path())
                        .put("parameters", use.parameters())
                        .put("firstUsed", use.at())
                        .put("status", answer.status())
                        .put("body", new String(answer.body(), StandardCharsets.UTF_8))
                        .put("requestId", requestId));
        expiries.add(new Expiry(key, use.at() + lifetime));
    }

    /** The answer is out: the key is no longer in use. If nothing was saved, it is free again. */
    void done(String key) {
        inFlight.remove(key);
    }

    private void forgetOld() {
        // Requests overtake each other, so the order is not exact: one may live a little longer than its due.
        while (!expiries.isEmpty() && expiries.peek().at() <= clock.millis()) {
            table.remove(expiries.poll().key());
        }
    }

    void clear() {
        inFlight.clear();
        expiries.clear();
        table.clear();
    }
}
