package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.AbstractActor;
import org.elasticmq.QueueData;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.actor.queue.OperationSuccessful$;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.persistence.CreateQueueMetadata;
import org.elasticmq.persistence.sql.DBMessage;
import org.elasticmq.persistence.sql.DBQueue;
import scala.Option;
import scala.jdk.javaapi.OptionConverters;

/**
 * Keeps the queues and messages of ElasticMQ. Its own storage serves one server in the life of a JVM, and forgets to
 * forget what is purged; of that storage this uses the form of the rows.
 */
final class SqsStorage implements AutoCloseable {

    private final Store store;
    private final Store.Table queues;

    SqsStorage(Store store) {
        this.store = store;
        this.queues = store.table("queues");
    }

    /** The actor that ElasticMQ tells of every change, and that answers when a message is safe. */
    static final class Listener extends AbstractActor {

        private final SqsStorage storage;

        Listener(SqsStorage storage) {
            this.storage = storage;
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(QueueEvent.QueueCreated.class, event -> storage.save(event.queue()))
                    .match(QueueEvent.QueueMetadataUpdated.class, event -> storage.save(event.queue()))
                    .match(QueueEvent.QueueDeleted.class, event -> storage.remove(event.queueName()))
                    .match(QueueEvent.MessageAdded.class, event -> save(event.queueName(), event.message()))
                    .match(QueueEvent.MessageUpdated.class, event -> save(event.queueName(), event.message()))
                    .match(QueueEvent.MessageRemoved.class, event -> {
                        storage.table(event.queueName()).remove(event.messageId());
                        done();
                    })
                    .build();
        }

        private void save(String queue, InternalMessage message) {
            storage.table(queue).put(message.id(), json(DBMessage.from(message)));
            done();
        }

        private void done() {
            getSender().tell(OperationSuccessful$.MODULE$, getSelf());
        }
    }

    private void save(QueueData queue) {
        var row = DBQueue.from(CreateQueueMetadata.from(queue));
        queues.put(row.name(), Json.object().put("name", row.name()).put("data", text(row.data())));
    }

    private void remove(String queue) {
        queues.remove(queue);
        forget(queue);
    }

    List<CreateQueueMetadata> queues() {
        return queues.all()
                .map(row -> new DBQueue(
                        row.get("name").asText(), bytes(row.get("data").asText())))
                .map(DBQueue::toCreateQueue)
                .toList();
    }

    /** The messages of {@code queue}, in no order. */
    List<InternalMessage> messages(String queue) {
        return table(queue)
                .all()
                .map(SqsStorage::row)
                .map(DBMessage::toInternalMessage)
                .toList();
    }

    /** Removes the messages of {@code queue}. */
    void forget(String queue) {
        table(queue).clear();
    }

    private Store.Table table(String queue) {
        return store.table("messages." + queue);
    }

    private static ObjectNode json(DBMessage row) {
        var json = Json.object()
                .put("messageId", row.messageId())
                .put("deliveryReceipts", text(row.deliveryReceipts()))
                .put("nextDelivery", row.nextDelivery())
                .put("content", text(row.content()))
                .put("attributes", text(row.attributes()))
                .put("created", row.created())
                .put("receiveCount", row.receiveCount());
        OptionConverters.toJava(row.received()).ifPresent(received -> json.put("received", (Long) received));
        put(json, "groupId", row.groupId());
        put(json, "deduplicationId", row.deduplicationId());
        put(json, "tracingId", row.tracingId());
        put(json, "sequenceNumber", row.sequenceNumber());
        put(json, "deadLetterSourceQueueName", row.deadLetterSourceQueueName());
        return json;
    }

    private static DBMessage row(ObjectNode json) {
        var received = Optional.ofNullable(json.get("received")).map(time -> (Object) time.asLong());
        return new DBMessage(
                json.get("messageId").asText(),
                bytes(json.get("deliveryReceipts").asText()),
                json.get("nextDelivery").asLong(),
                bytes(json.get("content").asText()),
                bytes(json.get("attributes").asText()),
                json.get("created").asLong(),
                OptionConverters.toScala(received),
                json.get("receiveCount").asInt(),
                get(json, "groupId"),
                get(json, "deduplicationId"),
                get(json, "tracingId"),
                get(json, "sequenceNumber"),
                get(json, "deadLetterSourceQueueName"));
    }

    private static void put(ObjectNode json, String name, Option<String> value) {
        OptionConverters.toJava(value).ifPresent(text -> json.put(name, text));
    }

    private static Option<String> get(ObjectNode json, String name) {
        return Option.apply(json.path(name).asText(null));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        store.close();
    }
}
