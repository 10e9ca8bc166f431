package io.orderflow.deadletter;

import io.orderflow.domain.DeadLetterRules;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.DeliveryRules;
import io.orderflow.domain.Event;
import io.orderflow.domain.Order;
import io.orderflow.domain.Subscription;
import io.orderflow.domain.Task;
import io.orderflow.domain.UnreadableMessage;
import io.orderflow.ledger.MessageTable;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;

/** What waits, or waited, for a person: a delivery that was given up, or a message that nobody could read. */
sealed interface Letter {

    /** By what letters are grouped. */
    record Group(String integration, String cause) {}

    LetterId id();

    String cause();

    String error();

    /** When it was given up, or last tried. */
    Instant at();

    Delivery.State state();

    DeadLetterRules.Verdict verdict(Collection<Subscription> subscriptions);

    default Group group() {
        return new Group(id().integration(), cause());
    }

    /** A delivery. */
    record OfOrder(Order order, Task task) implements Letter {

        Event event() {
            return DeliveryRules.event(order, task.eventId()).orElseThrow();
        }

        Delivery delivery() {
            return DeliveryRules.delivery(order, task).orElseThrow();
        }

        @Override
        public LetterId id() {
            return LetterId.of(task);
        }

        @Override
        public String cause() {
            return Objects.requireNonNullElse(delivery().cause(), "none");
        }

        @Override
        public String error() {
            return delivery().error();
        }

        @Override
        public Instant at() {
            var last = delivery().lastAttemptAt();
            return last == null ? event().at() : last;
        }

        @Override
        public Delivery.State state() {
            return delivery().state();
        }

        @Override
        public DeadLetterRules.Verdict verdict(Collection<Subscription> subscriptions) {
            return DeadLetterRules.verdict(order, task, subscriptions);
        }
    }

    /** A message. */
    record OfMessage(UnreadableMessage message) implements Letter {

        @Override
        public LetterId id() {
            return new LetterId(message.id(), MessageTable.INTEGRATION);
        }

        @Override
        public String cause() {
            return MessageTable.CAUSE;
        }

        @Override
        public String error() {
            return message.error();
        }

        @Override
        public Instant at() {
            return message.at();
        }

        @Override
        public Delivery.State state() {
            return message.state();
        }

        @Override
        public DeadLetterRules.Verdict verdict(Collection<Subscription> subscriptions) {
            return message.verdict();
        }
    }
}
