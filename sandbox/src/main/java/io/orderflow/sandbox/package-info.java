/**
 * A local stand-in for every service that Orderflow talks to, speaking the real wire protocols in one process.
 *
 * <p>{@link io.orderflow.sandbox.Sandbox} starts it. Each service is a {@link io.orderflow.sandbox.Service} that
 * registers its operations; {@link io.orderflow.sandbox.Call} carries one request through the
 * {@link io.orderflow.sandbox.Faults faults} that are switched on, and counts it.
 *
 * <p>All services run on one event loop: a handler sees no other half done, and needs no lock.
 */
package io.orderflow.sandbox;
