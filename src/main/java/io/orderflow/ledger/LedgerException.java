package io.orderflow.ledger;

import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** The ledger could not be read or written. Nothing was answered for, and the same can be asked again. */
public class LedgerException extends RuntimeException {

    LedgerException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the same would be refused again: what was to be written is too large, say. */
    public boolean isRefusal() {
        return getCause() instanceof AwsServiceException refused
                && refused.awsErrorDetails() != null
                && "ValidationException".equals(refused.awsErrorDetails().errorCode());
    }

    /** Too many others wrote the same order at the same moment. */
    public static final class Contention extends LedgerException {
        Contention(String orderId, int tries) {
            super("Order " + orderId + " was changed by others " + tries + " times while it was to be written", null);
        }
    }

    /** The order was written by a newer version of Orderflow, and only that may change it. */
    public static final class NewerSchema extends LedgerException {
        NewerSchema(String orderId, int schema) {
            super("Order " + orderId + " has schema " + schema + ", which this version does not know", null);
        }
    }
}
