/**
 * Webhooks: what third parties tell by themselves. Each is verified first. Stripe's is a hint, after which Stripe is asked
 * for the present state; SendGrid's and SNS's are the news themselves.
 */
package io.orderflow.webhook;
