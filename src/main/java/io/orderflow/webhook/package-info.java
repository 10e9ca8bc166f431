/** Webhooks: a hint that something has changed. It is verified, and then the sender is asked for the present state. */
package io.orderflow.webhook;
