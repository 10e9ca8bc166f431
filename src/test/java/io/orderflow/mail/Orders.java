package io.orderflow.mail;

import io.orderflow.delivery.OrderEvent;
import io.orderflow.domain.Address;
import io.orderflow.domain.Currency;
import io.orderflow.domain.Customer;
import io.orderflow.domain.EventType;
import io.orderflow.domain.Fulfilment;
import io.orderflow.domain.LineItem;
import io.orderflow.domain.Money;
import io.orderflow.domain.Order;
import io.orderflow.domain.OrderDetails;
import io.orderflow.domain.PaymentRules;
import io.orderflow.domain.PaymentSnapshot;
import io.orderflow.domain.PaymentSnapshot.IntentStatus;
import io.orderflow.domain.PaymentSnapshot.RefundSeen;
import io.orderflow.domain.Refund;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Orders that have come as far as a mail needs them, by the domain's own rules. */
final class Orders {

    static final Address SPRINGFIELD = new Address("1 Main Street", "Springfield", "IL", "62701", "US");

    /** 23:30 in UTC: the next day already in much of the world. */
    static final Instant ORDERED = Instant.parse("2026-03-04T23:30:00Z");

    private static final Instant LATER = Instant.parse("2026-03-06T08:00:00Z");

    private static final String INTENT = "pi_1";

    private Orders() {}

    /** Beans and a mug: 38.50 US dollars. */
    static Order created() {
        return created("Jane Doe", SPRINGFIELD, null, "USD", item("Coffee beans", 2, "12.50"), item("Mug", 1, "13.50"));
    }

    static Order created(String customer, Address shipTo, Address billTo, String currencyCode, Item... items) {
        var currency = Currency.of(currencyCode).orElseThrow();
        var lines = Stream.of(items)
                .map(item -> new LineItem(
                        item.name(),
                        item.name(),
                        item.quantity(),
                        Money.ofMajor(new BigDecimal(item.price()), currency)))
                .toList();
        var total = lines.stream().map(LineItem::sum).reduce(new Money(0, currency), Money::plus);
        var details = new OrderDetails(
                new Customer("customer-1", "jane@example.com", customer), lines, total, shipTo, billTo);
        return Order.accepted("5b3f0e2a-7c1d-5e4f-9a8b-0c1d2e3f4a5b", "shop", "fingerprint", details, ORDERED);
    }

    record Item(String name, int quantity, String price) {}

    static Item item(String name, int quantity, String price) {
        return new Item(name, quantity, price);
    }

    static Order paid(Order order) {
        return observed(order, IntentStatus.SUCCEEDED, null);
    }

    static Order paymentFailed(Order order, String reason) {
        return observed(order, IntentStatus.REQUIRES_PAYMENT_METHOD, reason);
    }

    static Order refunded(Order order, String id, long amount) {
        var earlier = order.payment().refunds().stream()
                .map(refund -> new RefundSeen(
                        refund.stripeId(), refund.id(), refund.amount(), refund.reason(), refund.state()));
        var refund = new RefundSeen("re_" + id, id, amount, null, Refund.State.SUCCEEDED);
        return observe(
                order,
                new PaymentSnapshot(
                        INTENT,
                        IntentStatus.SUCCEEDED,
                        null,
                        null,
                        false,
                        Stream.concat(earlier, Stream.of(refund)).toList()));
    }

    static Order refundRequested(Order order) {
        return ((PaymentRules.RefundDecision.Accepted) PaymentRules.requestRefund(order, "r1", null, null, LATER))
                .order();
    }

    static Order disputed(Order order) {
        return observe(order, new PaymentSnapshot(INTENT, IntentStatus.SUCCEEDED, null, null, true, List.of()));
    }

    static Order shipped(Order order, String trackingNumber) {
        return accepted(Fulfilment.ship(order, trackingNumber, LATER));
    }

    static Order trackedBy(Order order, String trackingNumber) {
        return accepted(Fulfilment.changeTracking(order, trackingNumber, LATER));
    }

    static Order delivered(Order order) {
        return accepted(Fulfilment.deliver(order, LATER));
    }

    static Order cancelled(Order order) {
        return accepted(Fulfilment.cancel(order, LATER));
    }

    /** The first event of this type, with the order as it is now. */
    static OrderEvent told(Order order, EventType type) {
        return order.events().stream()
                .filter(event -> event.type() == type)
                .map(event -> new OrderEvent(event, order))
                .findFirst()
                .orElseThrow();
    }

    private static Order observed(Order order, IntentStatus status, String failure) {
        var failureId = failure == null ? null : "ch_1";
        return observe(order, new PaymentSnapshot(INTENT, status, failure, failureId, false, List.of()));
    }

    private static Order observe(Order order, PaymentSnapshot seen) {
        return PaymentRules.observe(PaymentRules.opened(order, INTENT, LATER), seen, LATER);
    }

    private static Order accepted(Fulfilment.Decision decision) {
        return ((Fulfilment.Decision.Accepted) decision).order();
    }
}
