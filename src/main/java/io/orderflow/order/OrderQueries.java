package io.orderflow.order;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.api.Answer;
import io.orderflow.api.Caller;
import io.orderflow.api.Contract;
import io.orderflow.api.OrderJson;
import io.orderflow.api.Problem;
import io.orderflow.api.QueryParameters;
import io.orderflow.domain.Order;
import io.orderflow.domain.OrderStatus;
import io.orderflow.domain.Violation;
import io.orderflow.ledger.OrderCalendar;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Header;

/** Reads orders for their client. Another client's order is as unknown as one that does not exist. */
@ApplicationScoped
@Named("orderQueries")
@RegisterForReflection
public class OrderQueries {

    private static final List<String> PARAMETERS = List.of("status", "customerId", "client", "limit", "cursor");
    private static final String NO_CURSOR = "is no cursor that was given here; start again without one";
    private static final int DEFAULT_LIMIT = 20;

    /** How many index entries one request looks at, at most; a rare status may leave a page short. */
    private static final int MOST_ENTRIES = 1000;

    private static final int ENTRIES_A_QUERY = 250;

    private final Contract contract;
    private final OrderTable orders;
    private final OrderCalendar calendar;
    private final ObjectMapper mapper;

    OrderQueries(Contract contract, OrderTable orders, OrderCalendar calendar, ObjectMapper mapper) {
        this.contract = contract;
        this.orders = orders;
        this.calendar = calendar;
        this.mapper = mapper;
    }

    /**
     * Where a list goes on.
     *
     * @param day null in the list of one customer
     * @param before the key of the last entry that was looked at, or null at the start of a day
     */
    @RegisterForReflection
    record Cursor(LocalDate day, String before, String status, String customerId, String client) {

        boolean isOne() {
            return before == null || OrderTable.Slice.isKey(before);
        }

        /** Another place in the same list. */
        Cursor at(LocalDate day, String before) {
            return new Cursor(day, before, status, customerId, client);
        }
    }

    public Answer get(@Header("id") String id, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var order = find(id, caller);
        return Answer.ok(OrderJson.of(order)).withEtag(order.version());
    }

    public Answer timeline(@Header("id") String id, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        return Answer.ok(OrderJson.Timeline.of(find(id, caller)));
    }

    /** @throws Problem when there is no such order that the caller may see */
    public Order find(String id, QuarkusHttpUser caller) {
        if (!OrderId.isOne(id)) {
            throw Problem.notFound("order");
        }
        return orders.get(id)
                .filter(order -> Caller.maySee(caller, order.client()))
                .orElseThrow(() -> Problem.notFound("order"));
    }

    /** @throws Problem when there is no such order that the caller may change */
    public Order findToChange(String id, QuarkusHttpUser caller) {
        var order = find(id, caller);
        if (!Caller.mayChange(caller, order.client())) {
            throw Problem.forbidden();
        }
        return order;
    }

    /** A page of the caller's orders, newest first. */
    public Answer list(@Header(Exchange.HTTP_RAW_QUERY) String query, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var parameters = QueryParameters.read(query, PARAMETERS);
        var status = parameters.get("status");
        var customerId = parameters.get("customerId");
        var cursor = parameters.get("cursor");
        var client = parameters.getOrDefault("client", Caller.client(caller));
        var wanted = valid(status, customerId, client, parameters.get("limit"));
        if (!Caller.maySee(caller, client)) {
            throw Problem.forbidden();
        }
        var all = new Cursor(null, null, status, customerId, client);
        var start = cursor == null ? all : read(cursor, all);
        var pages = customerId == null
                ? new ByDay(client, start, wanted)
                : new ByCustomer(client, customerId, start, wanted);
        return Answer.ok(pages.read());
    }

    private record Wanted(OrderStatus status, int limit) {}

    private Wanted valid(String status, String customerId, String client, String limit) {
        var violations = new ArrayList<Violation>();
        if (status != null) {
            contract.parameter("status", status, "OrderStatus").ifPresent(violations::add);
        }
        if (customerId != null) {
            contract.parameter("customerId", customerId, "Identifier").ifPresent(violations::add);
        }
        contract.parameter("client", client, "Client").ifPresent(violations::add);
        var number = QueryParameters.limit(limit, DEFAULT_LIMIT);
        if (number.isEmpty()) {
            violations.add(new Violation("limit", "must be a whole number from 1 to 100"));
        }
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations);
        }
        return new Wanted(status == null ? null : OrderStatus.of(status).orElseThrow(), number.getAsInt());
    }

    private Cursor read(String text, Cursor all) {
        try {
            var cursor = mapper.readValue(Base64.getUrlDecoder().decode(text), Cursor.class);
            if (cursor == null || !cursor.isOne()) {
                throw invalidCursor(NO_CURSOR);
            }
            if (cursor.at(null, null).equals(all)) {
                return cursor;
            }
            throw invalidCursor("belongs to a list with other filters; send the filters it was given for");
        } catch (IOException | IllegalArgumentException e) {
            throw invalidCursor(NO_CURSOR);
        }
    }

    private static Problem invalidCursor(String detail) {
        return Problem.invalid(List.of(new Violation("cursor", detail)));
    }

    private String written(Cursor cursor) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mapper.writeValueAsBytes(cursor));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A cursor is always JSON", e);
        }
    }

    /** Collects a page from slices of an index until it is full, the index ends, or enough entries were looked at. */
    private abstract class Pages {

        final Cursor start;
        final Wanted wanted;
        private final List<String> keys = new ArrayList<>();
        private int looked;

        Pages(Cursor start, Wanted wanted) {
            this.start = start;
            this.wanted = wanted;
        }

        abstract OrderTable.Slice slice(Cursor at, int entries);

        /** Where the list goes on after the slices of {@code at} are used up, or null. */
        abstract Cursor following(Cursor at);

        OrderJson.Page read() {
            var at = first();
            while (at != null && keys.size() < wanted.limit() && looked < MOST_ENTRIES) {
                at = take(at);
            }
            var found = orders.get(keys.stream().map(OrderTable.Slice::orderId).toList()).stream()
                    .filter(order -> wanted.status() == null || order.status() == wanted.status())
                    .map(OrderJson::of)
                    .toList();
            return new OrderJson.Page(found, at == null ? null : written(at));
        }

        abstract Cursor first();

        private Cursor take(Cursor at) {
            var room = wanted.limit() - keys.size();
            var entries = wanted.status() == null ? room : ENTRIES_A_QUERY;
            var slice = slice(at, entries);
            looked += 1 + slice.looked();
            if (slice.keys().size() > room) {
                keys.addAll(slice.keys().subList(0, room));
                return goingOn(at, slice.keys().get(room - 1));
            }
            keys.addAll(slice.keys());
            return slice.last() == null ? following(at) : goingOn(at, slice.last());
        }

        private static Cursor goingOn(Cursor at, String before) {
            return at.at(at.day(), before);
        }
    }

    private final class ByDay extends Pages {

        private final String client;
        private final List<LocalDate> days;

        ByDay(String client, Cursor start, Wanted wanted) {
            super(start, wanted);
            this.client = client;
            this.days = calendar.days(client);
        }

        @Override
        Cursor first() {
            return start.day() == null ? onOrBefore(LocalDate.MAX, null) : onOrBefore(start.day(), start.before());
        }

        @Override
        OrderTable.Slice slice(Cursor at, int entries) {
            return orders.listByDay(client, at.day(), at.before(), wanted.status(), entries);
        }

        @Override
        Cursor following(Cursor at) {
            return onOrBefore(at.day().minusDays(1), null);
        }

        private Cursor onOrBefore(LocalDate latest, String before) {
            return days.stream()
                    .filter(day -> !day.isAfter(latest))
                    .findFirst()
                    .map(day -> start.at(day, day.equals(latest) ? before : null))
                    .orElse(null);
        }
    }

    private final class ByCustomer extends Pages {

        private final String client;
        private final String customerId;

        ByCustomer(String client, String customerId, Cursor start, Wanted wanted) {
            super(start, wanted);
            this.client = client;
            this.customerId = customerId;
        }

        @Override
        Cursor first() {
            return start;
        }

        @Override
        OrderTable.Slice slice(Cursor at, int entries) {
            return orders.listByCustomer(client, customerId, at.before(), wanted.status(), entries);
        }

        @Override
        Cursor following(Cursor at) {
            return null;
        }
    }
}
