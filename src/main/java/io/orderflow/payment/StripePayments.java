package io.orderflow.payment;

import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.RefundCollection;
import io.orderflow.delivery.OrderEvent;
import io.orderflow.delivery.Work;
import io.orderflow.domain.Currency;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Money;
import io.orderflow.domain.Order;
import io.orderflow.domain.PaymentSnapshot;
import io.orderflow.domain.PaymentSnapshot.IntentStatus;
import io.orderflow.domain.PaymentSnapshot.RefundSeen;
import io.orderflow.domain.Task;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

/** What the routes ask of Stripe, and what its answers say. */
@ApplicationScoped
@Named("stripePayments")
@RegisterForReflection
public class StripePayments {

    /** The key of Stripe's metadata under which every object names its order. */
    public static final String ORDER_ID = "order_id";

    private static final String REFUND_ID = "refund_id";

    /** What is left to be done at Stripe for an order that is cancelled. */
    public enum Undoing {
        NOTHING,
        CANCEL,
        REFUND
    }

    /** The parameters of the order's PaymentIntent. The same for each attempt, as its idempotency key demands. */
    public Map<String, Object> intent(@Body OrderEvent event) {
        var order = event.order();
        return Map.of(
                "amount", order.total().stripeAmount(),
                "currency", order.currency().code().toLowerCase(Locale.ROOT),
                "description", "Order " + order.id(),
                "metadata", Map.of(ORDER_ID, order.id(), "client", order.client()),
                "automatic_payment_methods", Map.of("enabled", true, "allow_redirects", "never"));
    }

    /** The idempotency key of the event's delivery: its id, and which of its keys is in use. */
    public String key(@ExchangeProperty("event") OrderEvent event) {
        var delivery = DeliveryRules.delivery(
                        event.order(), new Task(event.event().id(), "stripe"))
                .orElseThrow();
        return event.event().id() + ":" + delivery.keyNumber();
    }

    /** The intent of the order that is worked: the one it has, or the one that was opened just now. */
    public String intentId(@ExchangeProperty("work") Work work) {
        return work.payment()
                .map(PaymentSnapshot::intentId)
                .orElse(work.order().payment().intentId());
    }

    /** The order that a PaymentIntent names, or null when it names none. */
    public String orderId(@Variable("intent") PaymentIntent intent) {
        return intent.getMetadata() == null ? null : intent.getMetadata().get(ORDER_ID);
    }

    /** Whether a PaymentIntent has refunds, or may soon have, so that they must be asked for too. */
    public boolean isPaid(@Body PaymentIntent intent) {
        return IntentStatus.SUCCEEDED == status(intent);
    }

    /** What Stripe's answers about one PaymentIntent say. The {@code latest_charge} must be expanded in it. */
    public PaymentSnapshot snapshot(
            @Variable("intent") PaymentIntent intent, @Variable("refunds") RefundCollection refunds) {
        var currency = Currency.of(intent.getCurrency()).orElseThrow();
        var charge = Optional.ofNullable(intent.getLatestChargeObject());
        var failure = Optional.ofNullable(intent.getLastPaymentError());
        return new PaymentSnapshot(
                intent.getId(),
                status(intent),
                failure.map(error -> error.getMessage() == null ? error.getCode() : error.getMessage())
                        .orElse(null),
                failure.map(error -> error.getCharge() == null ? intent.getLatestCharge() : error.getCharge())
                        .orElse(null),
                charge.map(Charge::getDisputed).orElse(false),
                refunds == null
                        ? List.of()
                        : refunds.getData().stream()
                                .map(refund -> seen(refund, currency))
                                .toList());
    }

    /** The same of an intent that is just opened or cancelled: it has no refunds. */
    public PaymentSnapshot fresh(@Body PaymentIntent intent) {
        return snapshot(intent, null);
    }

    /** The snapshot with one more refund, which Stripe has just taken. */
    public PaymentSnapshot withRefund(@Variable("snapshot") PaymentSnapshot snapshot, @Body Refund refund) {
        var refunds = new ArrayList<>(snapshot.refunds());
        refunds.add(seen(refund, Currency.of(refund.getCurrency()).orElseThrow()));
        return new PaymentSnapshot(
                snapshot.intentId(),
                snapshot.status(),
                snapshot.failure(),
                snapshot.failureId(),
                snapshot.disputed(),
                refunds);
    }

    private static RefundSeen seen(Refund refund, Currency currency) {
        return new RefundSeen(
                refund.getId(),
                refund.getMetadata() == null ? null : refund.getMetadata().get(REFUND_ID),
                Money.ofStripe(refund.getAmount(), currency).minor(),
                refund.getReason(),
                switch (refund.getStatus()) {
                    case "succeeded" -> io.orderflow.domain.Refund.State.SUCCEEDED;
                    case "failed", "canceled" -> io.orderflow.domain.Refund.State.FAILED;
                    default -> io.orderflow.domain.Refund.State.PENDING;
                });
    }

    private static IntentStatus status(PaymentIntent intent) {
        return IntentStatus.valueOf(intent.getStatus().toUpperCase(Locale.ROOT));
    }

    /** Leaves with the work the intent that was opened. */
    public void opened(@ExchangeProperty("work") Work work, @Body PaymentIntent intent) {
        work.opened(fresh(intent), intent.getClientSecret());
    }

    /** Leaves with the work what Stripe said, to be applied when the work is settled. */
    public void observed(@ExchangeProperty("work") Work work, @Variable("snapshot") PaymentSnapshot snapshot) {
        work.observed(snapshot);
    }

    /** What a cancelled order still needs at Stripe. */
    public Undoing undoing(
            @ExchangeProperty("event") OrderEvent event, @Variable("snapshot") PaymentSnapshot snapshot) {
        return switch (snapshot.status()) {
            case CANCELED -> Undoing.NOTHING;
            case SUCCEEDED -> left(event.order(), snapshot) == 0 ? Undoing.NOTHING : Undoing.REFUND;
            case REQUIRES_PAYMENT_METHOD, REQUIRES_CONFIRMATION, REQUIRES_ACTION, REQUIRES_CAPTURE, PROCESSING ->
                Undoing.CANCEL;
        };
    }

    private static long left(Order order, PaymentSnapshot snapshot) {
        var refunded = snapshot.refunds().stream()
                .filter(refund -> refund.state() != io.orderflow.domain.Refund.State.FAILED)
                .mapToLong(RefundSeen::amount)
                .sum();
        return Math.max(0, order.total().minor() - refunded);
    }

    /** Whether Stripe has not yet the refund that the event asks for: an earlier attempt's answer may have been lost. */
    public boolean isRefundMissing(
            @ExchangeProperty("event") OrderEvent event, @Variable("snapshot") PaymentSnapshot snapshot) {
        return snapshot.refunds().stream().noneMatch(refund -> refundId(event).equals(refund.ourId()));
    }

    /** The parameters of the refund that the event asks for: a part, or for a cancelled order all that is left. */
    public Map<String, Object> refund(
            @ExchangeProperty("event") OrderEvent event, @Variable("snapshot") PaymentSnapshot snapshot) {
        var order = event.order();
        var wanted = order.payment().refund(refundId(event));
        var amount = wanted.map(io.orderflow.domain.Refund::amount).orElseGet(() -> left(order, snapshot));
        var parameters = new TreeMap<String, Object>(Map.of(
                "payment_intent", snapshot.intentId(),
                "amount", order.money(amount).stripeAmount(),
                "metadata", Map.of(ORDER_ID, order.id(), REFUND_ID, refundId(event))));
        wanted.map(io.orderflow.domain.Refund::reason).ifPresent(reason -> parameters.put("reason", reason));
        return parameters;
    }

    private static String refundId(OrderEvent event) {
        return event.event().data().getOrDefault("refundId", event.event().id());
    }
}
