package io.orderflow.resilience;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.ledger.OrderId;
import io.orderflow.testing.Api;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One order, as its caller knows it: what was asked for, and what was answered. */
final class Purchase {

    /** In cents, of {@link Api#order()}. */
    static final long TOTAL = 2500;

    private static final String CLIENT = "default";

    final String key = Api.newKey();

    /** Known before it is asked for, because it is made of the key. */
    final String id = OrderId.of(CLIENT, key);

    final String body;

    /** Refunds that were answered with 2xx: the caller's key and cents. */
    final Map<String, Long> refunds = new ConcurrentHashMap<>();

    /** Whether SendGrid may have said that it failed after it had sent: then nothing tells that the mail is out. */
    volatile boolean mayBeMailedAgain;

    /** Whether Stripe may have said that it failed after it had opened an intent, and keeps to that answer. */
    volatile boolean mayHaveTwin;

    /** Whether something of it is refused for good, so that a dead letter is right. */
    volatile boolean mayBury;

    volatile boolean isAccepted;
    volatile boolean isCancelled;
    volatile boolean isShipped;
    volatile String intentId;
    volatile String clientSecret;

    Purchase(int number) {
        body = Api.order("customer-" + number % 10, "jane" + number + "@example.com");
    }

    void answered(JsonNode order) {
        isAccepted = true;
        intentId = order.path("paymentIntentId").asText(null);
        if (order.hasNonNull("clientSecret")) {
            clientSecret = order.path("clientSecret").asText();
        }
    }

    @Override
    public String toString() {
        return id;
    }
}
