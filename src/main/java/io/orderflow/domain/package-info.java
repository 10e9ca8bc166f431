/**
 * What an order is and what may happen to it: records, sealed outcomes and pure functions.
 *
 * <p>Nothing here knows Camel, Quarkus, or any input or output; time and random come in as arguments. One order is one
 * {@link io.orderflow.domain.Order}; each change is a function from one {@code Order} to the next, which the ledger
 * stores by one conditional write:
 *
 * <ul>
 *   <li>{@link io.orderflow.domain.OrderRules} reads a new order and names every violated field;
 *   <li>{@link io.orderflow.domain.Fulfilment} ships, delivers and cancels;
 *   <li>{@link io.orderflow.domain.PaymentRules} applies what Stripe says, and asks for refunds;
 *   <li>{@link io.orderflow.domain.DeliveryRules} claims an order, says what is due to which integration, and settles.
 * </ul>
 */
package io.orderflow.domain;
