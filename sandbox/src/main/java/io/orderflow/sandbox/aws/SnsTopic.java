package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A topic with the attributes that it was given. */
record SnsTopic(String arn, Map<String, String> attributes) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final Pattern ARN = Pattern.compile("arn:aws:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_.-]{1,256}");
    private static final String FIFO = ".fifo";

    private static final Set<String> ATTRIBUTES = Set.of(
            "DeliveryPolicy",
            "DisplayName",
            "Policy",
            "TracingConfig",
            "KmsMasterKeyId",
            "SignatureVersion",
            "ArchivePolicy",
            "BeginningArchiveTime",
            "ContentBasedDeduplication",
            "FifoTopic",
            "FifoThroughputScope");

    private static final Pattern FEEDBACK = Pattern.compile(
            "(HTTP|Firehose|Lambda|Application|SQS)(SuccessFeedback(RoleArn|SampleRate)|FailureFeedbackRoleArn)");

    /** A topic as {@code CreateTopic} asks for it. */
    static SnsTopic create(String name, Map<String, String> attributes) {
        attributes.forEach(SnsTopic::check);
        var fifo = Boolean.parseBoolean(attributes.get("FifoTopic"));
        if (fifo && !name.endsWith(FIFO)) {
            throw Rejection.invalidParameter("Fifo Topic names must end with .fifo");
        }
        var stem = fifo ? name.substring(0, name.length() - FIFO.length()) : name;
        if (!NAME.matcher(stem).matches() || name.length() > 256) {
            throw Rejection.invalidParameter("Topic Name");
        }
        if (!fifo && attributes.containsKey("ContentBasedDeduplication")) {
            throw Rejection.invalidParameter(
                    "Attributes Reason: Content-based deduplication can only be set for FIFO topics");
        }
        return new SnsTopic(Account.arn("sns", name), Map.copyOf(attributes));
    }

    SnsTopic with(String name, String value) {
        check(name, value);
        if (name.equals("FifoTopic")) {
            throw Rejection.invalidParameter("AttributeName");
        }
        var changed = new TreeMap<>(attributes);
        changed.put(name, value);
        return new SnsTopic(arn, Map.copyOf(changed));
    }

    private static void check(String name, String value) {
        var valid =
                switch (name) {
                    case "SignatureVersion" -> Set.of("1", "2").contains(value);
                    case "FifoTopic", "ContentBasedDeduplication" ->
                        Set.of("true", "false").contains(value);
                    case "FifoThroughputScope" ->
                        Set.of("Topic", "MessageGroup").contains(value);
                    default ->
                        ATTRIBUTES.contains(name) || FEEDBACK.matcher(name).matches();
                };
        if (!valid) {
            throw Rejection.invalidParameter("Attributes Reason: " + name);
        }
    }

    /** {@code arn} when it has the form of one. */
    static String checkArn(String arn) {
        if (!ARN.matcher(arn).matches()) {
            throw Rejection.invalidParameter("TopicArn Reason: An ARN must have at least 6 elements");
        }
        return arn;
    }

    String name() {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    boolean fifo() {
        return arn.endsWith(FIFO);
    }

    boolean deduplicatesByGroup() {
        return "MessageGroup".equals(attributes.get("FifoThroughputScope"));
    }

    String signatureVersion() {
        return attributes.getOrDefault("SignatureVersion", "1");
    }

    /** What this topic makes of a message: refuses what its kind does not take, and adds the deduplication id. */
    SnsMessage accept(SnsMessage message) {
        if (!fifo()) {
            if (message.deduplicationId().isPresent()) {
                throw Rejection.invalidParameter("MessageDeduplicationId Reason: The request includes"
                        + " MessageDeduplicationId parameter that is not valid for this topic type");
            }
            return message;
        }
        if (message.group().isEmpty()) {
            throw Rejection.invalidParameter("The MessageGroupId parameter is required for FIFO topics");
        }
        if (message.deduplicationId().isPresent()) {
            return message;
        }
        if (!Boolean.parseBoolean(attributes.get("ContentBasedDeduplication"))) {
            throw Rejection.invalidParameter("The topic should either have ContentBasedDeduplication enabled or"
                    + " MessageDeduplicationId provided explicitly");
        }
        return message.withDeduplicationId(SnsDeduplication.ofContent(message.text()));
    }

    ObjectNode toJson() {
        var json = Json.object().put("arn", arn);
        var all = json.putObject("attributes");
        attributes.forEach(all::put);
        return json;
    }

    static SnsTopic fromJson(ObjectNode json) {
        var attributes = new TreeMap<String, String>();
        json.get("attributes")
                .properties()
                .forEach(
                        entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
        return new SnsTopic(json.get("arn").asText(), Map.copyOf(attributes));
    }
}
