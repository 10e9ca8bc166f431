package io.orderflow.testing;

import io.orderflow.delivery.Integrations;
import io.orderflow.domain.Claim;
import io.orderflow.domain.Customer;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.OrderDetails;
import io.orderflow.domain.Orders;
import io.orderflow.domain.Outcome;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts orders into the ledger whose mail of the confirmation was given up. */
@ApplicationScoped
public class DeadLetterOrders {

    private final OrderTable orders;
    private final Integrations integrations;

    DeadLetterOrders(OrderTable orders, Integrations integrations) {
        this.orders = orders;
        this.integrations = integrations;
    }

    /** An order that was given up, with {@code cause}, {@code age} ago. */
    public Order bury(String cause, String email, Duration age) {
        var at = Instant.now().minus(age);
        var details = Orders.details();
        var customer = new Customer(details.customer().id(), email, "Jane Doe");
        return bury(
                cause,
                Order.accepted(
                        OrderId.random(),
                        "default",
                        "fingerprint",
                        new OrderDetails(customer, details.items(), details.total(), Orders.ADDRESS, null),
                        at),
                at);
    }

    private Order bury(String cause, Order order, Instant at) {
        var outcomes = Map.<String, Outcome>of(
                "sendgrid", new Outcome.Buried(cause, "400 Refused", Outcome.End.REFUSED),
                "stripe", new Outcome.Done("pi_none"),
                "sns", new Outcome.Done("message-1"));
        var claimed = DeliveryRules.claim(
                        order, integrations.subscriptions(), each -> true, new Claim("a", at.plusSeconds(60)), at)
                .orElseThrow();
        var settled = DeliveryRules.settle(
                claimed.order(),
                "a",
                claimed.tasks().stream()
                        .collect(Collectors.toMap(task -> task, task -> outcomes.get(task.integration()))),
                integrations.subscriptions(),
                at);
        orders.create(settled);
        return settled;
    }

    /** The id of its dead letter. */
    public static String letter(Order order) {
        return order.events().getFirst().id() + ".sendgrid";
    }
}
