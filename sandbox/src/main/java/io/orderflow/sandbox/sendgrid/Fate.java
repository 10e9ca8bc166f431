package io.orderflow.sandbox.sendgrid;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What becomes of a mail. The first word of the address's local part decides: {@code bounce@…}, {@code blocked@…},
 * {@code drop@…} or {@code dropped@…}, {@code spam@…} or {@code spamreport@…}, {@code deferred@…}; every other mail is
 * delivered. The word ends at {@code +}, {@code .}, {@code -}, {@code _} or the {@code @}.
 */
enum Fate {
    DELIVERED("processed", "delivered"),
    BOUNCED("processed", "bounce"),
    BLOCKED("processed", "bounce"),
    DROPPED("dropped"),
    REPORTED("processed", "delivered", "spamreport"),
    DEFERRED("processed", "deferred", "delivered");

    private final List<String> events;

    Fate(String... events) {
        this.events = List.of(events);
    }

    static Fate of(String email) {
        return switch (email.toLowerCase(Locale.ROOT).split("[+._@-]", 2)[0]) {
            case "bounce" -> BOUNCED;
            case "blocked" -> BLOCKED;
            case "drop", "dropped" -> DROPPED;
            case "spam", "spamreport" -> REPORTED;
            case "deferred" -> DEFERRED;
            default -> DELIVERED;
        };
    }

    /** The events in their order. */
    List<String> events() {
        return events;
    }

    /** Adds what is told of that event only ("Event Webhook Reference"). */
    void describe(ObjectNode event) {
        switch (event.get("event").textValue()) {
            case "delivered" ->
                event.put("response", "250 2.0.0 OK").put("ip", "192.0.2.25").put("tls", 1);
            case "deferred" ->
                event.put("response", "400 try again later").put("attempt", "1").put("ip", "192.0.2.25");
            case "dropped" -> event.put("reason", "Bounced Address").put("status", "5.0.0");
            case "bounce" -> {
                if (this == BLOCKED) {
                    event.put("reason", "550 5.7.1 Message refused by the recipient's policy")
                            .put("status", "5.7.1")
                            .put("type", "blocked")
                            .put("bounce_classification", "Content");
                } else {
                    event.put("reason", "550 5.1.1 The email account that you tried to reach does not exist")
                            .put("status", "5.1.1")
                            .put("type", "bounce")
                            .put("bounce_classification", "Invalid Address");
                }
                event.put("ip", "192.0.2.25").put("tls", 1);
            }
            default -> {}
        }
    }
}
