/**
 * The customer's mails: what each event says to the customer, as HTML and as text.
 *
 * <p>All wording is in {@code templates/mail/}: for each event type that has a mail, one {@code .html} and one {@code
 * .txt} template, named after it ({@code order.created} is {@code order-created}), inside a layout that all mails share.
 * The subject is the {@code subject} fragment of the text template. Templates declare the types of what they are given
 * ({@link io.orderflow.mail.Letter}, {@link io.orderflow.mail.Shop}), so the build fails when one asks for what does not
 * exist.
 */
package io.orderflow.mail;
