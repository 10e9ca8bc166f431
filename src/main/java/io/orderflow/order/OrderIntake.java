package io.orderflow.order;

import io.orderflow.api.Answer;
import io.orderflow.api.Caller;
import io.orderflow.api.Contract;
import io.orderflow.api.OrderJson;
import io.orderflow.api.Problem;
import io.orderflow.delivery.DeliveryConfig;
import io.orderflow.delivery.OrderWork;
import io.orderflow.delivery.Work;
import io.orderflow.domain.Address;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.NewOrder;
import io.orderflow.domain.Order;
import io.orderflow.domain.OrderDetails;
import io.orderflow.domain.OrderRules;
import io.orderflow.domain.OrderStatus;
import io.orderflow.domain.PaymentChecks;
import io.orderflow.domain.Violation;
import io.orderflow.ledger.OrderCalendar;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.monitoring.Counters;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;

/** Takes orders in. */
@ApplicationScoped
@Named("orderIntake")
@RegisterForReflection
public class OrderIntake {

    private static final Duration COME_AGAIN = Duration.ofSeconds(5);

    private final Contract contract;
    private final OrderTable orders;
    private final OrderCalendar calendar;
    private final OrderWork orderWork;
    private final DeliveryConfig config;
    private final PaymentChecks checks;
    private final Counters counters;
    private final Clock clock;

    OrderIntake(
            Contract contract,
            OrderTable orders,
            OrderCalendar calendar,
            OrderWork orderWork,
            DeliveryConfig config,
            PaymentChecks checks,
            Counters counters,
            Clock clock) {
        this.contract = contract;
        this.orders = orders;
        this.calendar = calendar;
        this.orderWork = orderWork;
        this.config = config;
        this.checks = checks;
        this.counters = counters;
        this.clock = clock;
    }

    /**
     * An order that is stored.
     *
     * @param isRepeat whether it had been stored before, by an earlier request with the same key
     * @param work the claim under which Stripe is to be asked for the payment, or null when there is nothing to ask for
     */
    @RegisterForReflection
    public record Accepted(Order order, boolean isRepeat, Work work) {}

    /**
     * Reads a new order.
     *
     * @throws Problem naming every field that breaks a rule
     */
    public OrderDetails read(@Body byte[] body, @Header("Idempotency-Key") String key) {
        var checked = contract.read(body, "NewOrder", NewOrder.class);
        var shape = new java.util.ArrayList<Violation>(checked.violations());
        if (key != null) {
            contract.parameter("Idempotency-Key", key, "IdempotencyKey").ifPresent(shape::add);
        }
        return switch (OrderRules.read(checked.value(), shape)) {
            case OrderRules.Reading.Valid(var details) -> details;
            case OrderRules.Reading.Invalid(var violations) -> throw Problem.invalid(violations);
        };
    }

    /**
     * Stores the order, claimed for the call to Stripe that follows, in one conditional write.
     *
     * @throws Problem when the key belongs to a different order
     */
    public Accepted accept(
            @Body OrderDetails details,
            @Header("Idempotency-Key") String key,
            @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var client = Caller.client(caller);
        var id = key == null ? OrderId.random() : OrderId.of(client, key);
        var now = clock.instant();
        var order = checks.planned(Order.accepted(id, client, fingerprint(details), details, now), now);
        var claimed = orderWork.prepare(order, "stripe"::equals, config.apiPatience());
        calendar.note(client, now);
        return switch (orders.create(claimed.map(OrderWork.Prepared::order).orElse(order))) {
            case OrderTable.Creation.Created created -> {
                counters.accepted();
                yield new Accepted(
                        created.order(),
                        false,
                        claimed.map(prepared -> prepared.begin(created.order())).orElse(null));
            }
            case OrderTable.Creation.Existing(var existing) -> repeated(existing, order);
        };
    }

    private Accepted repeated(Order existing, Order wanted) {
        if (!existing.fingerprint().equals(wanted.fingerprint())) {
            throw Problem.unprocessable(
                    "idempotency-key-reused",
                    "The Idempotency-Key belongs to a different order. Use a new key for a new order.",
                    List.of(new Violation("Idempotency-Key", "was used for a different order")));
        }
        if (existing.payment().intentId() != null) {
            return new Accepted(existing, true, null);
        }
        var hastened = DeliveryRules.hastened(existing, "stripe", clock.instant());
        var claimed = orderWork.prepare(hastened, "stripe"::equals, config.apiPatience());
        return claimed.flatMap(prepared -> orders.replace(existing, prepared.order())
                        .map(stored -> new Accepted(stored, true, prepared.begin(stored))))
                .orElse(new Accepted(existing, true, null));
    }

    /**
     * The answer: 201 with the means to pay, 202 when Stripe has not answered yet, 200 to a repeat.
     *
     * @param order as it is after Stripe was asked
     * @param clientSecret of the intent that was opened or recalled, or null
     */
    public Answer answer(
            @ExchangeProperty("accepted") Accepted accepted,
            @ExchangeProperty("order") Order order,
            @ExchangeProperty("clientSecret") String clientSecret) {
        // A client secret begins with the id of its intent: another worker may have opened a twin just before.
        var isOurs =
                clientSecret != null && clientSecret.startsWith(order.payment().intentId() + "_secret_");
        var isPayable = isPayable(order);
        var content = OrderJson.of(order, isOurs && isPayable ? clientSecret : null);
        var path = "/api/orders/" + order.id();
        if (order.payment().intentId() == null && isPayable) {
            return Answer.of(202, content)
                    .withEtag(order.version())
                    .withLocation(path)
                    .withRetryAfter(COME_AGAIN);
        }
        return Answer.of(accepted.isRepeat() ? 200 : 201, content)
                .withEtag(order.version())
                .withLocation(path);
    }

    /** Whether the caller is still to be given the means to pay: not when Stripe has refused to open the payment. */
    private static boolean isPayable(Order order) {
        return order.status() == OrderStatus.PENDING
                && switch (order.payment().status()) {
                    case CANCELLED -> false;
                    case FAILED -> order.payment().intentId() != null;
                    case PENDING, PROCESSING, SUCCEEDED, PARTIALLY_REFUNDED, REFUNDED, DISPUTED -> true;
                };
    }

    /**
     * The same for the same order, however its JSON was laid out, in this and every later version. No field can hold
     * the separator: the contract refuses control characters.
     */
    private static String fingerprint(OrderDetails details) {
        var fields = new StringJoiner("\u001f");
        fields.add("1");
        var customer = details.customer();
        List.of(customer.id(), customer.email(), customer.name()).forEach(fields::add);
        for (var item : details.items()) {
            List.of(
                            item.id(),
                            item.name(),
                            String.valueOf(item.quantity()),
                            String.valueOf(item.price().minor()))
                    .forEach(fields::add);
        }
        fields.add(details.total().toString());
        Stream.of(details.shippingAddress(), details.billingAddress())
                .flatMap(OrderIntake::fields)
                .forEach(fields::add);
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(fields.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static Stream<String> fields(Address address) {
        return address == null
                ? Stream.of("-")
                : Stream.of(address.street(), address.city(), address.state(), address.zipCode(), address.country())
                        .map(field -> field == null ? "" : field);
    }
}
