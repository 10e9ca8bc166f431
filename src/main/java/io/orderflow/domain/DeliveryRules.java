package io.orderflow.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who is owed what, and when.
 *
 * <p>Events reach one integration in order: while one is open, the next waits. A dead one lets the next pass.
 *
 * <pre>
 *            claim, not repeatable          answer
 *   pending ───────────────────────▶ sending ──────▶ done
 *    │ ▲ │                              │
 *    │ │ └── answer ──▶ done            └─ no answer ─▶ unknown ─ once more, as the subscription allows ─▶ …
 *    │ └──── failed, parked
 *    └────── refused, or too often, or too old ─▶ dead ─ replayed by a person ─▶ pending
 *                                                   └─── abandoned by a person ─▶ abandoned
 * </pre>
 *
 * <p>What is unknown and not sent once more waits for a person as what is dead does.
 *
 * <p>What the receiver itself tells of a delivery makes it done, from every state.
 */
public final class DeliveryRules {

    /**
     * A claim that was won.
     *
     * @param order to be stored on condition that nothing was written since it was read
     * @param tasks what is due, in the order of the events; never empty
     */
    public record Claimed(Order order, List<Task> tasks) {}

    private DeliveryRules() {}

    /**
     * Claims an order for one worker.
     *
     * @param which the integrations that the worker serves; the others are left for the next one
     * @return nothing when another holds it, or when nothing is due
     */
    public static Optional<Claimed> claim(
            Order order, Collection<Subscription> subscriptions, Predicate<String> which, Claim claim, Instant now) {
        if (order.claim() != null && order.claim().isActive(now)) {
            return Optional.empty();
        }
        var ready = prepare(order, subscriptions, now);
        var tasks = due(ready, now).stream()
                .filter(task -> which.test(task.integration()))
                .toList();
        return tasks.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Claimed(begin(ready, tasks, subscriptions, now).withClaim(claim), tasks));
    }

    /**
     * The order with the deliveries of every event decided, and with what the last holder of a claim left in the air
     * called unknown. The same order when there is nothing to prepare.
     */
    public static Order prepare(Order order, Collection<Subscription> subscriptions, Instant now) {
        var byName = subscriptions.stream().collect(Collectors.toMap(Subscription::integration, Function.identity()));
        var events = order.events().stream()
                .map(event -> event.deliveries() == null ? decide(event, subscriptions) : event)
                .map(event -> interrupted(event, byName, now))
                .map(event -> order.isErased() ? ErasureRules.withoutMail(event) : event)
                .toList();
        var prepared = order.claim() == null || order.claim().isActive(now) ? order : order.withClaim(null);
        return events.equals(order.events()) ? prepared : prepared.withEvents(events);
    }

    private static Event decide(Event event, Collection<Subscription> subscriptions) {
        return event.withDeliveries(subscriptions.stream()
                .filter(subscription -> subscription.events().contains(event.type()))
                .collect(Collectors.toMap(Subscription::integration, to -> Delivery.due(event.at()))));
    }

    private static Event interrupted(Event event, Map<String, Subscription> subscriptions, Instant now) {
        var result = event;
        for (var entry : event.deliveries().entrySet()) {
            if (entry.getValue().state() == Delivery.State.SENDING) {
                result = result.withDelivery(
                        entry.getKey(),
                        unknown(
                                entry.getValue(),
                                mayResend(entry.getValue(), event, subscriptions.get(entry.getKey())),
                                new Outcome.Unknown("interrupted", "The sender ended before it knew the outcome", now),
                                now));
            }
        }
        return result;
    }

    /** What is due now, in the order of the events. */
    public static List<Task> due(Order order, Instant now) {
        var tasks = new ArrayList<Task>();
        var waiting = new HashSet<String>();
        for (var event : order.events()) {
            deliveries(event).forEach((integration, delivery) -> {
                if (delivery.isDue(now) && !waiting.contains(integration)) {
                    tasks.add(new Task(event.id(), integration));
                } else if (delivery.isOpen()) {
                    waiting.add(integration);
                }
            });
        }
        return List.copyOf(tasks);
    }

    private static Map<String, Delivery> deliveries(Event event) {
        return event.deliveries() == null ? Map.of() : event.deliveries();
    }

    private static Order begin(Order order, List<Task> tasks, Collection<Subscription> subscriptions, Instant now) {
        var recordedFirst = subscriptions.stream()
                .filter(Subscription::isRecordedFirst)
                .map(Subscription::integration)
                .collect(Collectors.toSet());
        var result = order;
        for (var task : tasks) {
            var delivery = delivery(result, task).orElseThrow();
            result = withDelivery(result, task, delivery.begun(now, recordedFirst.contains(task.integration())));
        }
        return result;
    }

    /**
     * Writes back what came of the tasks, and gives the claim back.
     *
     * <p>When the claim has passed to another meanwhile, only what certainly had its effect is still recorded: the
     * rest is the new holder's to say. What is recorded as done stays so, whatever befell a second sender.
     *
     * @param order as it is now; it may have changed since it was claimed
     */
    public static Order settle(
            Order order,
            String token,
            Map<Task, Outcome> outcomes,
            Collection<Subscription> subscriptions,
            Instant now) {
        var byName = subscriptions.stream().collect(Collectors.toMap(Subscription::integration, Function.identity()));
        var result = isHeld(order, token) ? order.withClaim(null) : order;
        for (var entry : recorded(order, token, outcomes).entrySet()) {
            var task = entry.getKey();
            var before = delivery(result, task).orElseThrow();
            var again = mayResend(before, event(result, task.eventId()).orElseThrow(), byName.get(task.integration()));
            result = withDelivery(result, task, after(before, entry.getValue(), again, now));
        }
        return result;
    }

    /** Which of the outcomes {@link #settle} writes back. */
    public static Map<Task, Outcome> recorded(Order order, String token, Map<Task, Outcome> outcomes) {
        var ours = isHeld(order, token);
        return outcomes.entrySet().stream()
                .filter(entry -> ours || entry.getValue() instanceof Outcome.Done)
                .filter(entry -> delivery(order, entry.getKey())
                        .filter(delivery -> delivery.state() != Delivery.State.DONE)
                        .isPresent())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean isHeld(Order order, String token) {
        return order.claim() != null && order.claim().token().equals(token);
    }

    private static Delivery after(Delivery before, Outcome outcome, boolean mayResend, Instant now) {
        return switch (outcome) {
            case Outcome.Done(var externalId) ->
                before.attempted(now, Delivery.State.DONE, null, null, null).withExternalId(externalId);
            case Outcome.Parked(var cause, var error, var nextAt, var newKey) -> {
                var parked = before.attempted(now, Delivery.State.PENDING, nextAt, cause, error);
                yield newKey ? parked.withNextKey() : parked;
            }
            case Outcome.KeptBack(var why, var nextAt) -> before.parkedUntil(nextAt, why);
            case Outcome.Unknown unknown -> unknown(before, mayResend, unknown, now);
            case Outcome.Buried(var cause, var error, var end) ->
                before.buried(now, end == Outcome.End.UNKNOWN, cause, error);
        };
    }

    private static boolean mayResend(Delivery before, Event event, Subscription subscription) {
        return subscription != null && subscription.mayResend(event.type(), before.unknowns() + 1);
    }

    private static Delivery unknown(Delivery before, boolean mayResend, Outcome.Unknown outcome, Instant now) {
        return before.attempted(
                now, Delivery.State.UNKNOWN, mayResend ? outcome.retryAt() : null, outcome.cause(), outcome.error());
    }

    /**
     * The order with what the receiver of a delivery tells of it. Whatever it tells proves that it has taken it, so that
     * nothing is sent again.
     *
     * @param externalId what the receiver calls the effect
     * @param receipts may be empty
     * @return the same order when there is no such delivery, or nothing new
     */
    public static Order taken(Order order, Task task, String externalId, List<Receipt> receipts, Instant now) {
        var kept =
                order.isErased() ? receipts.stream().map(Receipt::withoutDetail).toList() : receipts;
        return delivery(order, task)
                .map(delivery -> withDelivery(order, task, delivery.taken(externalId, kept, now)))
                .orElse(order);
    }

    /**
     * The order without the history of what is settled: of every delivery to which nothing more will be done by itself
     * only the last attempt is kept. For an order whose item grows too large.
     */
    public static Order compacted(Order order) {
        return order.withEvents(order.events().stream()
                .map(event -> event.deliveries() == null ? event : compacted(event))
                .toList());
    }

    private static Event compacted(Event event) {
        var result = event;
        for (var entry : event.deliveries().entrySet()) {
            if (!entry.getValue().isOpen()) {
                result = result.withDelivery(entry.getKey(), entry.getValue().compacted());
            }
        }
        return result;
    }

    /** The order with what it owes to one integration due now: someone is waiting for it. */
    public static Order hastened(Order order, String integration, Instant now) {
        return order.withEvents(order.events().stream()
                .map(event -> Optional.ofNullable(deliveries(event).get(integration))
                        .map(delivery -> event.withDelivery(integration, delivery.hastened(now)))
                        .orElse(event))
                .toList());
    }

    /** What is unknown in {@code after}, with nothing more to be done by itself, and was not in {@code before}. */
    public static List<Task> leftUnknown(Order before, Order after) {
        return after.events().stream()
                .flatMap(event -> deliveries(event).entrySet().stream()
                        .filter(entry -> isLeftUnknown(entry.getValue()))
                        .map(entry -> new Task(event.id(), entry.getKey())))
                .filter(task -> delivery(before, task)
                        .filter(DeliveryRules::isLeftUnknown)
                        .isEmpty())
                .toList();
    }

    private static boolean isLeftUnknown(Delivery delivery) {
        return delivery.state() == Delivery.State.UNKNOWN && delivery.isGivenUp();
    }

    /** When a worker must next look at the order; nothing when all is said and done. */
    public static Optional<Instant> dueAt(Order order) {
        if (order.claim() != null) {
            return Optional.of(order.claim().until());
        }
        var heads = new TreeMap<String, Instant>();
        for (var event : order.events()) {
            if (event.deliveries() == null) {
                heads.putIfAbsent("", event.at());
            }
            deliveries(event).forEach((integration, delivery) -> {
                if (delivery.isOpen()) {
                    heads.putIfAbsent(integration, delivery.nextAt());
                }
            });
        }
        return Stream.concat(
                        heads.values().stream(),
                        Stream.ofNullable(order.payment().checkAt()))
                .min(Instant::compareTo);
    }

    public static Optional<Delivery> delivery(Order order, Task task) {
        return event(order, task.eventId()).map(event -> deliveries(event).get(task.integration()));
    }

    public static Optional<Event> event(Order order, String eventId) {
        return order.events().stream()
                .filter(event -> event.id().equals(eventId))
                .findFirst();
    }

    static Order withDelivery(Order order, Task task, Delivery delivery) {
        return order.withEvents(order.events().stream()
                .map(event ->
                        event.id().equals(task.eventId()) ? event.withDelivery(task.integration(), delivery) : event)
                .toList());
    }
}
