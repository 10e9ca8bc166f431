package io.orderflow.delivery;

import io.orderflow.alert.Alerts;
import io.orderflow.domain.Order;
import io.orderflow.domain.Refund;
import jakarta.enterprise.context.ApplicationScoped;

/** Has operators alerted of refunds that have failed, at the bank say: their customers wait for the money. */
@ApplicationScoped
public class RefundAlarm {

    private final Alerts alerts;

    RefundAlarm(Alerts alerts) {
        this.alerts = alerts;
    }

    /**
     * Raises an alert, once for each refund. To be called before the order is written, so that none is lost.
     *
     * @param before the order as it was
     * @param after the order as it is about to be written
     * @return {@code after}
     */
    public Order checked(Order before, Order after) {
        after.payment().refunds().stream()
                .filter(refund -> refund.state() == Refund.State.FAILED && refund.stripeId() != null)
                .filter(refund -> before.payment()
                        .refund(refund.id())
                        .filter(known -> known.state() == Refund.State.FAILED)
                        .isEmpty())
                .forEach(refund -> alerts.raiseOnce(
                        refund.stripeId(),
                        "stripe",
                        "refund-failed",
                        "The refund " + refund.stripeId() + " of " + after.money(refund.amount())
                                + " has failed; Stripe says why. Give it back by another way",
                        after.id()));
        return after;
    }
}
