package io.orderflow.sandbox.stripe;

import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import io.orderflow.sandbox.World;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** What will happen later by itself. It is kept in the store, so that it happens after a restart too. */
final class Agenda {

    /** What can be due, each for the id of one object. */
    enum Task {
        /** A bank debit is paid or bounces. */
        SETTLE_CHARGE,
        /** The card holder disputes. */
        DISPUTE_CHARGE,
        /** A refund arrives or fails. */
        SETTLE_REFUND
    }

    private final World world;
    private final Store.Table table;
    private final Map<Task, Consumer<String>> workers = new EnumMap<>(Task.class);

    Agenda(World world) {
        this.world = world;
        this.table = world.store().table("stripe-agenda");
    }

    void worker(Task task, Consumer<String> worker) {
        workers.put(task, worker);
    }

    /** Does {@code task} after {@code delay} of the outside world. */
    void after(Duration delay, Task task, String object) {
        var due = world.clock().instant().plus(world.scaled(delay));
        var entry = Json.object()
                .put("id", task + " " + object)
                .put("task", task.name())
                .put("object", object)
                .put("due", due.toEpochMilli());
        table.put(entry.get("id").asText(), entry);
        start(entry.get("id").asText(), task, object, due);
    }

    /** Takes up what was due or is still to come when the sandbox last ended. */
    void resume() {
        table.all()
                .forEach(entry -> start(
                        entry.get("id").asText(),
                        Task.valueOf(entry.get("task").asText()),
                        entry.get("object").asText(),
                        Instant.ofEpochMilli(entry.get("due").asLong())));
    }

    private void start(String id, Task task, String object, Instant due) {
        world.after(Duration.between(world.clock().instant(), due), () -> {
            // Forgotten by a reset in the meantime, or not.
            if (table.get(id).isPresent()) {
                table.remove(id);
                workers.get(task).accept(object);
            }
        });
    }

    void clear() {
        table.clear();
    }
}
