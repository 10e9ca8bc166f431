package io.orderflow.stripe;

import com.stripe.exception.StripeException;
import com.stripe.net.RequestOptions;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;

/** Makes one request of an exchange, and the answer its body. */
class StripeProducer extends DefaultProducer {

    /** As Stripe's API reference limits it. */
    private static final int MAX_KEY_LENGTH = 255;

    private final StripeEndpoint endpoint;

    StripeProducer(StripeEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    /** @throws IllegalArgumentException if the headers or the body make no request; nothing was sent then */
    @Override
    public void process(Exchange exchange) throws StripeException {
        var message = exchange.getMessage();
        var operation = endpoint.getOperation();
        var method = operation.method(
                message.getHeader(StripeConstants.METHOD_HEADER, StripeMethod.CREATE.toString(), String.class));
        var request = operation.request(
                method,
                message.getHeader(StripeConstants.OBJECT_ID, String.class),
                StripeParameters.of(message, method),
                RequestOptions.builder()
                        .setIdempotencyKey(idempotencyKey(message))
                        .build());
        message.setBody(endpoint.stripe().request(request, operation.answer(method)));
    }

    /** A header that is there but empty is a mistake that must not become a request without a key of the caller's. */
    private static String idempotencyKey(Message message) {
        var key = message.getHeader(StripeConstants.IDEMPOTENCY_KEY, String.class);
        if (key != null && (key.isBlank() || key.length() > MAX_KEY_LENGTH)) {
            throw new IllegalArgumentException(StripeConstants.IDEMPOTENCY_KEY + " must have 1 to " + MAX_KEY_LENGTH
                    + " characters, but has " + key.strip().length());
        }
        return key;
    }
}
