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

/** DynamoDB, with the orders table in it. A reset drops every table, and makes the orders table again. */
public final class DynamoDb implements Service {

    private static final String TABLE = "orders";
    private static final String ERRORS = "com.amazonaws.dynamodb.v20120810#";

    private final World world;
    private final Backend backend;
    private DynamoDbServer server;

    public DynamoDb(World world) {
        this.world = world;
        this.backend = new Backend(world, "DynamoDB_20120810");
    }

    @Override
    public String name() {
        return "dynamodb";
    }

    @Override
    public Map<String, String> environment() {
        return Account.environment(world, Map.of("ORDERS_TABLE", TABLE));
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.claim(HttpMethod.POST, "/", backend::operation, this::forward);
    }

    private void forward(Call call) {
        backend.forward(call)
                .onSuccess(call::answer)
                .onFailure(cause -> call.answer(failure(503, "DynamoDB Local: " + cause.getMessage())));
    }

    @Override
    public Future<Void> start() {
        return backend.start(
                () -> {
                    server = DynamoDbServer.start(world.settings().data().resolve("dynamodb"));
                    return server.port();
                },
                this::createOrders);
    }

    private Future<?> createOrders() {
        return backend.ask("CreateTable", ordersTable()).recover(cause -> {
            var exists = cause instanceof Backend.Refused refused && refused.is("#ResourceInUseException");
            return exists ? Future.succeededFuture() : Future.failedFuture(cause);
        });
    }

    private static ObjectNode ordersTable() {
        try (var file = DynamoDb.class.getResourceAsStream("/orders-table.json")) {
            return (ObjectNode) Json.read(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Future<Void> resetLater() {
        return backend.hold(() -> tables().compose(names -> Future.join(names.stream()
                        .map(name -> backend.ask("DeleteTable", Json.object().put("TableName", name)))
                        .toList()))
                .compose(deleted -> createOrders()));
    }

    private Future<List<String>> tables() {
        return backend.ask("ListTables", Json.object())
                .map(list -> StreamSupport.stream(list.get("TableNames").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
    }

    /** What one table holds, counted. */
    record Holding(long items, Map<String, Long> byStatus) {}

    /** Table to what it holds. */
    @Override
    public Future<?> effectsLater() {
        return backend.whenReady(this::inventory);
    }

    private Future<Map<String, Object>> inventory() {
        var all = new TreeMap<String, Holding>();
        return tables().compose(names -> Future.join(names.stream()
                        .map(name -> count(name, null, 0, new TreeMap<>())
                                .onSuccess(held -> all.put(name, held))
                                .recover(DynamoDb::whenGone))
                        .toList()))
                .map(counted -> Map.of("tables", all));
    }

    /** A table may go while it is counted. */
    private static Future<Holding> whenGone(Throwable cause) {
        var gone = cause instanceof Backend.Refused refused && refused.is("#ResourceNotFoundException");
        return gone ? Future.succeededFuture() : Future.failedFuture(cause);
    }

    private Future<Holding> count(String table, JsonNode start, long items, Map<String, Long> byStatus) {
        var request = Json.object().put("TableName", table).put("ProjectionExpression", "#status");
        request.putObject("ExpressionAttributeNames").put("#status", "status");
        if (start != null) {
            request.set("ExclusiveStartKey", start);
        }
        return backend.ask("Scan", request).compose(page -> {
            page.get("Items").forEach(item -> {
                var status = item.at("/status/S").asText();
                if (!status.isEmpty()) {
                    byStatus.merge(status, 1L, Long::sum);
                }
            });
            var sum = items + page.get("Count").asLong();
            return page.hasNonNull("LastEvaluatedKey")
                    ? count(table, page.get("LastEvaluatedKey"), sum, byStatus)
                    : Future.succeededFuture(new Holding(sum, byStatus));
        });
    }

    /** A throttled call is a 400 here, as DynamoDB has it. */
    @Override
    public Reply failure(int status, String message) {
        return switch (status) {
            case 429 -> error(400, ERRORS + "ProvisionedThroughputExceededException", message);
            case 400 -> error(400, "com.amazon.coral.validate#ValidationException", message);
            case 401, 403 -> error(400, "com.amazon.coral.service#AccessDeniedException", message);
            case 404 -> error(400, ERRORS + "ResourceNotFoundException", message);
            default -> error(status, ERRORS + "InternalServerError", message);
        };
    }

    private static Reply error(int status, String type, String message) {
        return Reply.json(status, Map.of("__type", type, "message", message))
                .with("Content-Type", "application/x-amz-json-1.0")
                .with("x-amzn-RequestId", UUID.randomUUID().toString());
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
