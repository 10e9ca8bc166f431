package io.orderflow.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import io.orderflow.api.Problem;
import io.orderflow.domain.PaymentRules;
import io.orderflow.domain.PaymentSnapshot;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.payment.StripeConfig;
import io.orderflow.payment.StripePayments;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/**
 * Stripe's events, verified as Stripe's page "Resolve webhook signature verification errors" says: HMAC-SHA-256 over the
 * time and the raw bytes, not older than five minutes.
 */
@ApplicationScoped
@Named("stripeWebhook")
@RegisterForReflection
public class StripeWebhook {

    private static final long TOLERANCE_SECONDS = 300;

    /** What changes a payment. Other events come beside one of these, and would only have Stripe asked twice. */
    private static final Pattern NEWS = Pattern.compile("payment_intent\\.|charge\\.(refund|dispute)|refund\\.");

    private final List<String> secrets;
    private final ObjectMapper mapper;
    private final OrderTable orders;

    StripeWebhook(StripeConfig config, ObjectMapper mapper, OrderTable orders) {
        this.secrets = config.webhookSecret().stream().map(String::strip).toList();
        this.mapper = mapper;
        this.orders = orders;
    }

    /**
     * What an event hints at.
     *
     * @param orderId the order that the event names, or null
     */
    @RegisterForReflection
    public record Hint(String intentId, String orderId) {}

    /**
     * Verifies an event.
     *
     * @return null when it is of no interest
     * @throws Problem when the signature does not hold
     */
    public Hint verified(@Body byte[] body, @Header("Stripe-Signature") String signature) {
        if (signature == null) {
            throw Problem.badSignature("The header Stripe-Signature is missing.");
        }
        if (body == null) {
            throw Problem.malformed("The body is missing; it must be an event.");
        }
        var text = new String(body, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body)) {
            throw Problem.badSignature("The body is no UTF-8, which Stripe sends.");
        }
        if (secrets.stream().noneMatch(secret -> holds(text, signature, secret))) {
            throw Problem.badSignature("It was not made with the signing secret of this endpoint, or is too old.");
        }
        try {
            var event = mapper.readTree(body);
            var object = event.path("data").path("object");
            var type = event.path("type").asText();
            var isNews = type.equals("payment_intent.created")
                    ? isTwin(object)
                    : NEWS.matcher(type).lookingAt();
            return isNews && !isForeign(object) ? hint(object) : null;
        } catch (IOException e) {
            throw Problem.malformed("The event is no JSON.");
        }
    }

    /** A new intent is news only when its order is paid by another one; else it is the answer to our own request. */
    private boolean isTwin(JsonNode intent) {
        var orderId = orderId(intent);
        return orderId != null
                && orders.get(orderId)
                        .map(order -> order.payment().intentId())
                        .filter(known -> !known.equals(intent.path("id").asText()))
                        .isPresent();
    }

    private static boolean holds(String body, String signature, String secret) {
        try {
            return Webhook.Signature.verifyHeader(body, signature, secret, TOLERANCE_SECONDS);
        } catch (SignatureVerificationException | NumberFormatException | IndexOutOfBoundsException e) {
            // The last two are what stripe-java throws for a header that is none.
            return false;
        }
    }

    /** An intent of ours names its order, from the moment at which it is opened. */
    private static boolean isForeign(JsonNode object) {
        return isIntent(object) && object.path("metadata").isObject() && orderId(object) == null;
    }

    private static boolean isIntent(JsonNode object) {
        return object.path("object").asText().equals("payment_intent");
    }

    private static Hint hint(JsonNode object) {
        var id = object.path(isIntent(object) ? "id" : "payment_intent").asText();
        return id.startsWith("pi_") ? new Hint(id, orderId(object)) : null;
    }

    private static String orderId(JsonNode object) {
        var id = object.path("metadata").path(StripePayments.ORDER_ID).asText();
        return OrderId.isOne(id) ? id : null;
    }

    /** Whether the intent is the one that its order is paid by, an open one beside it, or nothing to act on. */
    public enum Relation {
        OURS,
        TWIN,
        /** A twin that took money: the customer has paid twice. */
        PAID_TWIN,
        UNRELATED
    }

    /** Whether what Stripe says of an intent can be applied. */
    public enum Standing {
        /** It names an order that has a payment. */
        OF_ORDER,
        /** It names an order that is not there, or has no payment yet. */
        EARLY,
        /** It is not ours. */
        FOREIGN,
        /** Stripe could not be asked, or what it said not be applied. */
        NOT_SEEN
    }

    /** Where the intent that Stripe has shown stands, by the order that it names. */
    public Standing standing(@Variable("orderId") String orderId) {
        if (!OrderId.isOne(orderId)) {
            return Standing.FOREIGN;
        }
        return orders.get(orderId)
                .filter(order -> order.payment().intentId() != null)
                .map(order -> Standing.OF_ORDER)
                .orElse(Standing.EARLY);
    }

    /** How an intent stands to the order that it names. */
    public Relation relation(@Variable("orderId") String orderId, @Variable("snapshot") PaymentSnapshot snapshot) {
        var order = orders.get(orderId);
        if (order.isEmpty()) {
            return Relation.UNRELATED;
        }
        if (!PaymentRules.isTwin(order.get(), snapshot)) {
            return Relation.OURS;
        }
        return switch (snapshot.status()) {
            case CANCELED -> Relation.UNRELATED;
            case SUCCEEDED -> Relation.PAID_TWIN;
            case REQUIRES_PAYMENT_METHOD, REQUIRES_CONFIRMATION, REQUIRES_ACTION, REQUIRES_CAPTURE, PROCESSING ->
                Relation.TWIN;
        };
    }
}
