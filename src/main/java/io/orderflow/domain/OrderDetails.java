package io.orderflow.domain;

import java.util.List;

/**
 * What was ordered, by whom, to where. Once the order is accepted it changes only by a person's {@link Correction}.
 *
 * @param total the sum of the lines
 * @param billingAddress or null when it is the shipping address
 */
public record OrderDetails(
        Customer customer, List<LineItem> items, Money total, Address shippingAddress, Address billingAddress) {

    public OrderDetails {
        items = List.copyOf(items);
    }

    OrderDetails corrected(Correction correction) {
        var email = correction.customerEmail() == null ? customer.email() : correction.customerEmail();
        return new OrderDetails(
                new Customer(customer.id(), email, customer.name()),
                items,
                total,
                correction.shippingAddress() == null ? shippingAddress : correction.shippingAddress(),
                billingAddress);
    }
}
