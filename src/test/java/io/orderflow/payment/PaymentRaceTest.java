package io.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.delivery.OrderEvent;
import io.orderflow.domain.Claim;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.EventType;
import io.orderflow.domain.Fulfilment;
import io.orderflow.domain.Order;
import io.orderflow.domain.OrderStatus;
import io.orderflow.domain.Orders;
import io.orderflow.domain.Outcome;
import io.orderflow.domain.PaymentChecks;
import io.orderflow.domain.PaymentRules;
import io.orderflow.domain.PaymentSnapshot;
import io.orderflow.domain.PaymentSnapshot.IntentStatus;
import io.orderflow.domain.PaymentSnapshot.RefundSeen;
import io.orderflow.domain.PaymentStatus;
import io.orderflow.domain.Refund;
import io.orderflow.domain.Subscription;
import io.orderflow.domain.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Webhooks, confirmations, reconciliation, cancellation, refunds, the customer's cards, the bank, and workers that are
 * killed: each in steps, whose order is drawn. However they interleave, order and Stripe agree in the end, and no money
 * moves twice.
 */
class PaymentRaceTest {

    private static final Duration LEASE = Duration.ofSeconds(45);
    private static final long TOTAL = 2500;
    private static final List<Subscription> STRIPE = List.of(Orders.STRIPE);

    @Property(tries = 2000)
    void shouldAgreeWithStripeInTheEnd(@ForAll Random random) {
        // Given
        var race = new Race(random);

        // When
        race.run(120);
        race.calm();

        // Then
        race.judge();
    }

    /** Stripe, with the one intent of the order. */
    private static final class Stripe {
        private IntentStatus status;
        private int attempts;
        private String failureId;
        private final Map<String, RefundSeen> byKey = new HashMap<>();
        private final List<RefundSeen> refunds = new ArrayList<>();

        void open() {
            if (status == null) {
                status = IntentStatus.REQUIRES_PAYMENT_METHOD;
            }
        }

        void pay(Random random) {
            if (status == IntentStatus.REQUIRES_PAYMENT_METHOD) {
                attempts++;
                switch (random.nextInt(3)) {
                    case 0 -> failureId = "ch_" + attempts;
                    case 1 -> status = IntentStatus.PROCESSING;
                    default -> status = IntentStatus.SUCCEEDED;
                }
            }
        }

        void settle(boolean isGood) {
            if (status == IntentStatus.PROCESSING) {
                status = isGood ? IntentStatus.SUCCEEDED : IntentStatus.REQUIRES_PAYMENT_METHOD;
                failureId = isGood ? failureId : "ch_" + attempts;
            }
            refunds.replaceAll(refund -> refund.state() == Refund.State.PENDING
                    ? new RefundSeen(refund.stripeId(), refund.ourId(), refund.amount(), null, Refund.State.SUCCEEDED)
                    : refund);
        }

        /** Stripe refuses to cancel what is paid or being paid. */
        boolean cancel() {
            if (status == IntentStatus.REQUIRES_PAYMENT_METHOD || status == IntentStatus.CANCELED) {
                status = IntentStatus.CANCELED;
                return true;
            }
            return false;
        }

        boolean refund(String key, Map<String, Object> parameters, boolean isPending) {
            if (byKey.containsKey(key)) {
                return true;
            }
            var amount = ((Number) parameters.get("amount")).longValue();
            if (amount > TOTAL - refunds.stream().mapToLong(RefundSeen::amount).sum()) {
                return false;
            }
            var ourId =
                    ((Map<?, ?>) parameters.get("metadata")).get("refund_id").toString();
            var refund = new RefundSeen(
                    "re_" + refunds.size(),
                    ourId,
                    amount,
                    null,
                    isPending ? Refund.State.PENDING : Refund.State.SUCCEEDED);
            byKey.put(key, refund);
            refunds.add(refund);
            return true;
        }

        PaymentSnapshot snapshot() {
            return new PaymentSnapshot(
                    "pi_1", status, failureId == null ? null : "Declined", failureId, false, List.copyOf(refunds));
        }
    }

    private static final class Race {
        private final Random random;
        private final Stripe stripe = new Stripe();
        private final StripePayments decisions = new StripePayments();
        private final PaymentChecks checks =
                new PaymentChecks(Duration.ofMinutes(10), Duration.ofHours(6), Duration.ofHours(24));
        private final List<Deque<Runnable>> actors = new ArrayList<>();
        private Order order = Orders.accepted();
        private Instant now = Orders.NOON;
        private int names;
        private boolean isCalm;

        Race(Random random) {
            this.random = random;
        }

        void run(int steps) {
            for (int step = 0; step < steps; step++) {
                if (random.nextInt(3) == 0) {
                    actors.add(drawn());
                }
                actors.removeIf(Deque::isEmpty);
                if (!actors.isEmpty()) {
                    actors.get(random.nextInt(actors.size())).poll().run();
                }
                now = now.plusMillis(random.nextInt(2000));
            }
        }

        /** Everybody who is under way ends, in any order; then the workers and Stripe have peace. */
        void calm() {
            isCalm = true;
            actors.removeIf(Deque::isEmpty);
            while (!actors.isEmpty()) {
                actors.get(random.nextInt(actors.size())).poll().run();
                actors.removeIf(Deque::isEmpty);
            }
            for (int round = 0; round < 20; round++) {
                stripe.settle(true);
                now = now.plus(LEASE).plus(Duration.ofHours(7));
                for (var actor : List.of(worker(), hint())) {
                    actors.add(actor);
                    while (!actor.isEmpty()) {
                        actor.poll().run();
                    }
                }
            }
        }

        private Deque<Runnable> drawn() {
            return switch (random.nextInt(12)) {
                case 0, 1, 2 -> worker();
                case 3, 4 -> hint();
                case 5, 6 -> steps(() -> stripe.pay(random));
                case 7 -> steps(() -> stripe.settle(random.nextBoolean()));
                case 8 -> steps(this::cancel);
                case 9 -> steps(() -> refund("r" + random.nextInt(3), 100L * (1 + random.nextInt(20))));
                case 10 -> random.nextInt(4) == 0 ? expiry() : hint();
                default -> kill();
            };
        }

        private static Deque<Runnable> steps(Runnable... steps) {
            return new ArrayDeque<>(List.of(steps));
        }

        /** A webhook, a confirmation or a reconciliation: asks, and applies what it heard some time later. */
        private Deque<Runnable> hint() {
            var seen = new PaymentSnapshot[1];
            return steps(
                    () -> seen[0] =
                            order.payment().intentId() == null || stripe.status == null ? null : stripe.snapshot(),
                    () -> {
                        if (seen[0] != null) {
                            order = checks.planned(PaymentRules.observe(order, seen[0], now), now);
                        }
                    });
        }

        private Deque<Runnable> expiry() {
            return steps(() -> order = checks.expired(order, now.plus(Duration.ofDays(2))));
        }

        private void cancel() {
            if (Fulfilment.cancel(order, now) instanceof Fulfilment.Decision.Accepted(var cancelled)) {
                order = cancelled;
            }
        }

        private void refund(String id, long amount) {
            if (PaymentRules.requestRefund(order, id, amount, null, now)
                    instanceof PaymentRules.RefundDecision.Accepted(var requested, var refund)) {
                order = requested;
            }
        }

        /** A worker's kill -9: its remaining steps are never made. */
        private Deque<Runnable> kill() {
            return steps(() -> {
                actors.forEach(actor -> {
                    if (actor instanceof Worker worker) {
                        worker.clear();
                    }
                });
                now = now.plus(LEASE);
            });
        }

        private Deque<Runnable> worker() {
            return new Worker();
        }

        private boolean isLost() {
            return !isCalm && random.nextInt(4) == 0;
        }

        /** Claims the order, does what is due at Stripe, and settles; each call and each write is a step. */
        private final class Worker extends ArrayDeque<Runnable> {
            private final Map<Task, Outcome> outcomes = new HashMap<>();
            private final String token = "worker-" + names++;
            private List<Task> tasks;
            private Instant startBy;
            private PaymentSnapshot observed;
            private PaymentSnapshot asked;

            Worker() {
                add(this::claim);
            }

            private void claim() {
                var claimed = DeliveryRules.claim(order, STRIPE, any -> true, new Claim(token, now.plus(LEASE)), now);
                claimed.ifPresent(work -> {
                    order = work.order();
                    tasks = work.tasks();
                    startBy = now.plus(LEASE).minusSeconds(20);
                    for (var task : work.tasks()) {
                        var event = DeliveryRules.event(order, task.eventId()).orElseThrow();
                        tell(task, new OrderEvent(event, order));
                    }
                    add(this::settle);
                });
            }

            private void tell(Task task, OrderEvent told) {
                if (told.event().type() == EventType.ORDER_CREATED) {
                    add(() -> {
                        if (!isBlocked()) {
                            stripe.open();
                            done(
                                    task,
                                    () -> observed = new PaymentSnapshot(
                                            "pi_1",
                                            IntentStatus.REQUIRES_PAYMENT_METHOD,
                                            null,
                                            null,
                                            false,
                                            List.of()));
                        }
                    });
                    return;
                }
                add(() -> asked = isBlocked() || intentId(told) == null ? null : stripe.snapshot());
                add(() -> {
                    if (!isBlocked()) {
                        act(task, told);
                    }
                });
            }

            private String intentId(OrderEvent told) {
                return observed != null
                        ? observed.intentId()
                        : told.order().payment().intentId();
            }

            /** The claim ends soon, or an earlier event of this work has not had its effect: then this one waits. */
            private boolean isBlocked() {
                return !now.isBefore(startBy)
                        || outcomes.values().stream()
                                .anyMatch(outcome ->
                                        !(outcome instanceof Outcome.Done || outcome instanceof Outcome.Buried));
            }

            private void act(Task task, OrderEvent told) {
                if (asked == null) {
                    outcomes.put(task, new Outcome.Done(null));
                    return;
                }
                var isCancelled = told.event().type() == EventType.ORDER_CANCELLED;
                var undoing = isCancelled
                        ? decisions.undoing(told, asked)
                        : decisions.isRefundMissing(told, asked)
                                ? StripePayments.Undoing.REFUND
                                : StripePayments.Undoing.NOTHING;
                var isTaken =
                        switch (undoing) {
                            case NOTHING -> true;
                            case CANCEL -> stripe.cancel();
                            case REFUND ->
                                stripe.refund(decisions.key(told), decisions.refund(told, asked), random.nextBoolean());
                        };
                if (isTaken) {
                    done(task, () -> observed = stripe.snapshot());
                } else if (isCancelled) {
                    outcomes.put(task, new Outcome.Parked("busy", "Just changing", now, false));
                } else {
                    outcomes.put(task, new Outcome.Buried("charge_already_refunded", "No", Outcome.End.REFUSED));
                }
            }

            /** The call has had its effect; whether its answer is heard is drawn. */
            private void done(Task task, Runnable heard) {
                if (isLost()) {
                    outcomes.put(task, new Outcome.Unknown("timeout", "No answer", now));
                } else {
                    heard.run();
                    outcomes.put(task, new Outcome.Done("id"));
                }
            }

            private void settle() {
                var buried = outcomes.entrySet().stream()
                        .filter(entry -> entry.getValue() instanceof Outcome.Buried)
                        .map(Map.Entry::getKey)
                        .toList();
                tasks.forEach(task -> outcomes.putIfAbsent(task, new Outcome.KeptBack("Waits", now)));
                order = DeliveryRules.settle(order, token, outcomes, STRIPE, now);
                for (var task : buried) {
                    var event = DeliveryRules.event(order, task.eventId()).orElseThrow();
                    order = PaymentRules.refused(order, event, "No", now);
                }
                if (observed != null) {
                    order = PaymentRules.observe(PaymentRules.opened(order, "pi_1", now), observed, now);
                }
                order = checks.planned(order, now);
            }
        }

        void judge() {
            var made = stripe.refunds.stream().mapToLong(RefundSeen::amount).sum();
            assertThat(made).isLessThanOrEqualTo(TOTAL);
            assertThat(stripe.refunds).extracting(RefundSeen::ourId).doesNotHaveDuplicates();
            assertThat(order.payment().refunded()).isEqualTo(made);
            assertThat(order.payment().status()).isIn(expected());
            switch (order.status()) {
                case CANCELLED ->
                    assertThat(stripe.status == null
                                    || stripe.status == IntentStatus.CANCELED
                                    || (stripe.status == IntentStatus.SUCCEEDED && made == TOTAL))
                            .as("cancelled, and at Stripe %s with %d refunded", stripe.status, made)
                            .isTrue();
                case PAID -> assertThat(stripe.status).isEqualTo(IntentStatus.SUCCEEDED);
                default -> assertThat(stripe.status).isIn(null, IntentStatus.REQUIRES_PAYMENT_METHOD);
            }
            var types = Orders.eventTypes(order);
            assertThat(Collections.frequency(types, EventType.PAYMENT_SUCCEEDED))
                    .isEqualTo(stripe.status == IntentStatus.SUCCEEDED ? 1 : 0);
            assertThat(Collections.frequency(types, EventType.ORDER_CANCELLED))
                    .isEqualTo(order.status() == OrderStatus.CANCELLED ? 1 : 0);
            assertThat(Collections.frequency(types, EventType.PAYMENT_REFUNDED)).isEqualTo(stripe.refunds.size());
            assertThat(order.events())
                    .filteredOn(event -> event.deliveries() != null)
                    .flatExtracting(event -> event.deliveries().values())
                    .extracting(Delivery::state)
                    .isSubsetOf(Delivery.State.DONE, Delivery.State.DEAD);
            assertThat(order.payment().checkAt() != null)
                    .isEqualTo(!stripe.refunds.isEmpty()
                            || (order.payment().status().isOpen() && order.status() == OrderStatus.PENDING));
        }

        private List<PaymentStatus> expected() {
            if (stripe.status == null) {
                return List.of(PaymentStatus.PENDING);
            }
            return switch (stripe.status) {
                case CANCELED -> List.of(PaymentStatus.CANCELLED);
                case SUCCEEDED -> {
                    var made = order.payment().refunded();
                    yield List.of(
                            made == 0
                                    ? PaymentStatus.SUCCEEDED
                                    : made < TOTAL ? PaymentStatus.PARTIALLY_REFUNDED : PaymentStatus.REFUNDED);
                }
                default -> List.of(stripe.failureId == null ? PaymentStatus.PENDING : PaymentStatus.FAILED);
            };
        }
    }
}
