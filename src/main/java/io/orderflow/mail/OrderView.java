package io.orderflow.mail;

import io.orderflow.domain.LineItem;
import io.orderflow.domain.Order;
import java.util.List;
import java.util.stream.Stream;

/**
 * An order as every mail shows it: formatted for the country that it is shipped to, and not escaped.
 *
 * @param fullTotal the total with its ISO 4217 code
 * @param shipTo the lines of the address, the name first
 * @param billTo the same, or empty when it is no other address
 */
record OrderView(
        String id,
        String customerName,
        String orderedOn,
        List<Line> items,
        String total,
        String fullTotal,
        List<String> shipTo,
        List<String> billTo) {

    /** One line of an order. */
    record Line(String name, int quantity, String price, String sum) {}

    static OrderView of(Order order, Formats formats) {
        var details = order.details();
        var name = details.customer().name();
        var shipTo = withName(name, Formats.address(details.shippingAddress()));
        var billTo =
                details.billingAddress() == null ? shipTo : withName(name, Formats.address(details.billingAddress()));
        return new OrderView(
                order.id(),
                name,
                formats.date(order.createdAt()),
                details.items().stream().map(item -> line(item, formats)).toList(),
                formats.amount(order.total()),
                formats.amountWithCode(order.total()),
                shipTo,
                billTo.equals(shipTo) ? List.of() : billTo);
    }

    private static Line line(LineItem item, Formats formats) {
        return new Line(item.name(), item.quantity(), formats.amount(item.price()), formats.amount(item.sum()));
    }

    private static List<String> withName(String name, List<String> address) {
        return Stream.concat(Stream.of(name), address.stream()).toList();
    }
}
