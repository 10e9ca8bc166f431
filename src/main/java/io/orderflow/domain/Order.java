package io.orderflow.domain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One order: all that the ledger holds of it.
 *
 * @param id a UUID
 * @param client whose order it is: the stable name of the caller
 * @param fingerprint of the request that made it, to tell a repeat from a different order under the same key
 * @param trackingNumber or null
 * @param version counts the changes that people see, from 1: the entity tag, and what the spreadsheet shows
 * @param events oldest first
 * @param claim who works its deliveries, or null
 * @param actions what people did about its dead letters, the last {@value #KEPT_ACTIONS}, oldest first
 * @param erasure who had the customer's data taken out, or null
 * @param rev counts every write, from 1; the condition of the next one
 */
public record Order(
        String id,
        String client,
        String fingerprint,
        OrderDetails details,
        OrderStatus status,
        Payment payment,
        String trackingNumber,
        long version,
        Instant createdAt,
        Instant updatedAt,
        List<Event> events,
        Claim claim,
        SheetState sheet,
        List<Action> actions,
        Erasure erasure,
        long rev) {

    static final int KEPT_ACTIONS = 50;

    public Order {
        events = List.copyOf(events);
        actions = actions == null ? List.of() : List.copyOf(actions);
    }

    /** A new order, with its first event. */
    public static Order accepted(String id, String client, String fingerprint, OrderDetails details, Instant now) {
        var order = new Order(
                id,
                client,
                fingerprint,
                details,
                OrderStatus.PENDING,
                Payment.none(),
                null,
                1,
                now,
                now,
                List.of(),
                null,
                SheetState.NONE,
                List.of(),
                null,
                1);
        return order.withEvent(EventType.ORDER_CREATED, Map.of(), now);
    }

    public Money total() {
        return details.total();
    }

    public Currency currency() {
        return details.total().currency();
    }

    /** {@code minor} units of the order's currency. */
    public Money money(long minor) {
        return new Money(minor, currency());
    }

    /** Whether the spreadsheet shows less than is known. */
    public boolean isOwedToSheet() {
        return sheet.version() < version;
    }

    /** Whether nothing of its customer is left but the id. */
    public boolean isErased() {
        return erasure != null;
    }

    Order withEvent(EventType type, Map<String, String> data, Instant now) {
        var event = new Event(id + "-" + (events.size() + 1), type, now, version, data, null);
        return withEvents(Stream.concat(events.stream(), Stream.of(event)).toList());
    }

    /** The next version: something that people see has changed. */
    Order changed(Instant now) {
        return with(next -> {
            next.version = version + 1;
            next.updatedAt = now;
        });
    }

    Order withStatus(OrderStatus status) {
        return with(next -> next.status = status);
    }

    Order withPayment(Payment payment) {
        return with(next -> next.payment = payment);
    }

    Order withTrackingNumber(String trackingNumber) {
        return with(next -> next.trackingNumber = trackingNumber);
    }

    Order withEvents(List<Event> events) {
        return with(next -> next.events = events);
    }

    Order withClaim(Claim claim) {
        return with(next -> next.claim = claim);
    }

    Order withDetails(OrderDetails details) {
        return with(next -> next.details = details);
    }

    Order withAction(Action action) {
        var all = Stream.concat(actions.stream(), Stream.of(action)).toList();
        return with(next -> next.actions = all.subList(Math.max(0, all.size() - KEPT_ACTIONS), all.size()));
    }

    Order withActions(List<Action> actions) {
        return with(next -> next.actions = actions);
    }

    Order withErasure(Erasure erasure) {
        return with(next -> next.erasure = erasure);
    }

    /** The same order, as its row in the spreadsheet now shows it. */
    public Order withSheet(SheetState sheet) {
        return with(next -> next.sheet = sheet);
    }

    /** The same order, as write number {@code rev} holds it. */
    public Order withRev(long rev) {
        return with(next -> next.rev = rev);
    }

    private Order with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return new Order(
                id,
                client,
                fingerprint,
                draft.details,
                draft.status,
                draft.payment,
                draft.trackingNumber,
                draft.version,
                createdAt,
                draft.updatedAt,
                draft.events,
                draft.claim,
                draft.sheet,
                draft.actions,
                draft.erasure,
                draft.rev);
    }

    /** What of an order can change. */
    private static final class Draft {
        OrderDetails details;
        OrderStatus status;
        Payment payment;
        String trackingNumber;
        long version;
        Instant updatedAt;
        List<Event> events;
        Claim claim;
        SheetState sheet;
        List<Action> actions;
        Erasure erasure;
        long rev;

        Draft(Order order) {
            details = order.details;
            status = order.status;
            payment = order.payment;
            trackingNumber = order.trackingNumber;
            version = order.version;
            updatedAt = order.updatedAt;
            events = order.events;
            claim = order.claim;
            sheet = order.sheet;
            actions = order.actions;
            erasure = order.erasure;
            rev = order.rev;
        }
    }
}
