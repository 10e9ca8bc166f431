package io.orderflow.order;

import io.orderflow.api.Answer;
import io.orderflow.api.Caller;
import io.orderflow.api.Contract;
import io.orderflow.api.OrderJson;
import io.orderflow.api.Problem;
import io.orderflow.delivery.DeliveryConfig;
import io.orderflow.delivery.OrderWork;
import io.orderflow.delivery.Work;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.EventType;
import io.orderflow.domain.Fulfilment;
import io.orderflow.domain.Order;
import io.orderflow.domain.Task;
import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** Ships, delivers and cancels orders for their client. */
@ApplicationScoped
@Named("orderChanges")
@RegisterForReflection
public class OrderChanges {

    private final Contract contract;
    private final OrderQueries queries;
    private final OrderTable orders;
    private final OrderWork orderWork;
    private final DeliveryConfig config;
    private final Clock clock;

    OrderChanges(
            Contract contract,
            OrderQueries queries,
            OrderTable orders,
            OrderWork orderWork,
            DeliveryConfig config,
            Clock clock) {
        this.contract = contract;
        this.queries = queries;
        this.orders = orders;
        this.orderWork = orderWork;
        this.config = config;
        this.clock = clock;
    }

    /** The body of a PATCH (schema {@code OrderChange}); what is null is left as it is. */
    @RegisterForReflection
    public record OrderChange(String status, String trackingNumber) {}

    /**
     * An order that was changed.
     *
     * @param work the claim under which Stripe is to be told at once, or null
     */
    @RegisterForReflection
    public record Changed(Order order, Work work) {}

    /**
     * Changes an order as it was when the caller last saw it.
     *
     * @throws Problem when it has changed since, or when the change is not allowed
     */
    public Order patch(
            @Body byte[] body,
            @Header("id") String id,
            @Header("If-Match") String ifMatch,
            @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var change = contract.readValid(body, "OrderChange", OrderChange.class);
        queries.findToChange(id, caller);
        if (ifMatch == null) {
            throw Problem.preconditionRequired();
        }
        return orders.update(id, order -> {
                    checkUnchanged(order, ifMatch);
                    return accepted(decide(order, change));
                })
                .orElseThrow(() -> Problem.notFound("order"));
    }

    private Fulfilment.Decision decide(Order order, OrderChange change) {
        var now = clock.instant();
        return switch (change.status()) {
            case null -> Fulfilment.changeTracking(order, change.trackingNumber(), now);
            case "shipped" -> Fulfilment.ship(order, change.trackingNumber(), now);
            default ->
                switch (Fulfilment.changeTracking(order, change.trackingNumber(), now)) {
                    case Fulfilment.Decision.Accepted(var tracked) -> Fulfilment.deliver(tracked, now);
                    case Fulfilment.Decision.Refused refused -> refused;
                };
        };
    }

    private static Order accepted(Fulfilment.Decision decision) {
        return switch (decision) {
            case Fulfilment.Decision.Accepted(var order) -> order;
            case Fulfilment.Decision.Refused(var reason) -> throw Problem.conflict(reason);
        };
    }

    /** RFC 9110, section 13.1.1; a weak tag never matches. */
    private static boolean matches(String ifMatch, long version) {
        return Arrays.stream(ifMatch.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals("\"" + version + "\"") || tag.equals("" + version));
    }

    /**
     * Cancels an order, claimed for the call to Stripe that follows.
     *
     * @param ifMatch or null: then it is cancelled as it is
     * @throws Problem when it cannot be cancelled any more, or has changed since the caller saw it
     */
    public Changed cancel(
            @Header("id") String id,
            @Header("If-Match") String ifMatch,
            @Header(Caller.HEADER) QuarkusHttpUser caller) {
        queries.findToChange(id, caller);
        return claiming(id, order -> {
            checkUnchanged(order, ifMatch);
            return accepted(Fulfilment.cancel(order, clock.instant()));
        });
    }

    private static void checkUnchanged(Order order, String ifMatch) {
        if (ifMatch != null && !matches(ifMatch, order.version())) {
            throw Problem.changedMeanwhile(order.version());
        }
    }

    /** Changes an order and, where it can be had, claims it for Stripe in the same write. */
    public Changed claiming(String id, UnaryOperator<Order> change) {
        var claimed = new AtomicReference<Optional<OrderWork.Prepared>>();
        var order = orders.update(id, before -> {
                    var after = change.apply(before);
                    claimed.set(
                            after == before
                                    ? Optional.empty()
                                    : orderWork.prepare(after, "stripe"::equals, config.apiPatience()));
                    return claimed.get().map(OrderWork.Prepared::order).orElse(after);
                })
                .orElseThrow(() -> Problem.notFound("order"));
        return new Changed(
                order, claimed.get().map(prepared -> prepared.begin(order)).orElse(null));
    }

    /** The answer to a cancel: 202 while Stripe has not undone the payment. */
    public Answer cancelled(@ExchangeProperty("order") Order order) {
        var undone =
                switch (order.payment().status()) {
                    case CANCELLED, REFUNDED -> true;
                    case PENDING, PROCESSING, SUCCEEDED, FAILED, PARTIALLY_REFUNDED, DISPUTED ->
                        order.payment().intentId() == null && isDoneAtStripe(order);
                };
        return Answer.of(undone ? 200 : 202, OrderJson.of(order)).withEtag(order.version());
    }

    private static boolean isDoneAtStripe(Order order) {
        return order.events().stream()
                .filter(event -> event.type() == EventType.ORDER_CANCELLED)
                .flatMap(event -> DeliveryRules.delivery(order, new Task(event.id(), "stripe")).stream())
                .anyMatch(delivery -> delivery.state() == Delivery.State.DONE);
    }

    public Answer answer(@ExchangeProperty("order") Order order) {
        return Answer.ok(OrderJson.of(order)).withEtag(order.version());
    }
}
