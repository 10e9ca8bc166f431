package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A subscription. A deleted one stays for as long as its token lets the subscriber take the deletion back.
 *
 * @param protocol {@code http} or {@code sqs}
 * @param endpoint a URL or the ARN of a queue
 * @param raw whether the message goes out without an envelope
 * @param token what confirms it
 */
record SnsSubscription(
        String arn,
        String topic,
        String protocol,
        String endpoint,
        boolean raw,
        State state,
        String token,
        Instant tokenMadeAt) {

    /** Where a subscription stands. */
    enum State {
        PENDING,
        CONFIRMED,
        DELETED
    }

    private static final Pattern QUEUE = Pattern.compile(Pattern.quote(Account.arn("sqs", "")) + "[A-Za-z0-9_.-]+");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /** A subscription as {@code Subscribe} asks for it. A queue of the same account needs no confirmation. */
    static SnsSubscription create(
            SnsTopic topic, String protocol, String endpoint, Map<String, String> attributes, Instant now) {
        switch (protocol) {
            case "http" -> checkUrl(endpoint);
            case "sqs" -> checkQueue(endpoint);
            default ->
                throw Rejection.invalidParameter(
                        "Protocol Reason: the sandbox delivers by http and sqs, not by " + protocol);
        }
        if (topic.fifo() && protocol.equals("http")) {
            throw Rejection.invalidParameter("Invalid protocol type: http");
        }
        return new SnsSubscription(
                topic.arn() + ":" + UUID.randomUUID(),
                topic.arn(),
                protocol,
                endpoint,
                raw(attributes),
                protocol.equals("sqs") ? State.CONFIRMED : State.PENDING,
                newToken(),
                now);
    }

    private static void checkUrl(String endpoint) {
        try {
            var url = new URI(endpoint);
            if (!"http".equals(url.getScheme()) || url.getHost() == null) {
                throw Rejection.invalidParameter("Endpoint must match the specified protocol");
            }
            if (!LOOPBACK.matcher(url.getHost()).matches()) {
                throw Rejection.invalidParameter("Endpoint Reason: the sandbox delivers on this machine only");
            }
        } catch (URISyntaxException e) {
            throw Rejection.invalidParameter("Endpoint");
        }
    }

    private static void checkQueue(String endpoint) {
        if (!QUEUE.matcher(endpoint).matches()) {
            throw Rejection.invalidParameter("SQS endpoint ARN");
        }
    }

    private static boolean raw(Map<String, String> attributes) {
        for (var name : attributes.keySet()) {
            if (!name.equals("RawMessageDelivery")) {
                // Better refused than ignored: a filter that is not applied looks like a bug of the subscriber.
                throw Rejection.invalidParameter("Attributes Reason: the sandbox does not know " + name);
            }
        }
        return switch (attributes.getOrDefault("RawMessageDelivery", "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Rejection.invalidParameter("Attributes Reason: RawMessageDelivery");
        };
    }

    private static String newToken() {
        var random = new byte[128];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    boolean confirmed() {
        return state == State.CONFIRMED;
    }

    boolean is(String topic, String protocol, String endpoint) {
        return this.topic.equals(topic) && this.protocol.equals(protocol) && this.endpoint.equals(endpoint);
    }

    SnsSubscription confirm() {
        return new SnsSubscription(arn, topic, protocol, endpoint, raw, State.CONFIRMED, token, tokenMadeAt);
    }

    /** The same, pending or deleted, with a token that has its whole life before it. */
    SnsSubscription renewed(State next, Instant now) {
        return new SnsSubscription(arn, topic, protocol, endpoint, raw, next, newToken(), now);
    }

    /** What lists show: the ARN is told to the confirmed only. */
    String shownArn() {
        return confirmed() ? arn : "PendingConfirmation";
    }

    String queue() {
        return endpoint.substring(endpoint.lastIndexOf(':') + 1);
    }

    ObjectNode toJson() {
        return Json.object()
                .put("arn", arn)
                .put("topic", topic)
                .put("protocol", protocol)
                .put("endpoint", endpoint)
                .put("raw", raw)
                .put("state", state.name())
                .put("token", token)
                .put("tokenMadeAt", tokenMadeAt.toString());
    }

    static SnsSubscription fromJson(ObjectNode json) {
        return new SnsSubscription(
                json.get("arn").asText(),
                json.get("topic").asText(),
                json.get("protocol").asText(),
                json.get("endpoint").asText(),
                json.get("raw").asBoolean(),
                State.valueOf(json.get("state").asText()),
                json.get("token").asText(),
                Instant.parse(json.get("tokenMadeAt").asText()));
    }
}
