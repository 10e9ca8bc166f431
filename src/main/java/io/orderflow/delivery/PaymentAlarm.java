package io.orderflow.delivery;

import io.orderflow.alert.Alerts;
import io.orderflow.domain.Order;
import io.orderflow.domain.PaymentStatus;
import io.orderflow.domain.Refund;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Has operators alerted of what only a person can deal with: a refund that has failed, at the bank say, so that its customer
 * waits for the money; and a payment that is disputed.
 */
@ApplicationScoped
public class PaymentAlarm {

    private final Alerts alerts;

    PaymentAlarm(Alerts alerts) {
        this.alerts = alerts;
    }

    /**
     * Raises an alert of what is new. To be called before the order is written, so that none is lost.
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
        if (after.payment().status() == PaymentStatus.DISPUTED
                && before.payment().status() != PaymentStatus.DISPUTED) {
            alerts.raise(
                    "stripe",
                    "disputed",
                    "The customer's bank asks for the money of order " + after.id()
                            + " back. Answer at Stripe, and do not ship before",
                    after.id());
        }
        return after;
    }
}
