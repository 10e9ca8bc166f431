/**
 * SendGrid's Mail Send API v3 and its signed Event Webhook.
 *
 * <p>The rules come from SendGrid's OpenAPI description of Mail Send and its pages "Mail Send errors", "Rate Limits",
 * "Event Webhook Reference" and "Getting Started with the Event Webhook Security Features"; where users have published
 * the wording of an answer, that wording is used.
 *
 * <p>The account is a new one: one API key, one verified sender, no templates, no unsubscribe groups, no IP pools and no
 * batches, so that a mail which names one of those is refused. Addresses that bounced are not suppressed afterwards:
 * each mail is decided by its address alone ({@link io.orderflow.sandbox.sendgrid.Fate}).
 */
package io.orderflow.sandbox.sendgrid;
