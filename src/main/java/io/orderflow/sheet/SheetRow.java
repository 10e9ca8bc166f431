package io.orderflow.sheet;

import io.orderflow.domain.LineItem;
import io.orderflow.domain.Order;
import java.util.List;
import java.util.stream.Collectors;

/** The columns of an order's row. New ones are added at the end: people have formulas on the others. */
final class SheetRow {

    private static final int LONGEST_CELL = 5000;

    static final List<Object> HEADER = List.of(
            "Order",
            "Version",
            "Status",
            "Payment",
            "Created",
            "Updated",
            "Customer",
            "Name",
            "Email",
            "Items",
            "Pieces",
            "Total",
            "Currency",
            "Refunded",
            "Country",
            "City",
            "Tracking number",
            "PaymentIntent");

    private SheetRow() {}

    /** The cells, to be written RAW: a text that looks like a formula stays text. */
    static List<Object> of(Order order) {
        var details = order.details();
        return List.of(
                order.id(),
                order.version(),
                order.status().toString(),
                order.payment().status().toString(),
                order.createdAt().toString(),
                order.updatedAt().toString(),
                details.customer().id(),
                details.customer().name(),
                details.customer().email(),
                items(details.items()),
                details.items().stream().mapToLong(LineItem::quantity).sum(),
                order.total().major(),
                order.currency().code(),
                order.money(order.payment().refunded()).major(),
                details.shippingAddress().country(),
                details.shippingAddress().city(),
                orEmpty(order.trackingNumber()),
                orEmpty(order.payment().intentId()));
    }

    private static String items(List<LineItem> items) {
        var text = items.stream()
                .map(item -> item.quantity() + " × " + item.name())
                .collect(Collectors.joining(", "));
        return text.length() <= LONGEST_CELL ? text : text.substring(0, LONGEST_CELL - 1) + "…";
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
