package io.orderflow.domain;

/**
 * One line of an order.
 *
 * @param price of one piece
 */
public record LineItem(String id, String name, int quantity, Money price) {

    /** @throws ArithmeticException when the sum does not fit */
    public Money sum() {
        return price.times(quantity);
    }
}
