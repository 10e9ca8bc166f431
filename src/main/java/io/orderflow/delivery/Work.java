package io.orderflow.delivery;

import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.Outcome;
import io.orderflow.domain.PaymentSnapshot;
import io.orderflow.domain.Task;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One claim of one order, from the claim to the write that settles it. The integrations' routes run in parallel, and
 * each reports here what came of its task.
 */
@RegisterForReflection
public final class Work {

    private final Order order;
    private final List<Task> tasks;
    private final Instant startBy;
    private final Instant repeatBy;
    private final Map<Task, Outcome> outcomes = new ConcurrentHashMap<>();
    private final Map<Task, Integer> repeats = new ConcurrentHashMap<>();
    private volatile PaymentSnapshot payment;
    private volatile String clientSecret;

    /**
     * @param order as claimed
     * @param startBy until when a delivery may be started, so that it ends before the claim does
     * @param repeatBy until when a failed one may be tried again at once
     */
    Work(Order order, List<Task> tasks, Instant startBy, Instant repeatBy) {
        this.order = order;
        this.tasks = List.copyOf(tasks);
        this.startBy = startBy;
        this.repeatBy = repeatBy;
    }

    public Order order() {
        return order;
    }

    public Instant startBy() {
        return startBy;
    }

    public Instant repeatBy() {
        return repeatBy;
    }

    /** Counts one more repeat of a task's call, and says how many that makes. */
    int repeat(Task task) {
        return repeats.merge(task, 1, Integer::sum);
    }

    /** The events that have a task, oldest first. */
    public List<OrderEvent> events() {
        return tasks.stream()
                .map(Task::eventId)
                .distinct()
                .map(id -> new OrderEvent(DeliveryRules.event(order, id).orElseThrow(), order))
                .toList();
    }

    /**
     * Whether the integration is to be told of the event now: it is due, and every earlier event in this work has had
     * its effect or is given up.
     */
    boolean isDue(String integration, String eventId) {
        for (var task : tasks) {
            if (task.integration().equals(integration)) {
                if (task.eventId().equals(eventId)) {
                    return !outcomes.containsKey(task);
                }
                var earlier = outcomes.get(task);
                if (!(earlier instanceof Outcome.Done || earlier instanceof Outcome.Buried)) {
                    return false;
                }
            }
        }
        return false;
    }

    void report(String integration, String eventId, Outcome outcome) {
        outcomes.putIfAbsent(new Task(eventId, integration), outcome);
    }

    /** What came of the tasks so far. */
    Map<Task, Outcome> outcomes() {
        return Map.copyOf(outcomes);
    }

    List<Task> tasks() {
        return tasks;
    }

    /** What Stripe said of the payment on the way, to be applied when the work is settled. */
    public void observed(PaymentSnapshot snapshot) {
        payment = snapshot;
    }

    /** The means to pay, for the caller that waits; it is stored nowhere. */
    public void opened(PaymentSnapshot snapshot, String secret) {
        payment = snapshot;
        clientSecret = secret;
    }

    public String clientSecret() {
        return clientSecret;
    }

    /** What Stripe said of the payment under this claim. */
    public Optional<PaymentSnapshot> payment() {
        return Optional.ofNullable(payment);
    }
}
