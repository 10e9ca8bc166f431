package io.orderflow.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.api.OrderJson;
import io.orderflow.domain.Event;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.Body;

/** Order events as CloudEvents 1.0 (JSON event format). */
@ApplicationScoped
@Named("cloudEvents")
@RegisterForReflection
public class CloudEvents {

    private final ObjectMapper mapper;

    CloudEvents(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @RegisterForReflection
    record CloudEvent(
            String specversion,
            String id,
            String source,
            String type,
            String subject,
            Instant time,
            String datacontenttype,
            Data data) {}

    /**
     * @param details what belongs to the event alone
     * @param order as it was when the event was sent; its version may be later than the event's
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Data(long version, Map<String, String> details, OrderJson order) {}

    /** The event as JSON, with the id that stays the same however often it is sent. */
    public String event(@Body OrderEvent body) throws JsonProcessingException {
        Event event = body.event();
        return mapper.writeValueAsString(new CloudEvent(
                "1.0",
                event.id(),
                "/orderflow/orders",
                "io.orderflow." + event.type(),
                body.order().id(),
                event.at(),
                "application/json",
                new Data(event.version(), event.data(), OrderJson.of(body.order()))));
    }

    /** {@code high} for what someone should act on soon, else {@code normal}. */
    public String priority(@Body OrderEvent body) {
        return switch (body.event().type()) {
            case PAYMENT_FAILED, PAYMENT_DISPUTED, ORDER_CANCELLED -> "high";
            case ORDER_CREATED, ORDER_SHIPPED, ORDER_DELIVERED, PAYMENT_SUCCEEDED, PAYMENT_REFUNDED, REFUND_REQUESTED ->
                "normal";
        };
    }
}
