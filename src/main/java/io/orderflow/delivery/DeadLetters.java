package io.orderflow.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Outcome;
import io.orderflow.domain.Task;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

/** Says what a dead letter says. */
@ApplicationScoped
@Named("deadLetters")
@RegisterForReflection
public class DeadLetters {

    private final ObjectMapper mapper;
    private final Clock clock;

    DeadLetters(ObjectMapper mapper, Clock clock) {
        this.mapper = mapper;
        this.clock = clock;
    }

    /** The message on the dead-letter queue and on the alerts topic. */
    @RegisterForReflection
    record Notice(
            String orderId,
            String eventId,
            String eventType,
            String integration,
            String cause,
            String error,
            int attempts,
            Instant at) {}

    /** A message of the queue that cannot be read. */
    @RegisterForReflection
    record Unreadable(String message, String error, Instant at) {}

    /** The dead letter of a message that cannot be read, as JSON. */
    public String unreadable(
            @Variable("message") String message, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception error)
            throws JsonProcessingException {
        return mapper.writeValueAsString(new Unreadable(message, error.getMessage(), clock.instant()));
    }

    /** Money that was taken twice for one order: only a person can say which payment is to be given back. */
    @RegisterForReflection
    record PaidTwice(String orderId, String secondPaymentIntentId, String error, Instant at) {}

    /** The notice of a second payment of an order, as JSON. */
    public String paidTwice(@Variable("orderId") String orderId, @Variable("intentId") String second)
            throws JsonProcessingException {
        return mapper.writeValueAsString(new PaidTwice(
                orderId,
                second,
                "The order was paid by another PaymentIntent too; refund one of them",
                clock.instant()));
    }

    public boolean isBuried(@ExchangeProperty(OutcomeAggregation.OUTCOME) Outcome outcome) {
        return outcome instanceof Outcome.Buried;
    }

    /** The notice of a delivery that is about to be given up, as JSON. */
    public String notice(
            @ExchangeProperty("event") OrderEvent event,
            @ExchangeProperty(OutcomeAggregation.INTEGRATION) String integration,
            @ExchangeProperty(OutcomeAggregation.OUTCOME) Outcome.Buried outcome)
            throws JsonProcessingException {
        var attempts = DeliveryRules.delivery(
                        event.order(), new Task(event.event().id(), integration))
                .map(Delivery::attemptCount)
                .orElse(0);
        return mapper.writeValueAsString(new Notice(
                event.order().id(),
                event.event().id(),
                event.event().type().toString(),
                integration,
                outcome.cause(),
                outcome.error(),
                attempts + 1,
                clock.instant()));
    }
}
