/**
 * Stripe, as far as a shop that takes card payments sees it: payment intents, charges, refunds, disputes, events and
 * their webhooks, in API version {@link io.orderflow.sandbox.stripe.StripeService#API_VERSION}.
 *
 * <p>What Stripe refuses is refused here, with the same status, error code and message where these are known. The
 * account that is modelled has cards and US bank debits switched on. Neither sends the customer to another page unless
 * the card asks for authentication, so that {@code return_url} is never demanded.
 *
 * <p>Not modelled, and refused by name: Connect (fees, transfers, other accounts), confirmation tokens, payment method
 * configurations. Not modelled at all: mandates, balance transactions and payouts, setup intents, the direct creation
 * of charges, webhook endpoints other than the one that the app has. A parameter whose content has no effect here
 * (payment method options, radar options, hooks) is accepted unread.
 *
 * <p>A {@link io.orderflow.sandbox.stripe.Documents document} is an object in the very form in which Stripe sends it;
 * fields that begin with an underscore are the sandbox's own and never leave it.
 */
package io.orderflow.sandbox.stripe;
