package io.orderflow.ledger;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.NameBasedGenerator;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.UUID;

/**
 * Ids that callers can rely on: an idempotency key leads to the same id for ever, without a table of keys that would
 * have to be kept. UUIDs as of RFC 9562.
 */
public final class OrderId {

    /** The name space of the name-based ids. It must never change. */
    private static final UUID NAMESPACE = UUID.fromString("7f3b6d1c-0d1f-5b0a-9c55-2b6f4f1c9e10");

    static final String PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    private static final NameBasedGenerator BY_NAME = Generators.nameBasedGenerator(NAMESPACE);
    private static final TimeBasedEpochGenerator BY_TIME = Generators.timeBasedEpochGenerator();

    private OrderId() {}

    /** UUIDv5 of client and key: the same for the same request, however often it comes. */
    public static String of(String client, String idempotencyKey) {
        synchronized (BY_NAME) {
            return BY_NAME.generate("order\n" + client + "\n" + idempotencyKey).toString();
        }
    }

    /** UUIDv7: a new one each time. */
    public static String random() {
        return BY_TIME.generate().toString();
    }

    /** UUIDv5 of order and key, for a refund. */
    public static String ofRefund(String orderId, String idempotencyKey) {
        synchronized (BY_NAME) {
            return BY_NAME.generate("refund\n" + orderId + "\n" + idempotencyKey)
                    .toString();
        }
    }

    /** UUIDv5 of client and key, for a replay of dead letters. */
    public static String ofReplay(String client, String idempotencyKey) {
        synchronized (BY_NAME) {
            return BY_NAME.generate("replay\n" + client + "\n" + idempotencyKey).toString();
        }
    }

    /** UUIDv5 of letter, client and key, for what a person does about one dead letter. */
    public static String ofAction(String letter, String client, String idempotencyKey) {
        synchronized (BY_NAME) {
            return BY_NAME.generate("action\n" + letter + "\n" + client + "\n" + idempotencyKey)
                    .toString();
        }
    }

    /** Whether {@code text} can be the id of an order. */
    public static boolean isOne(String text) {
        return text != null && text.matches(PATTERN);
    }
}
