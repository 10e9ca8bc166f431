package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.World;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.elasticmq.actor.queue.InternalMessage;

/** SQS, with the queues of Orderflow in it. A reset empties every queue, and keeps it. */
public final class Sqs implements Service {

    private static final String EVENTS = "order-events";
    private static final String DEAD_LETTERS = "order-dead-letters";
    private static final String ERRORS = "com.amazonaws.sqs#";

    private final World world;
    private final Backend backend;
    private SqsServer server;

    public Sqs(World world) {
        this.world = world;
        this.backend = new Backend(world, "AmazonSQS");
    }

    @Override
    public String name() {
        return "sqs";
    }

    @Override
    public Map<String, String> environment() {
        return Account.environment(
                world, Map.of("ORDER_EVENTS_QUEUE", url(EVENTS), "DEAD_LETTER_QUEUE", url(DEAD_LETTERS)));
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.claim(HttpMethod.POST, "/", backend::operation, this::forward);
        endpoints.claim(HttpMethod.POST, "/" + Account.ID + "/:queue", backend::operation, this::forward);
    }

    private void forward(Call call) {
        backend.forward(call)
                .onSuccess(reply -> {
                    switch (call.operation()) {
                        case "ReceiveMessage" -> giveBackUnheard(call, reply);
                        case "PurgeQueue" -> forgetPurged(call, reply);
                        default -> {}
                    }
                    call.answer(reply);
                })
                .onFailure(cause -> call.answer(failure(503, "ElasticMQ: " + cause.getMessage())));
    }

    /** A caller that died in a long poll has received nothing, however long ElasticMQ would hold it for him. */
    private void giveBackUnheard(Call call, Reply reply) {
        if (reply.status() == 200 && call.context().response().closed()) {
            var queue = json(call.body()).path("QueueUrl");
            for (var message : json(reply.body()).path("Messages")) {
                backend.ask(
                        "ChangeMessageVisibility",
                        Json.object()
                                .put(
                                        "ReceiptHandle",
                                        message.path("ReceiptHandle").asText())
                                .put("VisibilityTimeout", 0)
                                .set("QueueUrl", queue));
            }
        }
    }

    private void forgetPurged(Call call, Reply reply) {
        if (reply.status() == 200) {
            server.forget(name(json(call.body()).path("QueueUrl").asText()));
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            return Json.read(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    @Override
    public Future<Void> start() {
        return backend.start(
                () -> {
                    server = SqsServer.start(
                            world.settings().data().resolve("sqs"),
                            world.settings().base());
                    return server.port();
                },
                () -> Future.all(create(EVENTS), create(DEAD_LETTERS)));
    }

    private Future<?> create(String queue) {
        var name = Json.object().put("QueueName", queue);
        return backend.ask("GetQueueUrl", name).recover(missing -> backend.ask("CreateQueue", name));
    }

    /** Sends a message as {@code SendMessage} does. Fails when the queue does not exist. */
    Future<?> send(ObjectNode message) {
        return backend.whenReady(() -> backend.ask("SendMessage", message));
    }

    String url(String queue) {
        return world.settings().base() + "/" + Account.ID + "/" + queue;
    }

    @Override
    public Future<Void> resetLater() {
        return backend.hold(() -> urls().compose(urls -> Future.join(urls.stream()
                .map(url -> backend.ask("PurgeQueue", Json.object().put("QueueUrl", url))
                        .onSuccess(purged -> server.forget(name(url))))
                .toList())));
    }

    private Future<List<String>> urls() {
        return backend.ask("ListQueues", Json.object())
                .map(list -> StreamSupport.stream(list.path("QueueUrls").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
    }

    /** Per queue how many messages wait, are with a receiver, and come later; and every dead letter. */
    @Override
    public Future<?> effectsLater() {
        return backend.whenReady(this::inventory);
    }

    private Future<Map<String, Object>> inventory() {
        var counts = new TreeMap<String, JsonNode>();
        return urls().compose(urls -> Future.join(urls.stream()
                        .map(url -> counts(url).onSuccess(sums -> counts.put(name(url), sums)))
                        .toList()))
                .map(counted -> Map.of(
                        "queues",
                        counts,
                        "deadLetters",
                        server.messages(DEAD_LETTERS).stream()
                                .map(Sqs::describe)
                                .toList()));
    }

    private Future<JsonNode> counts(String url) {
        var request = Json.object().put("QueueUrl", url);
        request.putArray("AttributeNames")
                .add("ApproximateNumberOfMessages")
                .add("ApproximateNumberOfMessagesNotVisible")
                .add("ApproximateNumberOfMessagesDelayed");
        return backend.ask("GetQueueAttributes", request).map(answer -> {
            var attributes = answer.path("Attributes");
            return Json.object()
                    .put(
                            "visible",
                            attributes.path("ApproximateNumberOfMessages").asInt())
                    .put(
                            "inFlight",
                            attributes
                                    .path("ApproximateNumberOfMessagesNotVisible")
                                    .asInt())
                    .put(
                            "delayed",
                            attributes
                                    .path("ApproximateNumberOfMessagesDelayed")
                                    .asInt());
        });
    }

    private static ObjectNode describe(InternalMessage message) {
        return Json.object()
                .put("messageId", message.id())
                .put("sentAt", message.created().toInstant().toString())
                .put("body", message.content().value())
                .put("receiveCount", message.receiveCount());
    }

    @Override
    public Reply failure(int status, String message) {
        return switch (status) {
            case 429 -> error(403, "RequestThrottled", "Sender", message);
            case 400 -> error(400, "UnsupportedOperation", "Sender", message);
            case 401, 403 -> error(403, "InvalidSecurity", "Sender", message);
            case 404 -> error(400, "QueueDoesNotExist", "Sender", message);
            case 503 -> error(503, "ServiceUnavailable", "Receiver", message);
            default -> error(status, "InternalFailure", "Receiver", message);
        };
    }

    private static Reply error(int status, String type, String fault, String message) {
        return Reply.json(status, Map.of("__type", ERRORS + type, "message", message))
                .with("Content-Type", "application/x-amz-json-1.0")
                .with("x-amzn-query-error", type + ";" + fault)
                .with("x-amzn-RequestId", UUID.randomUUID().toString());
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
