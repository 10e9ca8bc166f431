package io.orderflow.deadletter;

import io.orderflow.api.Answer;
import io.orderflow.api.Caller;
import io.orderflow.api.Contract;
import io.orderflow.api.Problem;
import io.orderflow.delivery.Integrations;
import io.orderflow.domain.Action;
import io.orderflow.domain.Address;
import io.orderflow.domain.Correction;
import io.orderflow.domain.DeadLetterRules;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.NewOrder;
import io.orderflow.domain.Order;
import io.orderflow.domain.OrderRules;
import io.orderflow.domain.UnreadableMessage;
import io.orderflow.domain.Violation;
import io.orderflow.ledger.MessageTable;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** What a person does about one dead letter. Each is one write of the order, and safe to repeat. */
@ApplicationScoped
@Named("deadLetterActions")
@RegisterForReflection
public class DeadLetterActions {

    private final DeadLetterQueries queries;
    private final Integrations integrations;
    private final OrderTable orders;
    private final MessageTable messages;
    private final Contract contract;
    private final Clock clock;

    DeadLetterActions(
            DeadLetterQueries queries,
            Integrations integrations,
            OrderTable orders,
            MessageTable messages,
            Contract contract,
            Clock clock) {
        this.queries = queries;
        this.integrations = integrations;
        this.orders = orders;
        this.messages = messages;
        this.contract = contract;
        this.clock = clock;
    }

    @RegisterForReflection
    record CorrectionRequest(String customerEmail, Address shippingAddress, String reason) {

        List<Violation> violations() {
            var violations = OrderRules.violations(
                    new NewOrder(null, customerEmail, null, null, null, null, shippingAddress, null), List.of());
            return customerEmail == null && shippingAddress == null
                    ? List.of(new Violation("", "corrects nothing; give customerEmail or shippingAddress"))
                    : violations;
        }
    }

    @RegisterForReflection
    record Reason(String reason) {}

    /**
     * Corrects the order that a dead letter is of, and replays it.
     *
     * @return the order as it is now
     * @throws Problem when it cannot be corrected so, or the letter not be replayed
     */
    public Order correct(
            @Body byte[] body,
            @Header("id") String id,
            @Header("Idempotency-Key") String key,
            @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var checked = contract.read(body, "DeadLetterCorrection", CorrectionRequest.class);
        var request = checked.value();
        var violations = new ArrayList<>(checked.violations());
        contract.requiredKey(key).ifPresent(violations::add);
        violations.addAll(request.violations().stream()
                .filter(violation -> !violation.pointer().isEmpty() || violations.isEmpty())
                .toList());
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations);
        }
        if (!(queries.find(id) instanceof Letter.OfOrder letter)) {
            throw Problem.conflict("A message of the queue has no order to correct; replay or abandon it.");
        }
        var actionId = OrderId.ofAction(id, Caller.client(caller), key);
        var action = action(
                actionId + "." + Integer.toHexString(Objects.hash(request)),
                Action.Kind.CORRECTED,
                caller,
                request.reason(),
                letter.id());
        var correction = new Correction(request.customerEmail(), request.shippingAddress());
        return orders.update(
                        letter.order().id(),
                        order -> isRepeat(order, actionId, action)
                                ? order
                                : corrected(order, correction, action, letter))
                .orElseThrow(() -> Problem.notFound("dead letter"));
    }

    private static boolean isRepeat(Order order, String actionId, Action action) {
        var earlier = order.actions().stream()
                .map(Action::id)
                .filter(id -> id.startsWith(actionId))
                .findFirst();
        if (earlier.filter(id -> !id.equals(action.id())).isPresent()) {
            throw Problem.keyReused("correction");
        }
        return earlier.isPresent();
    }

    private Order corrected(Order order, Correction correction, Action action, Letter.OfOrder letter) {
        if (DeadLetterRules.verdict(order, letter.task(), integrations.subscriptions(), correction)
                instanceof DeadLetterRules.Verdict.Refused(var reason)) {
            throw Problem.conflict(reason);
        }
        DeadLetterRules.obstacle(order, correction).ifPresent(reason -> {
            throw Problem.conflict(reason);
        });
        return DeadLetterRules.corrected(order, correction, action);
    }

    /**
     * Leaves a dead letter undone for good.
     *
     * @throws Problem when it is not dead any more
     */
    public Answer abandon(@Body byte[] body, @Header("id") String id, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var request = contract.readValid(body, "DeadLetterReason", Reason.class);
        var letter = queries.find(id);
        var action = action(OrderId.random(), Action.Kind.ABANDONED, caller, request.reason(), letter.id());
        switch (letter) {
            case Letter.OfOrder own -> orders.update(own.order().id(), order -> abandoned(order, own, action));
            case Letter.OfMessage own -> messages.update(own.message().id(), message -> abandoned(message, action));
        }
        return queries.get(id);
    }

    private static Order abandoned(Order order, Letter.OfOrder letter, Action action) {
        var delivery = DeliveryRules.delivery(order, letter.task()).orElseThrow();
        if (isAbandoned(delivery.state(), delivery.isGivenUp())) {
            return order;
        }
        DeadLetterRules.obstacleToAbandon(order, letter.task()).ifPresent(reason -> {
            throw Problem.conflict(reason);
        });
        return DeadLetterRules.abandoned(order, action);
    }

    private static UnreadableMessage abandoned(UnreadableMessage message, Action action) {
        return isAbandoned(message.state(), message.state() == Delivery.State.DEAD)
                ? message
                : message.abandoned(action);
    }

    private static boolean isAbandoned(Delivery.State state, boolean givenUp) {
        if (state != Delivery.State.ABANDONED && !givenUp) {
            throw Problem.conflict("It is not dead any more; there is nothing to abandon.");
        }
        return state == Delivery.State.ABANDONED;
    }

    private Action action(String id, Action.Kind kind, QuarkusHttpUser caller, String reason, LetterId letter) {
        return new Action(
                id,
                kind,
                clock.instant(),
                Caller.actor(caller),
                reason,
                letter.subject(),
                letter.integration(),
                Map.of());
    }

    /** The letter as it is now. */
    public Answer answer(@Header("id") String id, @ExchangeProperty("order") Order order) {
        return queries.shown(LetterId.of(id)
                .flatMap(letter -> Letters.find(order, letter))
                .orElseThrow(() -> Problem.notFound("dead letter")));
    }
}
