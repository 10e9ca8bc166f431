package io.orderflow.payment;

import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentIntentSearchResult;
import io.orderflow.TimeScale;
import io.orderflow.domain.Order;
import io.orderflow.domain.PaymentChecks;
import io.orderflow.domain.PaymentRules;
import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

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
     * Takes up the check of an order's payment that is due, so that no other instance does. Should it come to nothing, it
     * is due again after a while.
     *
     * @return the order, or null when there is nothing to check
     */
    public Order take(@Body String orderId) {
        var now = clock.instant();
        var spread = 0.5 + ThreadLocalRandom.current().nextDouble();
        var retryAt = now.plusMillis((long) (checks.firstAfter().toMillis() * spread));
        return orders.get(orderId)
                .filter(order -> checks.isDue(order, now))
                .flatMap(order -> orders.replace(order, checks.takenUp(order, retryAt)))
                .orElse(null);
    }

    /** Plans the next check, and cancels the order when nobody has paid it for too long, as Stripe has just confirmed. */
    public Order checked(@ExchangeProperty("order") Order order) {
        var now = clock.instant();
        return orders.update(order.id(), current -> checks.expired(checks.checked(current, now), now))
                .orElseThrow();
    }

    /** Whether more than one intent may have been opened. */
    public boolean mayHaveTwins(@ExchangeProperty("order") Order order) {
        return PaymentRules.mayHaveTwins(order);
    }

    /** The ids of the intents beside the order's own that could still be paid. */
    public List<String> twins(@Body PaymentIntentSearchResult found, @ExchangeProperty("order") Order order) {
        return found.getData().stream()
                .filter(intent -> !List.of("canceled", "succeeded").contains(intent.getStatus()))
                .map(PaymentIntent::getId)
                .filter(id -> !id.equals(order.payment().intentId()))
                .toList();
    }

    /**
     * Takes note that none of those is left. Stripe's search lags; one that knows the order's own intent knows those that
     * were opened before it.
     */
    public void twinsSought(
            @Variable("found") PaymentIntentSearchResult found, @ExchangeProperty("order") Order order) {
        if (found.getData().stream()
                .anyMatch(intent -> intent.getId().equals(order.payment().intentId()))) {
            orders.update(order.id(), now -> checks.planned(PaymentRules.twinsSought(now), clock.instant()));
        }
    }
}
