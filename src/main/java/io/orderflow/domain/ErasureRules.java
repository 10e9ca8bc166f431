package io.orderflow.domain;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a customer is forgotten: what names or reaches the person goes, and what the books need stays (ids, items,
 * amounts, events, the countries of the addresses). No mail is sent from then on.
 */
public final class ErasureRules {

    static final String WHY = "The customer's data was erased.";

    /** What stands where something was. */
    private static final String ERASED = "erased";

    /** The one integration that writes to customers. */
    private static final String MAIL = "sendgrid";

    private ErasureRules() {}

    /** Whether the customer's data is still needed: the order is not shipped yet, and may be. */
    public static boolean isNeeded(Order order) {
        return switch (order.status()) {
            case PENDING, PAID -> true;
            case SHIPPED, DELIVERED, CANCELLED -> false;
        };
    }

    /** The order without its customer, which people see; the same when that was done before. */
    public static Order erased(Order order, Erasure erasure) {
        return order.isErased()
                ? order
                : order.changed(erasure.at())
                        .withDetails(erased(order.details()))
                        .withActions(order.actions().stream()
                                .map(action -> action.withChanges(Map.of()))
                                .toList())
                        .withEvents(order.events().stream()
                                .map(event -> withoutMail(event.withDeliveries(erased(event.deliveries()))))
                                .toList())
                        // Who had it and comes back late may still say that a mail was sent, and no more.
                        .withClaim(null)
                        .withErasure(erasure);
    }

    private static OrderDetails erased(OrderDetails details) {
        return new OrderDetails(
                new Customer(details.customer().id(), ERASED, ERASED),
                details.items(),
                details.total(),
                erased(details.shippingAddress()),
                details.billingAddress() == null ? null : erased(details.billingAddress()));
    }

    private static Address erased(Address address) {
        return new Address(ERASED, ERASED, null, null, address.country());
    }

    private static Map<String, Delivery> erased(Map<String, Delivery> deliveries) {
        if (deliveries == null) {
            return null;
        }
        var result = new TreeMap<>(deliveries);
        // What third parties said may repeat an address.
        result.replaceAll((integration, delivery) -> delivery.withoutTexts(ERASED));
        return result;
    }

    /** The event with its mail not sent, if there was still one to send. */
    static Event withoutMail(Event event) {
        var mail = event.deliveries() == null ? null : event.deliveries().get(MAIL);
        return mail == null || mail.isSettled() ? event : event.withDelivery(MAIL, mail.abandoned(WHY));
    }

    static boolean isForbidden(Order order, Task task) {
        return order.isErased() && task.integration().equals(MAIL);
    }
}
