package io.orderflow.payment;

import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentIntentSearchResult;
import io.orderflow.TimeScale;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Order;
import io.orderflow.domain.PaymentChecks;
import io.orderflow.domain.Task;
import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Finds out what became of payments of which nothing is heard, and ends the wait for those that nobody makes. */
@ApplicationScoped
@Named("reconciliation")
@RegisterForReflection
public class Reconciliation {

    private final OrderTable orders;
    private final PaymentChecks checks;
    private final Clock clock;

    Reconciliation(OrderTable orders, PaymentChecks checks, Clock clock) {
        this.orders = orders;
        this.checks = checks;
        this.clock = clock;
    }

    @Produces
    @Singleton
    static PaymentChecks checks(PaymentConfig config, TimeScale time) {
        return new PaymentChecks(
                time.scaled(config.firstCheck()),
                time.scaled(config.longestCheck()),
                config.cancelUnpaidAfter().map(time::scaled).orElse(null));
    }

    /**
     * Takes up the check of an order's payment that is due, so that no other instance does.
     *
     * @return the order, or null when there is nothing to check
     */
    public Order take(@Body String orderId) {
        var now = clock.instant();
        return orders.get(orderId)
                .filter(order -> checks.isDue(order, now))
                .flatMap(order -> orders.replace(order, checks.takenUp(order, now)))
                .orElse(null);
    }

    /** Cancels the order when nobody has paid it for too long, as Stripe has just confirmed. */
    public Order expire(@ExchangeProperty("order") Order order) {
        return orders.update(order.id(), now -> checks.expired(now, clock.instant()))
                .orElseThrow();
    }

    /** Whether more than one intent may have been opened: the first key's answer was a 5xx, or was never heard. */
    public boolean mayHaveTwins(@ExchangeProperty("order") Order order) {
        return order.payment().intentId() != null
                && DeliveryRules.delivery(
                                order, new Task(order.events().getFirst().id(), "stripe"))
                        .map(Delivery::keyNumber)
                        .filter(keys -> keys > 1)
                        .isPresent();
    }

    /** The ids of the intents beside the order's own that could still be paid. */
    public List<String> twins(@Body PaymentIntentSearchResult found, @ExchangeProperty("order") Order order) {
        return found.getData().stream()
                .filter(intent -> !List.of("canceled", "succeeded").contains(intent.getStatus()))
                .map(PaymentIntent::getId)
                .filter(id -> !id.equals(order.payment().intentId()))
                .toList();
    }
}
