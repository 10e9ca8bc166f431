package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * A message that a topic took.
 *
 * @param sequence of a FIFO topic only
 */
record SnsPublished(SnsTopic topic, String messageId, SnsMessage message, Optional<String> sequence, Instant at) {

    /** As the effects show it. */
    ObjectNode toJson() {
        var json = Json.object()
                .put("topic", topic.name())
                .put("topicArn", topic.arn())
                .put("messageId", messageId);
        message.subject().ifPresent(subject -> json.put("subject", subject));
        json.put("message", message.text());
        json.set("attributes", message.attributeValues());
        message.group().ifPresent(group -> json.put("messageGroupId", group));
        message.deduplicationId().ifPresent(id -> json.put("messageDeduplicationId", id));
        sequence.ifPresent(number -> json.put("sequenceNumber", number));
        return json.put("publishedAt", at.toString());
    }
}
