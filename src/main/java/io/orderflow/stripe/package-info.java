/**
 * The Camel component {@code stripe:operation}: one request to Stripe's API for each exchange. Producer only.
 *
 * <p>It has the URI, the options and the headers of Apache Camel's own {@code camel-stripe} (a preview since 4.17), so
 * that a route need not change when it moves to that one, unless it uses what is marked with + below.
 *
 * <table>
 * <caption>Operations, and the methods that Stripe offers for each</caption>
 * <tr><th>operation</th><th>methods</th></tr>
 * <tr><td>{@code charges}</td><td>create retrieve update list search+ capture</td></tr>
 * <tr><td>{@code customers}</td><td>create retrieve update delete list search+</td></tr>
 * <tr><td>{@code paymentIntents}</td><td>create retrieve update list search+ cancel capture+</td></tr>
 * <tr><td>{@code paymentMethods}</td><td>create retrieve update list</td></tr>
 * <tr><td>{@code refunds}</td><td>create retrieve update list cancel+</td></tr>
 * <tr><td>{@code subscriptions}</td><td>create retrieve update list search+ cancel</td></tr>
 * <tr><td>{@code invoices}</td><td>create retrieve update delete+ list search+</td></tr>
 * <tr><td>{@code products}</td><td>create retrieve update delete list search+</td></tr>
 * <tr><td>{@code prices}</td><td>create retrieve update list search+</td></tr>
 * <tr><td>{@code balanceTransactions}</td><td>retrieve list</td></tr>
 * </table>
 *
 * <table>
 * <caption>Options, of the component and, where given, of the endpoint</caption>
 * <tr><th>option</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@code apiKey}</td><td></td><td>The secret key; an endpoint without one does not start.</td></tr>
 * <tr><td>{@code apiBase}</td><td>{@code https://api.stripe.com}</td><td>Where Stripe is, without the {@code /v1};
 *     may have a path.</td></tr>
 * <tr><td>{@code connectTimeout}+</td><td>30000 ms</td><td>How long connecting may take.</td></tr>
 * <tr><td>{@code readTimeout}+</td><td>80000 ms</td><td>How long the call may take as a whole, from connecting to the
 *     answer's last byte.</td></tr>
 * </table>
 *
 * <table>
 * <caption>Headers of the message that is sent; all of them stay on it</caption>
 * <tr><th>header</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@code CamelStripeMethod}</td><td>create</td><td>One of the methods above.</td></tr>
 * <tr><td>{@code CamelStripeObjectId}</td><td></td><td>The object to retrieve, update, delete, cancel or capture;
 *     needed for these.</td></tr>
 * <tr><td>{@code CamelStripeIdempotencyKey}+</td><td>another for each attempt</td><td>At most 255 characters. Requests
 *     with the same key are done once, for 24 hours. Whatever creates something and may be redelivered needs
 *     it.</td></tr>
 * </table>
 *
 * <p><b>Body in:</b> the parameters as Stripe names them, as a Map (which may nest maps and lists) or the text of a
 * JSON object. Nothing, or an answer of Stripe's from the step before, means none; create refuses the latter. Every
 * method sends its parameters: upstream ignores the body of retrieve, delete and cancel. <b>Body out:</b> stripe-java's
 * model, which is the object itself, its collection ({@code PaymentIntentCollection}) or its search result
 * ({@code PaymentIntentSearchResult}).
 *
 * <p><b>Failures</b> are stripe-java's own exceptions, not wrapped. {@code ApiConnectionException}: no usable answer
 * came, because the connection was refused or broke, the answer was too slow, longer than 4 MiB, or a success that is
 * not Stripe's. {@code CardException}, {@code RateLimitException}, {@code InvalidRequestException} and so on: what
 * Stripe answered. {@code ApiException}: any other failure, with its status. A call is never repeated here; that is for
 * the route's redelivery policy. Headers or a body that make no request are an {@code IllegalArgumentException} before
 * anything is sent.
 *
 * <p>Upstream keeps the key and the base URL in stripe-java's static fields, so that the endpoint started last decides
 * for all; here each endpoint has a client of its own, and those fields are neither read nor written.
 *
 * <p>{@code META-INF/io/orderflow/stripe/stripe.json} describes the component to Camel's catalog. It was written by
 * {@code mvn process-classes org.apache.camel:camel-package-maven-plugin:4.17.0:generate-component} (which leaves it
 * in {@code src/generated}); a test holds it and {@link io.orderflow.stripe.StripeEndpointUriFactory} against the
 * annotations.
 */
package io.orderflow.stripe;
