package io.orderflow.delivery;

import io.orderflow.TimeScale;
import io.orderflow.alert.Alerts;
import io.orderflow.domain.Claim;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.Outcome;
import io.orderflow.domain.PaymentChecks;
import io.orderflow.domain.PaymentRules;
import io.orderflow.domain.Task;
import io.orderflow.ledger.OrderTable;
import io.orderflow.monitoring.Counters;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jboss.logging.Logger;

/** Claims orders, and settles what was done under a claim. */
@ApplicationScoped
@Named("orderWork")
@RegisterForReflection
public class OrderWork {

    private static final Logger LOG = Logger.getLogger(OrderWork.class);

    private final OrderTable orders;
    private final Integrations integrations;
    private final DeliveryConfig config;
    private final PaymentChecks checks;
    private final PaymentAlarm paymentAlarm;
    private final Counters counters;
    private final Alerts alerts;
    private final TimeScale time;
    private final Clock clock;

    OrderWork(
            OrderTable orders,
            Integrations integrations,
            DeliveryConfig config,
            PaymentChecks checks,
            PaymentAlarm paymentAlarm,
            Counters counters,
            Alerts alerts,
            TimeScale time,
            Clock clock) {
        this.orders = orders;
        this.integrations = integrations;
        this.config = config;
        this.checks = checks;
        this.paymentAlarm = paymentAlarm;
        this.counters = counters;
        this.alerts = alerts;
        this.time = time;
        this.clock = clock;
    }

    /**
     * An order that is claimed in memory; the claim is ours once it is stored.
     *
     * @param startBy until when a delivery may be started, so that it ends before the claim does
     * @param repeatBy until when a failed one may be tried again at once
     */
    public record Prepared(Order order, List<Task> tasks, Instant startBy, Instant repeatBy) {

        /** The work, now that the claim is stored. */
        public Work begin(Order stored) {
            return new Work(stored, tasks, startBy, repeatBy);
        }
    }

    /** What a claim is known by: made before it is written, so that a claim whose answer was lost is known again. */
    public String token() {
        return UUID.randomUUID().toString();
    }

    /**
     * Claims whatever is due of an order.
     *
     * @param token of {@link #token()}, the same when the claim is tried again
     * @return the work, or null when there is none: nothing is due, or another has it
     */
    public Work claim(@Body String orderId, @ExchangeProperty("claimToken") String token) {
        var order = orders.get(orderId);
        if (order.isEmpty()) {
            LOG.warnf("Order %s is to be worked, and the ledger does not have it", orderId);
            return null;
        }
        if (order.get().claim() != null && order.get().claim().token().equals(token)) {
            return claimed(order.get());
        }
        var prepared = prepare(order.get(), integration -> true, config.lease(), token);
        if (prepared.isPresent()) {
            return replace(order.get(), prepared.get().order())
                    .map(prepared.get()::begin)
                    .orElse(null);
        }
        tidy(order.get());
        return null;
    }

    /** The work under a claim that we hold already. */
    private Work claimed(Order order) {
        var until = order.claim().until();
        var since = until.minus(time.scaled(config.lease()));
        var startBy = until.minus(time.scaled(config.callTimeout()));
        return new Work(order, DeliveryRules.due(order, since), startBy, startBy);
    }

    /** The index may name an order of which nothing is left to do but to say so. */
    private void tidy(Order order) {
        if (order.claim() == null || !order.claim().isActive(clock.instant())) {
            var tidied = DeliveryRules.prepare(order, integrations.subscriptions(), clock.instant());
            alertOfUnknown(order, tidied);
            replace(order, tidied);
        }
    }

    private Optional<Order> replace(Order before, Order after) {
        var written = orders.replace(before, after);
        written.ifPresent(order -> counters.interrupted(before, order));
        return written;
    }

    /** What stays unknown, nobody will look at by itself. Owed before it is written, so that it is not forgotten. */
    private void alertOfUnknown(Order before, Order after) {
        for (var task : DeliveryRules.leftUnknown(before, after)) {
            var error = DeliveryRules.delivery(after, task).map(Delivery::error).orElse("");
            alerts.raise(
                    task.integration(),
                    "unknown",
                    "Whether " + task.eventId() + " has had its effect is unknown, and it is not sent again: " + error,
                    after.id());
        }
    }

    /**
     * Claims an order in memory for the integrations in {@code which}.
     *
     * @param patience how long after the claim a failed delivery may still be tried again at once
     */
    public Optional<Prepared> prepare(Order order, Predicate<String> which, Duration patience) {
        return prepare(order, which, patience, token());
    }

    private Optional<Prepared> prepare(Order order, Predicate<String> which, Duration patience, String token) {
        var now = clock.instant();
        var until = now.plus(time.scaled(config.lease()));
        var startBy = until.minus(time.scaled(config.callTimeout()));
        var repeatBy = now.plus(time.scaled(patience));
        var claim = new Claim(token, until);
        var prepared = DeliveryRules.claim(order, integrations.subscriptions(), which, claim, now)
                .map(claimed -> new Prepared(
                        claimed.order(), claimed.tasks(), startBy, repeatBy.isBefore(startBy) ? repeatBy : startBy));
        prepared.ifPresent(claimed -> alertOfUnknown(order, claimed.order()));
        return prepared;
    }

    /**
     * Writes back in one write what came of the work, and gives the claim back.
     *
     * @return the order as it is now
     */
    public Order settle(@ExchangeProperty("work") Work work) {
        var outcomes = complete(work);
        var token = work.order().claim().token();
        var recorded = new AtomicReference<>(outcomes);
        var expected = settled(work.order(), work, outcomes);
        alertOfUnknown(work.order(), expected);
        // Mostly nobody has written since the claim: then there is nothing to read again.
        var settled = orders.replace(work.order(), expected)
                .or(() -> orders.update(work.order().id(), order -> {
                    recorded.set(DeliveryRules.recorded(order, token, outcomes));
                    return settled(order, work, outcomes);
                }))
                .orElseThrow();
        recorded.get().forEach((task, outcome) -> {
            counters.settled(task.integration(), outcome);
            log(task, outcome);
        });
        return settled;
    }

    /** Without what a third party said, which may repeat an address or a name: the order's timeline has it. */
    private static void log(Task task, Outcome outcome) {
        switch (outcome) {
            case Outcome.Done done -> LOG.debugf("%s: %s is done", task.eventId(), task.integration());
            case Outcome.KeptBack(var why, var at) ->
                LOG.debugf("%s: %s is kept back until %s: %s", task.eventId(), task.integration(), at, why);
            case Outcome.Parked(var cause, var error, var at, var newKey) ->
                LOG.infof("%s: %s failed (%s), and is due again at %s", task.eventId(), task.integration(), cause, at);
            case Outcome.Unknown(var cause, var error, var at) ->
                LOG.warnf(
                        "%s: whether %s has had its effect is unknown (%s)", task.eventId(), task.integration(), cause);
            case Outcome.Buried(var cause, var error, var end) ->
                LOG.warnf("%s: %s is a dead letter (%s)", task.eventId(), task.integration(), cause);
        }
    }

    private Order settled(Order order, Work work, Map<Task, Outcome> outcomes) {
        var now = clock.instant();
        var token = work.order().claim().token();
        var settled = DeliveryRules.settle(order, token, outcomes, integrations.subscriptions(), now);
        var told = refusals(settled, outcomes, now);
        var paid = work.payment()
                .map(seen -> PaymentRules.observe(PaymentRules.opened(told, seen.intentId(), now), seen, now))
                .orElse(told);
        return paymentAlarm.checked(order, checks.planned(paid, now));
    }

    /** What Stripe has refused for good is not only a dead letter: it is where the payment stands. */
    private static Order refusals(Order order, Map<Task, Outcome> outcomes, Instant now) {
        var result = order;
        for (var entry : outcomes.entrySet()) {
            var task = entry.getKey();
            if (task.integration().equals("stripe")
                    && entry.getValue() instanceof Outcome.Buried(var cause, var error, var end)
                    && end == Outcome.End.REFUSED
                    && DeliveryRules.delivery(order, task)
                            .filter(delivery -> delivery.state() == Delivery.State.DEAD)
                            .isPresent()) {
                var event = DeliveryRules.event(order, task.eventId()).orElseThrow();
                result = PaymentRules.refused(result, event, error, now);
            }
        }
        return result;
    }

    private Map<Task, Outcome> complete(Work work) {
        var outcomes = new HashMap<>(work.outcomes());
        for (var task : work.tasks()) {
            if (!outcomes.containsKey(task)) {
                outcomes.put(task, isDueNow(work, task) ? nobodyTook(work.order(), task) : waits());
            }
        }
        return outcomes;
    }

    private boolean isDueNow(Work work, Task task) {
        return clock.instant().isBefore(work.startBy()) && work.isDue(task.integration(), task.eventId());
    }

    /** Perhaps a route is just being edited, perhaps the integration is gone for good: it is asked ever more rarely. */
    private Outcome nobodyTook(Order order, Task task) {
        var now = clock.instant();
        var age = Duration.between(
                DeliveryRules.event(order, task.eventId()).orElseThrow().at(), now);
        var pause = Duration.ofMillis(Math.clamp(
                age.toMillis() / 2,
                time.scaled(Duration.ofMinutes(5)).toMillis(),
                time.scaled(Duration.ofHours(6)).toMillis()));
        return new Outcome.Parked(
                "no-route",
                "No route took it: name " + task.integration() + " in the multicast of the order worker, and give its"
                        + " route the policy 'delivery'",
                now.plus(pause),
                false);
    }

    private Outcome waits() {
        return new Outcome.KeptBack("Waits for the event before it, or for the next claim", clock.instant());
    }

    /** Whether something of the order is due now. */
    public boolean isDue(@ExchangeProperty("order") Order order) {
        return !DeliveryRules.due(
                        DeliveryRules.prepare(order, integrations.subscriptions(), clock.instant()), clock.instant())
                .isEmpty();
    }

    /** Whether {@code integration} is not to be told of {@code event} under this claim. */
    public boolean skips(
            @ExchangeProperty("work") Work work,
            @ExchangeProperty(OutcomeAggregation.INTEGRATION) String integration,
            @Body OrderEvent event) {
        return !isDueNow(work, new Task(event.event().id(), integration));
    }
}
