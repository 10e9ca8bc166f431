package io.orderflow.deadletter;

import io.orderflow.domain.Task;
import io.orderflow.ledger.MessageTable;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a dead letter is named: {@code <event>.<integration>}, or {@code <message>.order-queue} of a message that nobody
 * could read.
 */
record LetterId(String subject, String integration) {

    private static final int UUID_LENGTH = 36;
    private static final Pattern PATTERN = Pattern.compile("([A-Za-z0-9-]{36,100})\\.([A-Za-z0-9._-]{1,100})");

    /** @return nothing when {@code text} is no letter's id */
    static Optional<LetterId> of(String text) {
        return Optional.ofNullable(text)
                .map(PATTERN::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(matcher -> new LetterId(matcher.group(1), matcher.group(2)));
    }

    static LetterId of(Task task) {
        return new LetterId(task.eventId(), task.integration());
    }

    boolean isMessage() {
        return integration.equals(MessageTable.INTEGRATION);
    }

    /** The order that the event is of. */
    String orderId() {
        return subject.substring(0, UUID_LENGTH);
    }

    Task task() {
        return new Task(subject, integration);
    }

    @Override
    public String toString() {
        return subject + "." + integration;
    }
}
