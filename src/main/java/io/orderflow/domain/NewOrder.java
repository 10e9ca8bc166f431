package io.orderflow.domain;

import java.math.BigDecimal;
import java.util.List;

/**
 * An order as a caller wrote it: anything may be missing (null), and amounts are in major units.
 *
 * <p>A field that the contract's schema has already refused is null here, so that the rules about the others can still
 * speak and a caller learns of every mistake at once.
 */
public record NewOrder(
        String customerId,
        String customerEmail,
        String customerName,
        List<Item> items,
        BigDecimal totalAmount,
        String currency,
        Address shippingAddress,
        Address billingAddress) {

    /** One line as written. */
    public record Item(String id, String name, Integer quantity, BigDecimal price) {}
}
