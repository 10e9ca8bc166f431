package io.orderflow.domain;

import java.util.List;

/**
 * What was ordered, by whom, to where. It does not change once the order is accepted.
 *
 * @param total the sum of the lines
 * @param billingAddress or null when it is the shipping address
 */
public record OrderDetails(
        Customer customer, List<LineItem> items, Money total, Address shippingAddress, Address billingAddress) {

    public OrderDetails {
        items = List.copyOf(items);
    }
}
