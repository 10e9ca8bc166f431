/**
 * The work on an order's deliveries: claim it, tell each integration, decide what becomes of a failure, write back.
 *
 * <p>The routes own the order of these steps ({@code routes/order-worker.camel.yaml}); the rules are in
 * {@link io.orderflow.domain.DeliveryRules}.
 */
package io.orderflow.delivery;
