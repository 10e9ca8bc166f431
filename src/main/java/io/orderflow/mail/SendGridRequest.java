package io.orderflow.mail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.domain.Event;
import java.util.Optional;

/**
 * The body of SendGrid's {@code POST /v3/mail/send} for one mail to one customer.
 *
 * <p>The custom arguments come back in every event that SendGrid's webhook sends of this mail. {@code delivery_id} is
 * how a mail is recognised whose call was never answered.
 *
 * @param replyTo or none, when replies go to {@code from}
 */
record SendGridRequest(Event event, String orderId, Mailbox from, Mailbox to, Optional<Mailbox> replyTo, Mail mail) {

    /** The integration's name in {@code routes/}. */
    private static final String INTEGRATION = "sendgrid";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    String toJson() {
        var type = event.type().toString();
        var body = JSON.objectNode();
        var personalization = body.putArray("personalizations").addObject();
        personalization.putArray("to").add(mailbox(to));
        personalization
                .putObject("custom_args")
                .put("order_id", orderId)
                .put("event_id", event.id())
                .put("delivery_id", event.id() + "/" + INTEGRATION)
                .put("event_type", type);
        body.set("from", mailbox(from));
        replyTo.ifPresent(mailbox -> body.set("reply_to", mailbox(mailbox)));
        body.put("subject", mail.subject());
        var content = body.putArray("content");
        // From the plainest to the richest, as RFC 2046 (5.1.4) wants it and SendGrid insists.
        content.addObject().put("type", "text/plain").put("value", mail.text());
        content.addObject().put("type", "text/html").put("value", mail.html());
        body.putArray("categories").add(type);
        body.set("tracking_settings", noTracking());
        return body.toString();
    }

    private static ObjectNode mailbox(Mailbox mailbox) {
        var node = JSON.objectNode().put("email", mailbox.email());
        return mailbox.name().isEmpty() ? node : node.put("name", mailbox.name());
    }

    /**
     * Nobody is watched reading about an order. Nor may SendGrid add its unsubscribe link: who follows it would never
     * hear of an order again.
     */
    private static ObjectNode noTracking() {
        var settings = JSON.objectNode();
        settings.putObject("click_tracking").put("enable", false).put("enable_text", false);
        settings.putObject("open_tracking").put("enable", false);
        settings.putObject("subscription_tracking").put("enable", false);
        return settings;
    }
}
