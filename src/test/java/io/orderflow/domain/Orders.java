package io.orderflow.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Orders to test with. */
public final class Orders {

    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    public static final Address ADDRESS = new Address("1 Main Street", "Springfield", "IL", "62701", "US");

    public static final Subscription STRIPE = new Subscription(
            "stripe",
            Set.of(EventType.ORDER_CREATED, EventType.ORDER_CANCELLED, EventType.REFUND_REQUESTED),
            Subscription.OnUnknown.RETRY);
    public static final Subscription MAIL = new Subscription(
            "sendgrid",
            Set.of(EventType.ORDER_CREATED, EventType.PAYMENT_SUCCEEDED),
            Subscription.OnUnknown.RESEND_ONCE);
    public static final List<Subscription> SUBSCRIPTIONS = List.of(STRIPE, MAIL);

    private Orders() {}

    public static Currency currency(String code) {
        return Currency.of(code).orElseThrow();
    }

    public static Money usd(String amount) {
        return Money.ofMajor(new BigDecimal(amount), currency("USD"));
    }

    public static OrderDetails details() {
        return new OrderDetails(
                new Customer("customer-1", "jane@example.com", "Jane Doe"),
                List.of(new LineItem("sku-1", "Coffee beans", 2, usd("12.50"))),
                usd("25.00"),
                ADDRESS,
                null);
    }

    /** An order of 25.00 USD that was just accepted. */
    public static Order accepted() {
        return Order.accepted("0f8fad5b-d9cb-469f-a165-70867728950e", "shop", "fingerprint", details(), NOON);
    }

    /** The same with its PaymentIntent {@code pi_1}. */
    public static Order payable() {
        return PaymentRules.opened(accepted(), "pi_1", NOON);
    }

    public static Order paid() {
        return PaymentRules.observe(payable(), snapshot(PaymentSnapshot.IntentStatus.SUCCEEDED), NOON);
    }

    public static PaymentSnapshot snapshot(PaymentSnapshot.IntentStatus status, PaymentSnapshot.RefundSeen... refunds) {
        return new PaymentSnapshot("pi_1", status, null, null, false, List.of(refunds));
    }

    public static List<EventType> eventTypes(Order order) {
        return order.events().stream().map(Event::type).toList();
    }
}
