package io.orderflow.sandbox.aws;

import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Store;
import io.orderflow.sandbox.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** The actions that publish, and what was published. */
final class SnsPublishActions {

    private static final int MAX_BATCH = 10;
    private static final Pattern ENTRY_ID = Pattern.compile("[A-Za-z0-9_-]{1,80}");

    private final World world;
    private final SnsDirectory directory;
    private final Store.Table published;
    private final SnsDeduplication deduplication;

    SnsPublishActions(World world, SnsDirectory directory) {
        this.world = world;
        this.directory = directory;
        this.published = world.store().table("sns.published");
        this.deduplication = new SnsDeduplication(world.scaled(SnsDeduplication.INTERVAL));
        published.all().filter(message -> message.has("sequenceNumber")).forEach(message -> directory
                .find(message.get("topicArn").asText())
                .ifPresent(topic -> deduplication.remember(topic, message)));
    }

    /** Every message that a topic took, in order, as the effects show it. */
    List<?> published() {
        return published.all().toList();
    }

    void reset() {
        published.clear();
        deduplication.clear();
    }

    Reply publish(QueryForm form, SnsDelivery delivery) {
        if (form.get("PhoneNumber").isPresent()) {
            throw Rejection.invalidParameter("PhoneNumber Reason: the sandbox sends no text messages");
        }
        var arn = form.get("TopicArn")
                .or(() -> form.get("TargetArn"))
                .orElseThrow(() ->
                        Rejection.invalidParameter("TopicArn or TargetArn Reason: no value for required parameter"));
        var taken = take(directory.topic(arn), SnsMessage.read(form), delivery);
        return QueryXml.result("Publish", xml -> describe(xml, taken));
    }

    /** Every entry that is valid is published, whatever becomes of the others. */
    Reply publishBatch(QueryForm form, SnsDelivery delivery) {
        var topic = directory.topic(form.required("TopicArn"));
        var entries = form.structures("PublishBatchRequestEntries.member");
        checkBatch(entries);
        var messages = new LinkedHashMap<String, SnsMessage>();
        var failed = new LinkedHashMap<String, Rejection>();
        for (var entry : entries) {
            var id = entry.required("Id");
            try {
                messages.put(id, SnsMessage.read(entry));
            } catch (Rejection e) {
                failed.put(id, e);
            }
        }
        if (messages.values().stream().mapToInt(SnsMessage::size).sum() > SnsMessage.MAX_BYTES) {
            throw new Rejection(
                    400, "BatchRequestTooLong", "The length of all the messages put together is more than the limit.");
        }
        var successful = new LinkedHashMap<String, SnsDeduplication.Taken>();
        messages.forEach((id, message) -> {
            try {
                successful.put(id, take(topic, message, delivery));
            } catch (Rejection e) {
                failed.put(id, e);
            }
        });
        return QueryXml.result("PublishBatch", xml -> xml.element(
                        "Successful",
                        list -> list.each(
                                "member",
                                successful.entrySet(),
                                (member, entry) -> describe(member.element("Id", entry.getKey()), entry.getValue())))
                .element(
                        "Failed",
                        list -> list.each(
                                "member",
                                failed.entrySet(),
                                (member, entry) -> describe(member.element("Id", entry.getKey()), entry.getValue()))));
    }

    private static void checkBatch(List<QueryForm> entries) {
        if (entries.isEmpty()) {
            throw new Rejection(400, "EmptyBatchRequest", "The batch request doesn't contain any entries.");
        }
        if (entries.size() > MAX_BATCH) {
            throw new Rejection(
                    400, "TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");
        }
        var ids = entries.stream().map(entry -> entry.get("Id").orElse("")).toList();
        if (!ids.stream().allMatch(id -> ENTRY_ID.matcher(id).matches())) {
            throw new Rejection(
                    400, "InvalidBatchEntryId", "The Id of a batch entry doesn't abide by the specification.");
        }
        if (Set.copyOf(ids).size() < ids.size()) {
            throw new Rejection(
                    400, "BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
        }
    }

    private static void describe(QueryXml xml, SnsDeduplication.Taken taken) {
        xml.element("MessageId", taken.messageId());
        taken.sequence().ifPresent(number -> xml.element("SequenceNumber", number));
    }

    private static void describe(QueryXml xml, Rejection rejection) {
        xml.element("Code", rejection.code())
                .element("Message", rejection.getMessage())
                .element("SenderFault", "true");
    }

    private SnsDeduplication.Taken take(SnsTopic topic, SnsMessage offered, SnsDelivery delivery) {
        var now = world.clock().instant();
        var message = topic.accept(offered);
        if (!topic.fifo()) {
            return publish(new SnsPublished(topic, newId(), message, Optional.empty(), now), delivery);
        }
        return deduplication.find(topic, message, now).orElseGet(() -> {
            var sequence = String.format("1%019d", published.size());
            var taken = new SnsPublished(topic, newId(), message, Optional.of(sequence), now);
            deduplication.remember(taken);
            return publish(taken, delivery);
        });
    }

    private SnsDeduplication.Taken publish(SnsPublished message, SnsDelivery delivery) {
        published.append(message.toJson());
        directory
                .subscriptions(message.topic())
                .filter(SnsSubscription::confirmed)
                .forEach(subscription -> delivery.notify(message, subscription));
        return SnsDeduplication.Taken.of(message);
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
