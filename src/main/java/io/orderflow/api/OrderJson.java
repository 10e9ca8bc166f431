package io.orderflow.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.orderflow.domain.Action;
import io.orderflow.domain.Address;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.Erasure;
import io.orderflow.domain.Event;
import io.orderflow.domain.Order;
import io.orderflow.domain.Receipt;
import io.orderflow.domain.Refund;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An order as the API shows it (schema {@code Order} of the contract). Amounts are in major units. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrderJson(
        String id,
        String status,
        String paymentStatus,
        String paymentIntentId,
        String clientSecret,
        String customerId,
        String customerEmail,
        String customerName,
        List<Item> items,
        BigDecimal totalAmount,
        BigDecimal amountRefunded,
        String currency,
        AddressJson shippingAddress,
        AddressJson billingAddress,
        String trackingNumber,
        String paymentFailure,
        Instant createdAt,
        Instant updatedAt,
        long version) {

    /** One line of an order. */
    @RegisterForReflection
    public record Item(String id, String name, int quantity, BigDecimal price) {}

    /** A postal address, without the fields that a country has not. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AddressJson(String street, String city, String state, String zipCode, String country) {

        public static AddressJson of(Address address) {
            return address == null
                    ? null
                    : new AddressJson(
                            address.street(), address.city(), address.state(), address.zipCode(), address.country());
        }
    }

    public static OrderJson of(Order order) {
        return of(order, null);
    }

    /** @param clientSecret or null */
    public static OrderJson of(Order order, String clientSecret) {
        var details = order.details();
        var refunded = order.payment().refunded();
        return new OrderJson(
                order.id(),
                order.status().toString(),
                order.payment().status().toString(),
                order.payment().intentId(),
                clientSecret,
                details.customer().id(),
                details.customer().email(),
                details.customer().name(),
                details.items().stream()
                        .map(item -> new Item(
                                item.id(),
                                item.name(),
                                item.quantity(),
                                item.price().major()))
                        .toList(),
                order.total().major(),
                refunded == 0 ? null : order.money(refunded).major(),
                order.currency().code(),
                AddressJson.of(details.shippingAddress()),
                AddressJson.of(details.billingAddress()),
                order.trackingNumber(),
                order.payment().failure(),
                order.createdAt(),
                order.updatedAt(),
                order.version());
    }

    /** One page of orders, newest first. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Page(List<OrderJson> orders, String nextCursor) {}

    /** A refund as the API shows it. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RefundJson(
            String id,
            String orderId,
            BigDecimal amount,
            String currency,
            String status,
            String reason,
            String stripeRefundId,
            Instant requestedAt) {

        public static RefundJson of(Order order, Refund refund) {
            return new RefundJson(
                    refund.id(),
                    order.id(),
                    order.money(refund.amount()).major(),
                    order.currency().code(),
                    refund.state().toString(),
                    refund.reason(),
                    refund.stripeId(),
                    refund.requestedAt());
        }
    }

    /** What happened to an order, and who was told of it. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Timeline(
            String orderId, List<TimelineEvent> events, SheetRow sheet, List<ActionJson> actions, ErasureJson erasure) {

        public static Timeline of(Order order) {
            return new Timeline(
                    order.id(),
                    order.events().stream().map(TimelineEvent::of).toList(),
                    new SheetRow(
                            order.sheet().version(),
                            order.sheet().row() == 0 ? null : order.sheet().row(),
                            !order.isOwedToSheet()),
                    order.actions().stream().map(ActionJson::of).toList(),
                    order.isErased() ? ErasureJson.of(order.erasure()) : null);
        }
    }

    /** That the customer's data was taken out. */
    @RegisterForReflection
    public record ErasureJson(Instant at, String by, String reason) {

        static ErasureJson of(Erasure erasure) {
            return new ErasureJson(erasure.at(), erasure.by(), erasure.reason());
        }
    }

    /** What a person did about a dead letter. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ActionJson(
            String what,
            Instant at,
            String by,
            String reason,
            String eventId,
            String integration,
            Map<String, String> changes) {

        public static ActionJson of(Action action) {
            return new ActionJson(
                    action.kind().toString(),
                    action.at(),
                    action.by(),
                    action.reason(),
                    action.eventId(),
                    action.integration(),
                    action.changes());
        }
    }

    /** One event, with its deliveries. */
    @RegisterForReflection
    public record TimelineEvent(
            String id, String type, Instant at, long version, Map<String, String> data, List<DeliveryJson> deliveries) {

        public static TimelineEvent of(Event event) {
            return new TimelineEvent(
                    event.id(),
                    event.type().toString(),
                    event.at(),
                    event.version(),
                    event.data(),
                    event.deliveries() == null
                            ? List.of()
                            : event.deliveries().entrySet().stream()
                                    .map(entry -> DeliveryJson.of(entry.getKey(), entry.getValue()))
                                    .toList());
        }
    }

    /** How far an event has got with one integration. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DeliveryJson(
            String integration,
            String state,
            int attempts,
            List<AttemptJson> lastAttempts,
            Instant nextAttemptAt,
            String cause,
            String error,
            String externalId,
            List<ReceiptJson> receipts) {

        public static DeliveryJson of(String integration, Delivery delivery) {
            return new DeliveryJson(
                    integration,
                    delivery.state().toString(),
                    delivery.attemptCount(),
                    delivery.attempts().stream().map(AttemptJson::of).toList(),
                    delivery.nextAt(),
                    delivery.cause(),
                    delivery.error(),
                    delivery.externalId(),
                    delivery.receipts().isEmpty()
                            ? null
                            : delivery.receipts().stream().map(ReceiptJson::of).toList());
        }
    }

    /** What the third party has told of a delivery since. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ReceiptJson(String type, Instant at, String detail) {

        static ReceiptJson of(Receipt receipt) {
            return new ReceiptJson(receipt.kind().toString(), receipt.at(), receipt.detail());
        }
    }

    /** One try of a delivery. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AttemptJson(Instant at, String outcome, String error) {

        static AttemptJson of(Delivery.Attempt attempt) {
            return new AttemptJson(attempt.at(), attempt.outcome().toString(), attempt.error());
        }
    }

    /** What the spreadsheet shows of the order. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SheetRow(long version, Integer row, boolean upToDate) {}
}
