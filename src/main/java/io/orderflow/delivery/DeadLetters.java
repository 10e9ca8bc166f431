package io.orderflow.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.alert.Alerts;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Outcome;
import io.orderflow.domain.Task;
import io.orderflow.domain.UnreadableMessage;
import io.orderflow.ledger.MessageTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

/** Says what a dead letter says, and has operators alerted of it. */
@ApplicationScoped
@Named("deadLetters")
@RegisterForReflection
public class DeadLetters {

    /** Of a message that is kept in the ledger, in characters. */
    private static final int LONGEST_MESSAGE = 60_000;

    private static final String STRIPE = "stripe";
    private static final String PAID_TWICE = "paid-twice";
    private static final String REFUND_ONE = "The order was paid by another PaymentIntent too; refund one of them";

    private final MessageTable messages;
    private final Alerts alerts;
    private final ObjectMapper mapper;
    private final Clock clock;

    DeadLetters(MessageTable messages, Alerts alerts, ObjectMapper mapper, Clock clock) {
        this.messages = messages;
        this.alerts = alerts;
        this.mapper = mapper;
        this.clock = clock;
    }

    /**
     * The message on the dead-letter queue.
     *
     * @param id under which the API shows it
     * @param routeId of the route that failed
     * @param end refused, exhausted or unknown
     * @param correlationId the order, by which all that happened to it is found
     */
    @RegisterForReflection
    record Notice(
            String id,
            String orderId,
            String eventId,
            String eventType,
            String integration,
            String routeId,
            String correlationId,
            String cause,
            String reason,
            String end,
            int attempts,
            Instant at) {}

    /** A message of the queue that cannot be read. */
    @RegisterForReflection
    record Unreadable(
            String id, String routeId, String correlationId, String cause, String reason, String message, Instant at) {}

    /** The dead letter of a message that cannot be read, as JSON; one that is too long for that goes as it is. */
    public String unreadable(
            @Variable("message") String message,
            @Variable("messageId") String messageId,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception error)
            throws JsonProcessingException {
        if (message.length() > LONGEST_MESSAGE) {
            return message;
        }
        return mapper.writeValueAsString(new Unreadable(
                messageId + "." + MessageTable.INTEGRATION,
                MessageTable.INTEGRATION,
                messageId,
                MessageTable.CAUSE,
                error.getMessage(),
                message,
                clock.instant()));
    }

    /** Keeps a message that cannot be read where people find it, and has them alerted. */
    public void keep(
            @Variable("message") String message,
            @Variable("messageId") String messageId,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception error) {
        alerts.raise(
                MessageTable.INTEGRATION,
                MessageTable.CAUSE,
                "Message " + messageId + " cannot be read; the dead letter " + messageId + "."
                        + MessageTable.INTEGRATION + " says why",
                null);
        messages.create(
                UnreadableMessage.found(messageId, message, LONGEST_MESSAGE, error.getMessage(), clock.instant()));
    }

    /** Money that was taken twice for one order: only a person can say which payment is to be given back. */
    @RegisterForReflection
    record PaidTwice(String orderId, String secondPaymentIntentId, String error, Instant at) {}

    /** Whether a second payment was told of before: each webhook about it leads here. */
    public boolean isNew(@Variable("intentId") String second) {
        return !alerts.isRaised(second, STRIPE, PAID_TWICE);
    }

    /** The notice of a second payment of an order, as JSON. */
    public String paidTwice(@Variable("orderId") String orderId, @Variable("intentId") String second)
            throws JsonProcessingException {
        return mapper.writeValueAsString(new PaidTwice(orderId, second, REFUND_ONE, clock.instant()));
    }

    /** Has operators alerted of a second payment. */
    public void alertPaidTwice(@Variable("orderId") String orderId, @Variable("intentId") String second) {
        alerts.raiseOnce(second, STRIPE, PAID_TWICE, REFUND_ONE + ": " + second, orderId);
    }

    public boolean isBuried(@ExchangeProperty(OutcomeAggregation.OUTCOME) Outcome outcome) {
        return outcome instanceof Outcome.Buried;
    }

    /** The notice of a delivery that is about to be given up, as JSON. */
    public String notice(
            @ExchangeProperty("event") OrderEvent event,
            @ExchangeProperty(OutcomeAggregation.INTEGRATION) String integration,
            @ExchangeProperty(OutcomeAggregation.OUTCOME) Outcome.Buried outcome,
            @ExchangeProperty(Exchange.FAILURE_ROUTE_ID) String failedRoute)
            throws JsonProcessingException {
        var attempts = DeliveryRules.delivery(
                        event.order(), new Task(event.event().id(), integration))
                .map(Delivery::attemptCount)
                .orElse(0);
        return mapper.writeValueAsString(new Notice(
                event.event().id() + "." + integration,
                event.order().id(),
                event.event().id(),
                event.event().type().toString(),
                integration,
                failedRoute == null ? integration : failedRoute,
                event.order().id(),
                outcome.cause(),
                outcome.error(),
                outcome.end().toString().toLowerCase(Locale.ROOT),
                attempts + 1,
                clock.instant()));
    }

    /** Has operators alerted of a delivery that is about to be given up. */
    public void alert(
            @ExchangeProperty("event") OrderEvent event,
            @ExchangeProperty(OutcomeAggregation.INTEGRATION) String integration,
            @ExchangeProperty(OutcomeAggregation.OUTCOME) Outcome.Buried outcome) {
        alerts.raise(
                integration,
                outcome.cause(),
                event.event().id() + "." + integration + " is a dead letter: " + outcome.error(),
                event.order().id());
    }
}
