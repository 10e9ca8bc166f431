package io.orderflow.payment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.stripe.model.PaymentIntent;
import io.orderflow.api.Answer;
import io.orderflow.api.Caller;
import io.orderflow.api.Contract;
import io.orderflow.api.OrderJson.RefundJson;
import io.orderflow.api.Problem;
import io.orderflow.delivery.PaymentAlarm;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.EventType;
import io.orderflow.domain.Money;
import io.orderflow.domain.Order;
import io.orderflow.domain.PaymentChecks;
import io.orderflow.domain.PaymentRules;
import io.orderflow.domain.PaymentSnapshot;
import io.orderflow.domain.Refund;
import io.orderflow.domain.Task;
import io.orderflow.domain.Violation;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.order.OrderChanges;
import io.orderflow.order.OrderQueries;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** The endpoints under {@code /api/payments}, and what a payment's news does to its order. */
@ApplicationScoped
@Named("payments")
@RegisterForReflection
public class Payments {

    private final Contract contract;
    private final OrderQueries queries;
    private final OrderChanges changes;
    private final OrderTable orders;
    private final StripePayments stripe;
    private final PaymentChecks checks;
    private final PaymentAlarm paymentAlarm;
    private final Clock clock;

    Payments(
            Contract contract,
            OrderQueries queries,
            OrderChanges changes,
            OrderTable orders,
            StripePayments stripe,
            PaymentChecks checks,
            PaymentAlarm paymentAlarm,
            Clock clock) {
        this.contract = contract;
        this.queries = queries;
        this.changes = changes;
        this.orders = orders;
        this.stripe = stripe;
        this.checks = checks;
        this.paymentAlarm = paymentAlarm;
        this.clock = clock;
    }

    @RegisterForReflection
    record Confirmation(String orderId, String paymentIntentId) {}

    @RegisterForReflection
    record RefundRequest(String orderId, BigDecimal amount, String reason) {}

    /** A payment as the API shows it (schema {@code Payment} of the contract). */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PaymentJson(
            String paymentIntentId,
            String orderId,
            String status,
            String paymentStatus,
            BigDecimal amount,
            BigDecimal amountRefunded,
            String currency,
            String failure,
            List<RefundJson> refunds) {}

    /**
     * A refund that was asked for.
     *
     * @param changed the order with it, perhaps claimed for Stripe
     * @param isRepeat whether it was asked for before
     */
    @RegisterForReflection
    public record Requested(String refundId, OrderChanges.Changed changed, boolean isRepeat) {}

    /**
     * Which order a caller says is paid.
     *
     * @throws Problem when it is not the caller's, or not paid by that intent
     */
    public Order confirmation(@Body byte[] body, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var confirmation = contract.readValid(body, "PaymentConfirmation", Confirmation.class);
        var order = queries.findToChange(confirmation.orderId(), caller);
        if (!confirmation.paymentIntentId().equals(order.payment().intentId())) {
            throw Problem.unprocessable(
                    "wrong-payment-intent",
                    "The order is not paid by this PaymentIntent.",
                    List.of(new Violation(
                            "/paymentIntentId",
                            order.payment().intentId() == null
                                    ? "is not known yet; repeat the request that placed the order"
                                    : "is not the paymentIntentId of the order")));
        }
        return order;
    }

    /**
     * Applies what Stripe said to the order.
     *
     * @return the order as it is now
     */
    public Order observe(@Variable("orderId") String orderId, @Variable("snapshot") PaymentSnapshot snapshot) {
        var now = clock.instant();
        return orders.update(
                        orderId,
                        order -> paymentAlarm.checked(
                                order, checks.planned(PaymentRules.observe(order, snapshot, now), now)))
                .orElseThrow(() -> Problem.notFound("order"));
    }

    /**
     * Records a refund that a caller asks for, claimed for the call to Stripe that follows.
     *
     * @throws Problem when it cannot be refunded
     */
    public Requested refund(
            @Body byte[] body, @Header("Idempotency-Key") String key, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var checked = contract.read(body, "RefundRequest", RefundRequest.class);
        var violations = new ArrayList<>(checked.violations());
        if (key == null) {
            violations.add(new Violation("Idempotency-Key", "is missing; refunds move money, so each needs a key"));
        } else {
            contract.parameter("Idempotency-Key", key, "IdempotencyKey").ifPresent(violations::add);
        }
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations);
        }
        var request = checked.value();
        var order = queries.findToChange(request.orderId(), caller);
        var amount = request.amount() == null ? null : minor(request.amount(), order);
        var refundId = OrderId.ofRefund(order.id(), key);
        var isRepeat = order.payment().refund(refundId).isPresent();
        var changed = changes.claiming(order.id(), before -> switch (PaymentRules.requestRefund(
                before, refundId, amount, request.reason(), clock.instant())) {
            case PaymentRules.RefundDecision.Accepted accepted -> accepted.order();
            case PaymentRules.RefundDecision.KeyReused() ->
                throw Problem.unprocessable(
                        "idempotency-key-reused",
                        "The Idempotency-Key belongs to a different refund of this order. Use a new key.",
                        List.of(new Violation("Idempotency-Key", "was used for a different refund")));
            case PaymentRules.RefundDecision.Refused(var reason) -> throw Problem.conflict(reason);
            case PaymentRules.RefundDecision.WrongAmount(var detail) ->
                throw Problem.unprocessable(
                        "wrong-amount", "This amount cannot be refunded.", List.of(new Violation("/amount", detail)));
        });
        return new Requested(refundId, changed, isRepeat);
    }

    private static long minor(BigDecimal amount, Order order) {
        if (!Money.isExact(amount, order.currency())) {
            throw Problem.invalid(List.of(new Violation(
                    "/amount", "has more than the " + order.currency().digits() + " decimals of " + order.currency())));
        }
        return Money.ofMajor(amount, order.currency()).minor();
    }

    /**
     * The answer to a refund: 201 when Stripe has it, 202 while it has not, 200 to a repeat.
     *
     * @throws Problem when Stripe has refused it for good
     */
    public Answer refunded(@ExchangeProperty("requested") Requested requested, @ExchangeProperty("order") Order order) {
        var refund = order.payment().refund(requested.refundId()).orElseThrow();
        if (refund.state() == Refund.State.FAILED && refund.stripeId() == null) {
            throw Problem.unprocessable(
                    "refund-refused", "Stripe refuses this refund: " + refusal(refund, order), List.of());
        }
        var status = refund.state() == Refund.State.REQUESTED ? 202 : requested.isRepeat() ? 200 : 201;
        return Answer.of(status, RefundJson.of(order, refund));
    }

    private static String refusal(Refund refund, Order order) {
        return order.events().stream()
                .filter(event -> event.type() == EventType.REFUND_REQUESTED)
                .filter(event -> refund.id().equals(event.data().get("refundId")))
                .flatMap(event -> DeliveryRules.delivery(order, new Task(event.id(), "stripe")).stream())
                .map(Delivery::error)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("it gives no reason");
    }

    /**
     * The PaymentIntent that a caller asks for.
     *
     * @throws Problem when this is no id of one
     */
    public String intentId(@Header("paymentIntentId") String id) {
        if (contract.parameter("paymentIntentId", id, "PaymentIntentId").isPresent()) {
            throw Problem.notFound("payment");
        }
        return id;
    }

    /**
     * The id of the order that a PaymentIntent is for.
     *
     * @throws Problem when it is no order of the caller's
     */
    public Order orderOf(@Variable("intent") PaymentIntent intent, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var order = queries.find(stripe.orderId(intent), caller);
        if (!intent.getId().equals(order.payment().intentId())) {
            throw Problem.notFound("payment");
        }
        return order;
    }

    public Answer answer(@ExchangeProperty("order") Order order, @Variable("intent") PaymentIntent intent) {
        return Answer.ok(new PaymentJson(
                order.payment().intentId(),
                order.id(),
                intent.getStatus(),
                order.payment().status().toString(),
                order.total().major(),
                order.money(order.payment().refunded()).major(),
                order.currency().code(),
                order.payment().failure(),
                order.payment().refunds().stream()
                        .map(refund -> RefundJson.of(order, refund))
                        .toList()));
    }
}
