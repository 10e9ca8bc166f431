package io.orderflow.sandbox.sendgrid;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import io.orderflow.sandbox.Webhooks;
import io.orderflow.sandbox.World;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lets accepted mails meet their {@link Fate} and, unless the event webhook is switched off, tells of it. The events of one message
 * that happen together are sent as one batch, each kind of event in its own, so that a fault can strike one kind. What
 * is still to happen is kept with the mails, so that a restart loses none of it.
 *
 * <p>What happens while the webhook is off is never told of, also not when it is on again.
 */
final class MailEvents {

    private static final Duration STEP = Duration.ofMillis(250);
    private static final String DISABLED = "disabled";

    private final World world;
    private final Webhooks webhooks;
    private final SentMails mails;
    private final URI target;
    private final Store.Table settings;
    private boolean enabled;

    MailEvents(World world, Webhooks webhooks, SentMails mails) {
        this.world = world;
        this.webhooks = webhooks;
        this.mails = mails;
        this.target = URI.create(world.settings().app() + "/webhooks/sendgrid");
        this.settings = world.store().table("sendgrid-event-webhook");
        this.enabled = settings.get(DISABLED).isEmpty();
    }

    /** The settings of the webhook, as SendGrid names them. */
    ObjectNode settings() {
        return Json.object().put("enabled", enabled).put("url", target.toString());
    }

    /** Switches the webhook on or off, lastingly. */
    void enable(boolean on) {
        if (on) {
            settings.remove(DISABLED);
        } else {
            settings.put(DISABLED, Json.object());
        }
        enabled = on;
    }

    /** Goes on with every message that has something left to happen. */
    void resume() {
        mails.all().stream()
                .filter(mail -> !mail.get("owed").isEmpty())
                .collect(Collectors.groupingBy(mail -> mail.get("id").textValue()))
                .values()
                .forEach(this::schedule);
    }

    /** Lets the next thing happen to the mails of a message, in a moment or when they are to be sent. */
    void schedule(List<ObjectNode> message) {
        var delay =
                message.stream().map(this::untilSent).min(Duration::compareTo).orElse(Duration.ZERO);
        world.after(world.scaled(STEP.plus(delay)), () -> step(message));
    }

    private Duration untilSent(ObjectNode mail) {
        if (!mail.has("sendAt")) {
            return Duration.ZERO;
        }
        var left = Duration.between(
                world.clock().instant(),
                Instant.ofEpochSecond(mail.get("sendAt").longValue()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void step(List<ObjectNode> message) {
        var now = world.clock().instant();
        var batches = new LinkedHashMap<String, ArrayNode>();
        var unfinished = new ArrayList<ObjectNode>();
        message.stream().filter(mails::holds).forEach(mail -> {
            var owed = (ArrayNode) mail.get("owed");
            var name = owed.remove(0).textValue();
            if (enabled) {
                batches.computeIfAbsent(name, key -> Json.array()).add(event(mail, name, now));
            }
            mails.save(mail.put("status", name.equals("bounce") ? "bounced" : name));
            if (!owed.isEmpty()) {
                unfinished.add(mail);
            }
        });
        batches.forEach((name, events) -> webhooks.send("sendgrid", name, target, events.toString()));
        if (!unfinished.isEmpty()) {
            schedule(unfinished);
        }
    }

    private static ObjectNode event(ObjectNode mail, String name, Instant now) {
        var messageId = mail.get("id").textValue();
        var event = Json.object();
        // Custom arguments stand beside SendGrid's own fields, which win where the names are the same.
        event.setAll((ObjectNode) mail.get("customArgs"));
        event.put("email", mail.get("to").textValue())
                .put("timestamp", now.getEpochSecond())
                .put("smtp-id", "<" + messageId + "@geopod-ismtpd-0>")
                .put("event", name)
                .put("sg_event_id", Account.random(27))
                .put(
                        "sg_message_id",
                        messageId + ".recvd-sandbox-0-" + mail.get("number").intValue() + ".0");
        if (!mail.get("categories").isEmpty()) {
            event.set("category", mail.get("categories"));
        }
        Fate.of(mail.get("to").textValue()).describe(event);
        return event;
    }
}
