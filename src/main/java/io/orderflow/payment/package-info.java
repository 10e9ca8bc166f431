/**
 * Payments: what Stripe is asked, what its answers mean for an order, and the endpoints under {@code /api/payments}.
 */
package io.orderflow.payment;
