package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The signed JSON messages that subscribers receive. The string that is signed is what "Verifying the signatures of
 * Amazon SNS messages" describes: name and value of certain members, in the order of their names, each on a line of its
 * own.
 */
final class SnsEnvelopes {

    static final String NOTIFICATION = "Notification";
    static final String SUBSCRIPTION_CONFIRMATION = "SubscriptionConfirmation";
    static final String UNSUBSCRIBE_CONFIRMATION = "UnsubscribeConfirmation";

    private static final List<String> SIGNED_OF_NOTIFICATION =
            List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    private static final List<String> SIGNED_OF_CONFIRMATION =
            List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final URI base;
    private final SnsSigner signer;

    SnsEnvelopes(URI base, SnsSigner signer) {
        this.base = base;
        this.signer = signer;
    }

    String notification(SnsPublished published, SnsSubscription subscription) {
        var message = published.message();
        var json = Json.object().put("Type", NOTIFICATION).put("MessageId", published.messageId());
        published.sequence().ifPresent(number -> json.put("SequenceNumber", number));
        json.put("TopicArn", published.topic().arn());
        message.subject().ifPresent(subject -> json.put("Subject", subject));
        json.put("Message", message.textFor(subscription.protocol()));
        json.put("Timestamp", TIMESTAMP.format(published.at()));
        sign(json, published.topic(), SIGNED_OF_NOTIFICATION);
        json.put("UnsubscribeURL", base + "/?Action=Unsubscribe&SubscriptionArn=" + encode(subscription.arn()));
        if (!message.attributes().isEmpty()) {
            var attributes = json.putObject("MessageAttributes");
            message.attributes().forEach(attribute -> attributes.set(attribute.name(), attribute.inNotification()));
        }
        return json.toString();
    }

    /** The message that asks to confirm a subscription, or that offers to take its deletion back. */
    String confirmation(String type, String messageId, SnsTopic topic, SnsSubscription subscription, Instant now) {
        var asks = type.equals(SUBSCRIPTION_CONFIRMATION);
        var json = Json.object()
                .put("Type", type)
                .put("MessageId", messageId)
                .put("Token", subscription.token())
                .put("TopicArn", topic.arn())
                .put(
                        "Message",
                        asks
                                ? "You have chosen to subscribe to the topic " + topic.arn()
                                        + ".\nTo confirm the subscription, visit the SubscribeURL included in this"
                                        + " message."
                                : "You have chosen to deactivate subscription " + subscription.arn()
                                        + ".\nTo cancel this operation and restore the subscription, visit the"
                                        + " SubscribeURL included in this message.")
                .put(
                        "SubscribeURL",
                        base + "/?Action=ConfirmSubscription&TopicArn=" + encode(topic.arn()) + "&Token="
                                + subscription.token())
                .put("Timestamp", TIMESTAMP.format(now));
        sign(json, topic, SIGNED_OF_CONFIRMATION);
        return json.toString();
    }

    private void sign(ObjectNode json, SnsTopic topic, List<String> names) {
        var text = names.stream()
                .filter(json::has)
                .map(name -> name + "\n" + json.get(name).asText() + "\n")
                .collect(Collectors.joining());
        json.put("SignatureVersion", topic.signatureVersion())
                .put("Signature", signer.sign(topic.signatureVersion(), text))
                .put("SigningCertURL", base + "/sns/" + signer.fileName());
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
