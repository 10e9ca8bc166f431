package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What FIFO topics remember for five minutes, so that a message with the same deduplication id is taken only once. */
final class SnsDeduplication {

    /** How long an id is remembered. */
    static final Duration INTERVAL = Duration.ofMinutes(5);

    private final Duration interval;
    private final Map<String, Taken> recent = new LinkedHashMap<>();

    /** What the caller is answered, of a duplicate again. */
    record Taken(String messageId, Optional<String> sequence, Instant at) {

        static Taken of(SnsPublished published) {
            return new Taken(published.messageId(), published.sequence(), published.at());
        }
    }

    /**
     * @param interval how long an id is remembered
     */
    SnsDeduplication(Duration interval) {
        this.interval = interval;
    }

    /** The message that {@code message} would repeat, if it was taken within the interval. */
    Optional<Taken> find(SnsTopic topic, SnsMessage message, Instant now) {
        recent.values().removeIf(taken -> !taken.at().plus(interval).isAfter(now));
        return Optional.ofNullable(recent.get(key(topic, message)));
    }

    void remember(SnsPublished published) {
        recent.put(key(published.topic(), published.message()), Taken.of(published));
    }

    /** Takes up a message that was published before a restart. */
    void remember(SnsTopic topic, ObjectNode published) {
        recent.put(
                key(
                        topic,
                        published.get("messageGroupId").asText(),
                        published.get("messageDeduplicationId").asText()),
                new Taken(
                        published.get("messageId").asText(),
                        Optional.of(published.get("sequenceNumber").asText()),
                        Instant.parse(published.get("publishedAt").asText())));
    }

    void clear() {
        recent.clear();
    }

    private static String key(SnsTopic topic, SnsMessage message) {
        return key(
                topic, message.group().orElseThrow(), message.deduplicationId().orElseThrow());
    }

    private static String key(SnsTopic topic, String group, String id) {
        return topic.arn() + "\n" + (topic.deduplicatesByGroup() ? group : "") + "\n" + id;
    }

    /** The deduplication id of a message that comes without one. */
    static String ofContent(String text) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
