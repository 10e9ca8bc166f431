package io.orderflow.stripe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.stripe.model.StripeObject;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.Message;

/** The parameters of a request, out of a message's body. */
final class StripeParameters {

    /** Numbers stay as written: money does not pass through a double. */
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .readerFor(new TypeReference<Map<String, Object>>() {});

    private StripeParameters() {}

    /** @throws IllegalArgumentException if the body is neither a map nor the text of a JSON object */
    @SuppressWarnings("unchecked")
    static Map<String, Object> of(Message message, StripeMethod method) {
        return switch (message.getBody()) {
            case null -> Map.of();
            case Map<?, ?> parameters -> (Map<String, Object>) parameters;
            case String json -> parse(json);
            case byte[] _, InputStream _ -> parse(message.getBody(String.class));
            // What the step before got from Stripe, so that a retrieve or a capture can follow a create.
            case StripeObject _ when method != StripeMethod.CREATE -> Map.of();
            case Object other ->
                throw new IllegalArgumentException("The body for stripe: must be a Map or a JSON object, but is a "
                        + other.getClass().getName());
        };
    }

    private static Map<String, Object> parse(String json) {
        if (json.isBlank()) {
            return Map.of();
        }
        try {
            Map<String, Object> parameters = JSON.readValue(json);
            if (parameters != null) {
                return parameters;
            }
        } catch (JsonProcessingException e) {
            // Without the location's snippet, which would quote the body.
            throw new IllegalArgumentException("The body for stripe: is not a JSON object: " + e.getOriginalMessage());
        }
        throw new IllegalArgumentException("The body for stripe: is null, not a JSON object");
    }
}
