package io.orderflow.sandbox.aws;

import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Webhooks;
import io.orderflow.sandbox.World;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Brings messages to subscribers. What is signed once stays as it is on every attempt, its timestamp included. */
final class SnsDelivery {

    private final World world;
    private final Webhooks webhooks;
    private final Sqs sqs;
    private final SnsEnvelopes envelopes;

    SnsDelivery(World world, Webhooks webhooks, Sqs sqs, SnsEnvelopes envelopes) {
        this.world = world;
        this.webhooks = webhooks;
        this.sqs = sqs;
        this.envelopes = envelopes;
        webhooks.signer("sns", (body, now) -> Map.of());
    }

    void notify(SnsPublished published, SnsSubscription subscription) {
        if (subscription.protocol().equals("sqs")) {
            enqueue(published, subscription);
            return;
        }
        var headers = headers(SnsEnvelopes.NOTIFICATION, published.messageId(), subscription);
        headers.put("x-amz-sns-subscription-arn", subscription.arn());
        if (subscription.raw()) {
            headers.put("x-amz-sns-rawdelivery", "true");
        }
        var body = subscription.raw()
                ? published.message().textFor("http")
                : envelopes.notification(published, subscription);
        webhooks.send("sns", SnsEnvelopes.NOTIFICATION, URI.create(subscription.endpoint()), headers, body);
    }

    private void enqueue(SnsPublished published, SnsSubscription subscription) {
        var message = published.message();
        var request = Json.object()
                .put("QueueUrl", sqs.url(subscription.queue()))
                .put(
                        "MessageBody",
                        subscription.raw() ? message.textFor("sqs") : envelopes.notification(published, subscription));
        if (subscription.raw() && !message.attributes().isEmpty()) {
            var attributes = request.putObject("MessageAttributes");
            message.attributes().forEach(attribute -> attributes.set(attribute.name(), attribute.inQueue()));
        }
        if (published.topic().fifo()) {
            message.group().ifPresent(group -> request.put("MessageGroupId", group));
            message.deduplicationId().ifPresent(id -> request.put("MessageDeduplicationId", id));
        }
        sqs.send(request).onFailure(cause -> world.report("SNS cannot deliver to " + subscription.endpoint(), cause));
    }

    /** Sends a message of one of the two confirmation types to a subscriber over HTTP. */
    void confirm(String type, SnsTopic topic, SnsSubscription subscription, Instant now) {
        var messageId = UUID.randomUUID().toString();
        webhooks.send(
                "sns",
                type,
                URI.create(subscription.endpoint()),
                headers(type, messageId, subscription),
                envelopes.confirmation(type, messageId, topic, subscription, now));
    }

    private static Map<String, String> headers(String type, String messageId, SnsSubscription subscription) {
        var all = new TreeMap<String, String>();
        all.put("Content-Type", "text/plain; charset=UTF-8");
        all.put("User-Agent", "Amazon Simple Notification Service Agent");
        all.put("x-amz-sns-message-type", type);
        all.put("x-amz-sns-message-id", messageId);
        all.put("x-amz-sns-topic-arn", subscription.topic());
        return all;
    }
}
