package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a caller publishes, valid by the rules that hold for every topic.
 *
 * @param byProtocol whether {@code text} is a JSON object that holds one message for each protocol
 */
record SnsMessage(
        String text,
        boolean byProtocol,
        Optional<String> subject,
        List<SnsAttribute> attributes,
        Optional<String> group,
        Optional<String> deduplicationId) {

    /** The most that a message and its attributes, or those of a whole batch, may have. */
    static final int MAX_BYTES = 262_144;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern ID = Pattern.compile("[\\p{Alnum}\\p{Punct}]{1,128}");

    static SnsMessage read(QueryForm form) {
        var text = form.get("Message").orElse("");
        if (text.isEmpty()) {
            throw Rejection.invalidParameter("Empty message");
        }
        var structure = form.get("MessageStructure");
        if (structure.isPresent() && !structure.get().equals("json")) {
            throw Rejection.invalidParameter("MessageStructure");
        }
        var message = new SnsMessage(
                text,
                structure.isPresent(),
                form.get("Subject"),
                SnsAttribute.read(form),
                form.get("MessageGroupId"),
                form.get("MessageDeduplicationId"));
        message.check();
        return message;
    }

    private void check() {
        if (size() > MAX_BYTES) {
            throw Rejection.invalidParameter("Message too long");
        }
        if (subject.isPresent()
                && (subject.get().isEmpty()
                        || subject.get().length() >= 100
                        || CONTROL.matcher(subject.get()).find())) {
            throw Rejection.invalidParameter("Subject");
        }
        if (byProtocol && !protocols().path("default").isTextual()) {
            throw Rejection.invalidParameter("Message Structure - No default entry in JSON message body");
        }
        checkId(group, "MessageGroupId");
        checkId(deduplicationId, "MessageDeduplicationId");
    }

    private static void checkId(Optional<String> id, String name) {
        if (id.isPresent() && !ID.matcher(id.get()).matches()) {
            throw Rejection.invalidParameter(name);
        }
    }

    private JsonNode protocols() {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Rejection.invalidParameter("Message Structure - JSON message body failed to parse");
        }
    }

    /** The text that subscribers of {@code protocol} receive. */
    String textFor(String protocol) {
        if (!byProtocol) {
            return text;
        }
        var protocols = protocols();
        return (protocols.path(protocol).isTextual() ? protocols.get(protocol) : protocols.get("default")).asText();
    }

    SnsMessage withDeduplicationId(String id) {
        return new SnsMessage(text, byProtocol, subject, attributes, group, Optional.of(id));
    }

    int size() {
        return text.getBytes(StandardCharsets.UTF_8).length
                + attributes.stream().mapToInt(SnsAttribute::size).sum();
    }

    /** Name to value, as the effects show them. */
    ObjectNode attributeValues() {
        var all = Json.object();
        attributes.forEach(attribute -> all.put(attribute.name(), attribute.value()));
        return all;
    }
}
