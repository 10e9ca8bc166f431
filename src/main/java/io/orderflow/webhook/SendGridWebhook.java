package io.orderflow.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.alert.Alerts;
import io.orderflow.api.Problem;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.EventType;
import io.orderflow.domain.Order;
import io.orderflow.domain.Receipt;
import io.orderflow.domain.Task;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.mail.SendGridConfig;
import io.orderflow.monitoring.Counters;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/**
 * SendGrid's events, verified as its page "Getting Started with the Event Webhook Security Features" says: ECDSA with
 * SHA-256 over the time and the raw bytes. What they tell is kept with the delivery that the mail's custom arguments name;
 * duplicates and order do not matter.
 */
@ApplicationScoped
@Startup
@Named("sendGridWebhook")
@RegisterForReflection
public class SendGridWebhook {

    /** How far ahead of ours SendGrid's clock may be. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final int LONGEST_DETAIL = 200;

    private final List<PublicKey> keys;
    private final Duration tolerance;
    private final ObjectMapper mapper;
    private final OrderTable orders;
    private final Alerts alerts;
    private final Counters counters;
    private final Clock clock;

    /** @throws IllegalArgumentException when the configuration holds what is no key */
    SendGridWebhook(
            SendGridConfig config,
            ObjectMapper mapper,
            OrderTable orders,
            Alerts alerts,
            Counters counters,
            Clock clock) {
        this.keys = config.webhookPublicKey().stream().map(SendGridWebhook::key).toList();
        this.tolerance = config.webhookTolerance();
        this.mapper = mapper;
        this.orders = orders;
        this.alerts = alerts;
        this.counters = counters;
        this.clock = clock;
    }

    /** What a batch tells of the mails of one order. */
    @RegisterForReflection
    public record News(String orderId, List<MailEvent> events) {}

    /**
     * One event of one mail.
     *
     * @param messageId as SendGrid's answer to the mail named it
     */
    public record MailEvent(Task task, String messageId, Receipt receipt) {}

    private static PublicKey key(String text) {
        try {
            return KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text.strip())));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "SENDGRID_WEBHOOK_PUBLIC_KEY holds what is no public key; copy the verification key of the event"
                            + " webhook from SendGrid's page \"Mail Settings\"",
                    e);
        }
    }

    /**
     * Verifies a batch of events.
     *
     * @return what it tells of orders of ours, by order
     * @throws Problem when the signature does not hold
     */
    public List<News> verified(
            @Body byte[] body,
            @Header("X-Twilio-Email-Event-Webhook-Signature") String signature,
            @Header("X-Twilio-Email-Event-Webhook-Timestamp") String timestamp) {
        if (signature == null || timestamp == null) {
            throw Problem.badSignature("The headers X-Twilio-Email-Event-Webhook-Signature and"
                    + " X-Twilio-Email-Event-Webhook-Timestamp must both be there.");
        }
        if (body == null) {
            throw Problem.malformed("The body is missing; it must be a list of events.");
        }
        if (!isTimely(timestamp) || keys.stream().noneMatch(key -> holds(body, signature, timestamp, key))) {
            throw Problem.badSignature("It was not made with the key of this endpoint, or is too old.");
        }
        try {
            return byOrder(mapper.readTree(body));
        } catch (IOException e) {
            throw Problem.malformed("The events are no JSON.");
        }
    }

    private boolean isTimely(String timestamp) {
        if (!timestamp.matches("\\d{1,12}")) {
            return false;
        }
        var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), clock.instant());
        return age.compareTo(tolerance) <= 0 && age.plus(SKEW).isPositive();
    }

    private static boolean holds(byte[] body, String signature, String timestamp, PublicKey key) {
        try {
            var verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key);
            verifier.update(timestamp.getBytes(StandardCharsets.US_ASCII));
            verifier.update(body);
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static List<News> byOrder(JsonNode batch) {
        Map<String, List<MailEvent>> byOrder = batch.valueStream()
                .filter(event -> OrderId.isOne(orderId(event)))
                .flatMap(event -> read(event).map(read -> Map.entry(orderId(event), read)).stream())
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey,
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        return byOrder.entrySet().stream()
                .map(entry -> new News(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String orderId(JsonNode event) {
        return event.path("order_id").asText();
    }

    /** Nothing when the mail is not of an order, or when what happened is of no interest. */
    private static Optional<MailEvent> read(JsonNode event) {
        var delivery = event.path("delivery_id").asText();
        var slash = delivery.lastIndexOf('/');
        var id = event.path("sg_event_id").asText();
        var kind = Receipt.Kind.of(event.path("event").asText());
        if (slash < 0 || id.isEmpty() || kind.isEmpty()) {
            return Optional.empty();
        }
        var at = Instant.ofEpochSecond(event.path("timestamp").asLong());
        // The id of the message stands before the first point; what follows is of the server that had it.
        var messageId = event.path("sg_message_id").asText().split("\\.", 2)[0];
        return Optional.of(new MailEvent(
                new Task(delivery.substring(0, slash), delivery.substring(slash + 1)),
                messageId.isEmpty() ? null : messageId,
                new Receipt(id, kind.get(), at, detail(event))));
    }

    private static String detail(JsonNode event) {
        var text = event.path("reason").asText(event.path("response").asText());
        if (text.isEmpty()) {
            return null;
        }
        return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL - 1) + "…";
    }

    /**
     * Keeps the news with their order.
     *
     * @return the order as it is now, or null when there is none
     */
    public Order apply(@ExchangeProperty("news") News news) {
        var before = new AtomicReference<Order>();
        var written = orders.update(news.orderId(), order -> {
            before.set(order);
            return applied(order, news);
        });
        written.ifPresent(after -> counters.proven(before.get(), after));
        return written.orElse(null);
    }

    private Order applied(Order order, News news) {
        var result = order;
        for (var event : news.events()) {
            result = DeliveryRules.taken(
                    result, event.task(), event.messageId(), List.of(event.receipt()), clock.instant());
        }
        return result;
    }

    /** Has operators alerted of a confirmation that has not reached its customer, before the ledger is told of it. */
    public void alert(@ExchangeProperty("news") News news) {
        var failures = news.events().stream()
                .filter(event -> event.receipt().kind().isFailure())
                .toList();
        if (failures.isEmpty()) {
            return;
        }
        orders.get(news.orderId()).ifPresent(order -> failures.stream()
                .filter(event -> isNewOfConfirmation(order, event))
                .map(MailEvent::receipt)
                .forEach(receipt -> alerts.raise(
                        "sendgrid",
                        "confirmation-" + receipt.kind(),
                        "The confirmation of order " + order.id() + " has not reached the customer: " + receipt.kind()
                                + "; its timeline says why",
                        order.id())));
    }

    private static boolean isNewOfConfirmation(Order order, MailEvent event) {
        return DeliveryRules.event(order, event.task().eventId())
                        .filter(told -> told.type() == EventType.ORDER_CREATED)
                        .isPresent()
                && DeliveryRules.delivery(order, event.task()).map(Delivery::receipts).stream()
                        .flatMap(List::stream)
                        .noneMatch(known -> known.id().equals(event.receipt().id()));
    }
}
