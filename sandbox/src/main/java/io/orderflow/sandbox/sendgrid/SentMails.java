package io.orderflow.sandbox.sendgrid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The accepted mails, one for each recipient, in the order in which they were accepted. */
final class SentMails {

    private final Store.Table table;
    private int next;

    SentMails(Store store) {
        table = store.table("sendgrid-mails");
        next = table.size();
    }

    /** Takes in a request that was found good, and returns its mails. */
    List<ObjectNode> accept(String messageId, JsonNode request, Instant now) {
        var accepted = new ArrayList<ObjectNode>();
        for (var personalization : request.get("personalizations")) {
            for (var kind : List.of("to", "cc", "bcc")) {
                for (var recipient : personalization.path(kind)) {
                    accepted.add(mail(
                            messageId,
                            request,
                            personalization,
                            recipient.get("email").textValue(),
                            now));
                }
            }
        }
        accepted.forEach(this::save);
        return accepted;
    }

    private ObjectNode mail(String messageId, JsonNode request, JsonNode personalization, String to, Instant now) {
        var mail = Json.object()
                .put("number", next++)
                .put("id", messageId)
                .put("to", to)
                .put(
                        "from",
                        either(personalization, request, "from").get("email").textValue())
                .put(
                        "subject",
                        substituted(either(personalization, request, "subject").textValue(), personalization));
        for (var block : request.get("content")) {
            var value = substituted(block.get("value").textValue(), personalization);
            switch (block.get("type").textValue()) {
                case "text/plain" -> mail.put("text", value);
                case "text/html" -> mail.put("html", value);
                default -> {}
            }
        }
        var arguments = mail.putObject("customArgs");
        arguments.setAll(objectOf(request.path("custom_args")));
        arguments.setAll(objectOf(personalization.path("custom_args")));
        mail.putArray("categories").addAll(listOf(request.path("categories")));
        var sendAt = either(personalization, request, "send_at").asLong(0);
        if (sendAt > now.getEpochSecond()) {
            mail.put("sendAt", sendAt);
        }
        Fate.of(to).events().forEach(mail.putArray("owed")::add);
        return mail.put("status", "accepted").put("acceptedAt", now.toString());
    }

    private static JsonNode either(JsonNode personalization, JsonNode request, String name) {
        return personalization.hasNonNull(name) ? personalization.get(name) : request.path(name);
    }

    private static String substituted(String text, JsonNode personalization) {
        var result = text;
        for (var substitution : personalization.path("substitutions").properties()) {
            result = result.replace(
                    substitution.getKey(), substitution.getValue().textValue());
        }
        return result;
    }

    private static ObjectNode objectOf(JsonNode value) {
        return value.isObject() ? (ObjectNode) value : Json.object();
    }

    private static List<JsonNode> listOf(JsonNode value) {
        var list = new ArrayList<JsonNode>();
        value.forEach(list::add);
        return list;
    }

    void save(ObjectNode mail) {
        table.put(key(mail), mail);
    }

    /** Whether it was not forgotten by a reset. */
    boolean holds(ObjectNode mail) {
        return table.get(key(mail))
                .filter(kept -> kept.get("id").equals(mail.get("id")))
                .isPresent();
    }

    private static String key(ObjectNode mail) {
        return String.format("%012d", mail.get("number").intValue());
    }

    List<ObjectNode> all() {
        return table.all().toList();
    }

    void clear() {
        table.clear();
        next = 0;
    }
}
