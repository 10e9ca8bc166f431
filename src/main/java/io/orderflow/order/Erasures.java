package io.orderflow.order;

import io.orderflow.api.Answer;
import io.orderflow.api.Caller;
import io.orderflow.api.Contract;
import io.orderflow.api.Problem;
import io.orderflow.domain.Erasure;
import io.orderflow.domain.ErasureRules;
import io.orderflow.domain.Order;
import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Header;

/**
 * Takes a customer out of every order that bears their id. Each order is one write, which says of itself that it was
 * done: so a repeat goes on where a crash or the end of the time left it, and does nothing twice.
 */
@ApplicationScoped
@Named("erasures")
@RegisterForReflection
public class Erasures {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration A_CLAIM = Duration.ofSeconds(5);
    private static final int A_PAGE = 100;
    private static final int MOST_NAMED = 20;

    private final Contract contract;
    private final OrderTable orders;
    private final Clock clock;

    Erasures(Contract contract, OrderTable orders, Clock clock) {
        this.contract = contract;
        this.orders = orders;
        this.clock = clock;
    }

    @RegisterForReflection
    record Request(String client, String customerId, String reason) {}

    /**
     * How far it has got.
     *
     * @param state done, or running: then the request is to be repeated
     * @param orders how many the customer has
     * @param erased of how many the customer is gone, now or before
     */
    @RegisterForReflection
    record Progress(String client, String customerId, String state, int orders, int erased) {}

    /**
     * Erases, for ten seconds at most.
     *
     * @throws Problem when there is no such customer, or when one of the orders still needs the data: then nothing is
     *     changed
     */
    public Answer erase(@Body byte[] body, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var request = contract.readValid(body, "ErasureRequest", Request.class);
        var ids = ids(request);
        if (ids.isEmpty()) {
            throw Problem.notFound("customer");
        }
        var left = notErased(ids);
        // From here on: however long the list is, each request gets on with it.
        var end = clock.instant().plus(PATIENCE);
        var erased = ids.size() - left.size();
        for (var id : left) {
            erased += erase(id, request, Caller.actor(caller)) ? 1 : 0;
            if (clock.instant().isAfter(end)) {
                break;
            }
        }
        var isDone = erased == ids.size();
        var progress =
                new Progress(request.client(), request.customerId(), isDone ? "done" : "running", ids.size(), erased);
        return isDone ? Answer.ok(progress) : Answer.of(202, progress).withRetryAfter(A_CLAIM);
    }

    private List<String> ids(Request request) {
        var ids = new ArrayList<String>();
        String before = null;
        do {
            var slice = orders.listByCustomer(request.client(), request.customerId(), before, null, A_PAGE);
            slice.keys().forEach(key -> ids.add(OrderTable.Slice.orderId(key)));
            before = slice.last();
        } while (before != null);
        return ids;
    }

    /** @throws Problem when one of them is still needed */
    private List<String> notErased(List<String> ids) {
        var needed = new ArrayList<String>();
        var left = new ArrayList<String>();
        for (int from = 0; from < ids.size(); from += A_PAGE) {
            orders.get(ids.subList(from, Math.min(ids.size(), from + A_PAGE))).stream()
                    .filter(order -> !order.isErased())
                    .forEach(order -> (ErasureRules.isNeeded(order) ? needed : left).add(order.id()));
        }
        if (!needed.isEmpty()) {
            throw needed(needed);
        }
        return left;
    }

    private static Problem needed(List<String> ids) {
        var more = ids.size() > MOST_NAMED ? " and " + (ids.size() - MOST_NAMED) + " more" : "";
        return Problem.conflict("Orders that are not shipped yet need the customer's data; ship or cancel them first: "
                + ids.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")) + more + ".");
    }

    /** @return false when somebody is working the order, and may be sending a mail */
    private boolean erase(String id, Request request, String by) {
        return orders.update(id, order -> decide(order, new Erasure(clock.instant(), by, request.reason())))
                .filter(Order::isErased)
                .isPresent();
    }

    private Order decide(Order order, Erasure erasure) {
        if (order.isErased() || isWorked(order, clock.instant())) {
            return order;
        }
        if (ErasureRules.isNeeded(order)) {
            throw needed(List.of(order.id()));
        }
        return ErasureRules.erased(order, erasure);
    }

    private static boolean isWorked(Order order, Instant now) {
        return order.claim() != null && order.claim().isActive(now);
    }
}
