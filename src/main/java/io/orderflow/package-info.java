/**
 * Orderflow: the beans that the routes in {@code routes/} ask. The routes own the order of the steps, transport, retries
 * and dead letters; what is here decides and calculates.
 */
package io.orderflow;
