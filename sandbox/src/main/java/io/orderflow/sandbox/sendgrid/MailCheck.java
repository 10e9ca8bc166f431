package io.orderflow.sandbox.sendgrid;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Everything that Mail Send asks of a body. Fields that it does not know are passed over, as SendGrid does. */
final class MailCheck {

    private static final int MOST_PERSONALIZATIONS = 1000;
    private static final int MOST_RECIPIENTS = 1000;
    private static final int LONGEST_ADDRESS = 320;
    private static final int MOST_CATEGORIES = 10;
    private static final int LONGEST_CATEGORY = 255;
    private static final int MOST_ARGUMENT_BYTES = 10_000;
    private static final Duration FARTHEST_SEND = Duration.ofHours(72);
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s@<>()\\[\\],;:\\\\\"]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\\.[A-Za-z0-9-]{2,}");
    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");
    private static final Set<String> RESERVED_HEADERS = Set.of(
            "x-sg-id",
            "x-sg-eid",
            "received",
            "dkim-signature",
            "content-type",
            "content-transfer-encoding",
            "to",
            "from",
            "subject",
            "reply-to",
            "cc",
            "bcc");
    private static final List<String> BYPASSES =
            List.of("bypass_spam_management", "bypass_bounce_management", "bypass_unsubscribe_management");
    private static final Map<String, String> MAIL_SETTINGS = Map.of(
            "bypass_list_management", "bypass list management",
            "bypass_spam_management", "bypass spam management",
            "bypass_bounce_management", "bypass bounce management",
            "bypass_unsubscribe_management", "bypass unsubscribe management",
            "footer", "footer",
            "sandbox_mode", "sandbox mode");
    private static final Map<String, String> TRACKING_SETTINGS = Map.of(
            "click_tracking", "click tracking",
            "open_tracking", "open tracking",
            "subscription_tracking", "subscription tracking",
            "ganalytics", "Google Analytics");

    private final JsonNode mail;
    private final Instant now;
    private final List<Problem> problems = new ArrayList<>();

    private MailCheck(JsonNode mail, Instant now) {
        this.mail = mail;
        this.now = now;
    }

    /** All objections, in the order of the fields; none when the mail is acceptable. */
    static List<Problem> problems(JsonNode mail, Instant now) {
        var check = new MailCheck(mail, now);
        check.all();
        return check.problems;
    }

    private void all() {
        from();
        personalizations();
        replyTo();
        subject();
        content();
        attachments();
        template();
        headers(mail.path("headers"), "headers", "message.headers");
        categories();
        customArgs(mail.path("custom_args"), "custom_args", "message.custom_args");
        sendAt(mail.path("send_at"), "send_at", "message.send_at");
        absentFromAccount();
        settings("mail_settings", MAIL_SETTINGS);
        settings("tracking_settings", TRACKING_SETTINGS);
        bypasses();
    }

    private void add(String field, String section, String message) {
        problems.add(Problem.in(field, section, message));
    }

    private boolean isType(JsonNode value, String expected, String field, String section) {
        var given = typeOf(value);
        if (!given.equals(expected)) {
            add(field, section, "Invalid type. Expected: " + expected + ", given: " + given + ".");
            return false;
        }
        return true;
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            default -> "null";
        };
    }

    private static boolean isGiven(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    private void from() {
        var from = mail.path("from");
        var section = "message.from";
        if (isGiven(from) && !isType(from, "object", "from", section)) {
            return;
        }
        var email = from.path("email");
        if (!isGiven(email) || email.isTextual() && email.textValue().isEmpty()) {
            add(
                    "from.email",
                    section,
                    "The from object must be provided for every email send. It is an object that requires the email"
                            + " parameter, but may also contain a name parameter.  e.g. {\"email\" :"
                            + " \"example@example.com\"}  or {\"email\" : \"example@example.com\", \"name\" : \"Example"
                            + " Recipient\"}.");
            return;
        }
        if (isType(email, "string", "from.email", section) && !isAddress(email.textValue())) {
            add("from.email", section, "The from email does not contain a valid address.");
        }
        name(from, "from", section);
    }

    private void name(JsonNode person, String field, String section) {
        if (isGiven(person.path("name"))) {
            isType(person.get("name"), "string", field + ".name", section);
        }
    }

    private static boolean isAddress(String email) {
        return email.length() <= LONGEST_ADDRESS && ADDRESS.matcher(email).matches();
    }

    private void personalizations() {
        var all = mail.path("personalizations");
        if (isGiven(all) && !isType(all, "array", "personalizations", "-Personalizations-Errors")) {
            return;
        }
        if (all.isEmpty()) {
            add(
                    "personalizations",
                    "-Personalizations-Errors",
                    "The personalizations field is required and must have at least one personalization.");
            return;
        }
        if (all.size() > MOST_PERSONALIZATIONS) {
            add(
                    "personalizations",
                    "message.personalizations",
                    "The personalization block is limited to 1000 personalizations per API request. You have provided "
                            + all.size()
                            + " personalizations. Please consider splitting this into multiple requests and resending"
                            + " your request.");
            return;
        }
        var recipients = 0;
        for (int i = 0; i < all.size(); i++) {
            recipients += personalization(all.get(i), "personalizations." + i);
        }
        if (recipients > MOST_RECIPIENTS) {
            add(
                    "personalizations",
                    "message.recipient-errors",
                    "There is a limit of 1000 total recipients (to + cc + bcc) per request.");
        }
    }

    /** Returns how many recipients it names. */
    private int personalization(JsonNode one, String field) {
        if (!isType(one, "object", field, "message.personalizations")) {
            return 0;
        }
        var to = one.path("to");
        if (!isGiven(to) || to.isArray() && to.isEmpty()) {
            add(
                    field + ".to",
                    "message.personalizations.to",
                    "The to array is required for all personalization objects, and must have at least one email object"
                            + " with a valid email address.");
        }
        var seen = new HashSet<String>();
        var recipients = 0;
        for (var kind : List.of("to", "cc", "bcc")) {
            recipients += recipients(one.path(kind), field, kind, seen);
        }
        if (isGiven(one.path("from"))) {
            var from = one.get("from").path("email");
            if (!from.isTextual() || !isAddress(from.textValue())) {
                add(field + ".from.email", "message.from", "The from email does not contain a valid address.");
            }
        }
        subject(one, field + ".subject", "message.personalizations.subject");
        headers(one.path("headers"), field + ".headers", "message.personalizations.headers");
        substitutions(one.path("substitutions"), field + ".substitutions");
        customArgs(one.path("custom_args"), field + ".custom_args", "message.personalizations.custom_args");
        argumentSize(one, field);
        sendAt(one.path("send_at"), field + ".send_at", "message.personalizations.send_at");
        return recipients;
    }

    private int recipients(JsonNode list, String field, String kind, Set<String> seen) {
        var section = "message.personalizations." + kind;
        if (!isGiven(list) || !isType(list, "array", field + "." + kind, section)) {
            return 0;
        }
        for (int i = 0; i < list.size(); i++) {
            var place = field + "." + kind + "." + i;
            if (!isType(list.get(i), "object", place, section)) {
                continue;
            }
            var email = list.get(i).path("email");
            if (!isGiven(email) || email.isTextual() && email.textValue().isEmpty()) {
                add(place + ".email", section, "The " + kind + " email parameter is required.");
            } else if (isType(email, "string", place + ".email", section)) {
                if (email.textValue().length() > LONGEST_ADDRESS) {
                    add(
                            place + ".email",
                            section,
                            "The " + kind + " email exceeds the maximum total length of 320 characters");
                } else if (!isAddress(email.textValue())) {
                    add(place + ".email", section, "Does not contain a valid address.");
                } else if (!seen.add(email.textValue().toLowerCase(Locale.ROOT))) {
                    add(
                            field,
                            "message.recipient-errors",
                            "Each email address in the personalization block should be unique between to, cc, and bcc."
                                    + " We found the first duplicate instance of [" + email.textValue() + "] in the "
                                    + field + "." + kind + " field.");
                }
            }
            name(list.get(i), place, section);
        }
        return list.size();
    }

    private void replyTo() {
        var one = mail.path("reply_to");
        var list = mail.path("reply_to_list");
        if (isGiven(one) && isType(one, "object", "reply_to", "message.reply_to")) {
            replyTo(one, "reply_to");
        }
        if (isGiven(list) && isType(list, "array", "reply_to_list", "message.reply_to_list")) {
            if (isGiven(one)) {
                add("reply_to_list", "message.reply_to_list", "Only one of reply_to and reply_to_list can be used.");
            }
            if (list.size() > MOST_RECIPIENTS) {
                add("reply_to_list", "message.reply_to_list", "There is a limit of 1000 reply_to_list addresses.");
            }
            for (int i = 0; i < list.size(); i++) {
                replyTo(list.get(i), "reply_to_list." + i);
            }
        }
    }

    private void replyTo(JsonNode person, String field) {
        var email = person.path("email");
        if (!email.isTextual() || !isAddress(email.textValue())) {
            add(field + ".email", "message.reply_to", "The reply_to email does not contain a valid address.");
        }
        name(person, field, "message.reply_to");
    }

    private void subject() {
        subject(mail, "subject", "message.subject");
        var everywhere = !mail.path("personalizations").isEmpty();
        for (var personalization : mail.path("personalizations")) {
            everywhere &= isGiven(personalization.path("subject"));
        }
        if (!isGiven(mail.path("subject")) && !everywhere) {
            add(
                    "subject",
                    "message.subject",
                    "The subject is required. You can get around this requirement if you use a template with a subject"
                            + " defined or if every personalization has a subject defined.");
        }
    }

    private void subject(JsonNode holder, String field, String section) {
        var subject = holder.path("subject");
        if (isGiven(subject) && (!subject.isTextual() || subject.textValue().isEmpty())) {
            add(field, section, "The subject of your email must be a string at least one character in length.");
        }
    }

    private void content() {
        var content = mail.path("content");
        if (isGiven(content) && !isType(content, "array", "content", "message.content")) {
            return;
        }
        if (content.isEmpty()) {
            add(
                    "content",
                    "message.content",
                    "Unless a valid template_id is provided, the content parameter is required. There must be at least"
                            + " one defined content block. We typically suggest both text/plain and text/html blocks"
                            + " are included, but only one block is required.");
            return;
        }
        var types = new ArrayList<String>();
        for (int i = 0; i < content.size(); i++) {
            types.add(block(content.get(i), "content." + i));
        }
        if (times(types, "text/plain") > 1 || times(types, "text/html") > 1) {
            add("content", "message.content", "If present, text/plain and text/html may only be provided once.");
        } else if (!types.equals(
                types.stream().sorted((a, b) -> rank(a) - rank(b)).toList())) {
            add(
                    "content",
                    "message.content",
                    "Following RFC 1341, section 7.2, if either text/html or text/plain are to be sent in your email:"
                            + " text/plain needs to be first, followed by text/html, followed by any other content.");
        }
    }

    private static long times(List<String> types, String type) {
        return types.stream().filter(type::equals).count();
    }

    private static int rank(String type) {
        return switch (type) {
            case "text/plain" -> 0;
            case "text/html" -> 1;
            default -> 2;
        };
    }

    /** Returns the block's type. */
    private String block(JsonNode block, String field) {
        if (!isType(block, "object", field, "message.content")) {
            return "";
        }
        var type = block.path("type");
        if (!type.isTextual() || type.textValue().isEmpty()) {
            add(
                    field + ".type",
                    "message.content.type",
                    "The content type must be a string at least one character in length.");
        } else if (type.textValue().matches("(?s).*[;,\r\n].*")) {
            add(field + ".type", "message.content.type", "Cannot contain ';', or CRLF characters.");
        }
        var value = block.path("value");
        if (!value.isTextual() || value.textValue().isEmpty()) {
            add(
                    field + ".value",
                    "message.content.value",
                    "The content value must be a string at least one character in length.");
        }
        return type.asText("").toLowerCase(Locale.ROOT);
    }

    private void attachments() {
        var attachments = mail.path("attachments");
        if (!isGiven(attachments) || !isType(attachments, "array", "attachments", "message.attachments")) {
            return;
        }
        for (int i = 0; i < attachments.size(); i++) {
            if (isType(attachments.get(i), "object", "attachments." + i, "message.attachments")) {
                attachment(attachments.get(i), "attachments." + i);
            }
        }
    }

    private void attachment(JsonNode attachment, String field) {
        var content = attachment.path("content");
        if (!content.isTextual() || content.textValue().isEmpty()) {
            add(
                    field + ".content",
                    "message.attachments.content",
                    "The attachment content must be a string at least one character in length.");
        } else if (!isBase64(content.textValue())) {
            add(field + ".content", "message.attachments.content", "The attachment content must be base64 encoded.");
        }
        var filename = attachment.path("filename");
        if (!isGiven(filename)) {
            add(field + ".filename", "message.attachments.filename", "filename is required.");
        } else if (!filename.isTextual()) {
            add(
                    field + ".filename",
                    "message.attachments.filename",
                    "The filename of your attachment must be a string.");
        } else if (filename.textValue().matches("(?s).*[\r\n].*")) {
            add(
                    field + ".filename",
                    "message.attachments.filename",
                    "The filename of your attachment cannot contain CRLF characters.");
        }
        var type = attachment.path("type");
        if (isGiven(type) && (!type.isTextual() || type.textValue().isEmpty())) {
            add(
                    field + ".type",
                    "message.attachments.type",
                    "The attachment type must be a string and at least one character in length.");
        }
        var disposition = attachment.path("disposition");
        if (isGiven(disposition) && !Set.of("inline", "attachment").contains(disposition.asText())) {
            add(
                    field + ".disposition",
                    "message.attachments.disposition",
                    "The disposition of your attachment can be either \"inline\" or \"attachment\". You provided "
                            + disposition.asText() + ".");
        }
        if (isGiven(attachment.path("content_id"))) {
            isType(attachment.get("content_id"), "string", field + ".content_id", "message.attachments.content_id");
        }
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getMimeDecoder().decode(text);
            return text.matches("[A-Za-z0-9+/=\\s]+");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void template() {
        var template = mail.path("template_id");
        if (!isGiven(template)) {
            return;
        }
        add(
                "template_id",
                "message.template_id",
                template.isTextual()
                        ? "The Template ID must be a valid template id for your account. You provided "
                                + template.textValue() + "."
                        : "The template ID must be a string, you provided " + template + ".");
    }

    private void headers(JsonNode headers, String field, String section) {
        if (!isGiven(headers) || !isType(headers, "object", field, section)) {
            return;
        }
        headers.properties().forEach(header -> {
            var name = header.getKey();
            if (!header.getValue().isTextual()) {
                add(field, section, "All values of the headers object must be strings.");
            }
            if (!ASCII.matcher(name).matches() || name.isEmpty() || name.contains(" ")) {
                add(field, section, "Header keys cannot contain non-ASCII characters or empty spaces.");
            }
            if (RESERVED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                add(field, section, "Header cannot be one of the reserved keys.");
            }
        });
    }

    private void substitutions(JsonNode substitutions, String field) {
        var section = "message.personalizations.substitutions";
        if (!isGiven(substitutions)) {
            return;
        }
        var allText = substitutions.isObject()
                && substitutions.properties().stream()
                        .allMatch(entry -> entry.getValue().isTextual());
        if (!allText) {
            add(
                    field,
                    section,
                    "The substitution values must be an object of key/value pairs, where the values are all strings.");
        } else if (bytes(texts(substitutions)) > MOST_ARGUMENT_BYTES) {
            add(
                    field,
                    section,
                    "The total size of your substitutions may not exceed 10,000 bytes per personalization object.");
        }
    }

    private void categories() {
        var categories = mail.path("categories");
        var section = "message.categories";
        if (!isGiven(categories) || !isType(categories, "array", "categories", section)) {
            return;
        }
        if (categories.size() > MOST_CATEGORIES) {
            add(
                    "categories",
                    section,
                    "There is a limit of 10 categories for each email that is sent. You provided " + categories.size()
                            + " categories.");
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < categories.size(); i++) {
            var category = categories.get(i);
            var field = "categories." + i;
            if (!category.isTextual()) {
                add(field, section, "Categories must be an array of strings.");
                continue;
            }
            if (category.textValue().length() > LONGEST_CATEGORY) {
                add(
                        field,
                        section,
                        "Each category must not be longer than 255 characters. " + category.textValue()
                                + " exceeds this limit.");
            }
            if (!ASCII.matcher(category.textValue()).matches()) {
                add(field, section, "Categories can not contain non-ASCII characters.");
            }
            if (!seen.add(category.textValue())) {
                add(
                        "categories",
                        section,
                        "The categories must be a unique list, and you have included " + category.textValue()
                                + " more than once.");
            }
        }
    }

    private void customArgs(JsonNode arguments, String field, String section) {
        if (!isGiven(arguments) || !isType(arguments, "object", field, section)) {
            return;
        }
        if (arguments.isEmpty()) {
            add(field, section, "custom_args cannot be empty.");
        }
        if (!arguments.properties().stream().allMatch(entry -> entry.getValue().isTextual())) {
            add(field, section, "All values of custom arguments object must be strings");
        }
    }

    private void argumentSize(JsonNode personalization, String field) {
        var merged = new HashMap<>(texts(mail.path("custom_args")));
        merged.putAll(texts(personalization.path("custom_args")));
        if (bytes(merged) > MOST_ARGUMENT_BYTES) {
            add(
                    field + ".custom_args",
                    "message.personalizations.custom_args",
                    "The combined size of both global and personalization custom arguments may not exceed 10,000 bytes"
                            + " per personalization.");
        }
    }

    private static Map<String, String> texts(JsonNode object) {
        var texts = new HashMap<String, String>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    private static int bytes(Map<String, String> texts) {
        return texts.entrySet().stream()
                .mapToInt(entry -> (entry.getKey() + entry.getValue()).getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }

    private void sendAt(JsonNode sendAt, String field, String section) {
        if (!isGiven(sendAt)) {
            return;
        }
        if (!sendAt.isIntegralNumber()) {
            add(
                    field,
                    section,
                    "The send_at parameter is expecting a Unix timestamp as an integer. We will send immediately if you"
                            + " include a send_at timestamp that is in the past.");
        } else if (sendAt.longValue() > now.plus(FARTHEST_SEND).getEpochSecond()) {
            add(field, section, "Scheduling more than 72 hours in advance is forbidden.");
        }
    }

    private void absentFromAccount() {
        var group = mail.path("asm").path("group_id");
        if (isGiven(mail.path("asm"))) {
            add(
                    "asm.group_id",
                    "message.asm.group_id",
                    group.isIntegralNumber()
                            ? "The ASM group ID must be a valid Group ID on your account. You provided " + group + "."
                            : "The ASM group ID must be an integer.");
        }
        var pool = mail.path("ip_pool_name");
        if (isGiven(pool)) {
            add(
                    "ip_pool_name",
                    "message.ip_pool_name",
                    pool.isTextual()
                            ? "The IP Pool name must be a valid pool name for your account. You provided "
                                    + pool.textValue() + "."
                            : "The name of your IP pool must be a string.");
        }
        var batch = mail.path("batch_id");
        if (isGiven(batch)) {
            add(
                    "batch_id",
                    "message.batch_id",
                    batch.isTextual() ? "invalid batch id" : "The batch_id must be a string.");
        }
    }

    private void settings(String holder, Map<String, String> known) {
        var settings = mail.path(holder);
        if (!isGiven(settings) || !isType(settings, "object", holder, "message." + holder)) {
            return;
        }
        known.forEach((name, words) -> {
            var setting = settings.path(name);
            var field = holder + "." + name;
            if (isGiven(setting)
                    && isType(setting, "object", field, "message." + field)
                    && isGiven(setting.path("enable"))
                    && !setting.get("enable").isBoolean()) {
                add(
                        field + ".enable",
                        "message." + field + ".enable",
                        "The " + words + " enable param should be a boolean value.");
            }
        });
    }

    private void bypasses() {
        var settings = mail.path("mail_settings");
        if (!settings.path("bypass_list_management").path("enable").asBoolean()) {
            return;
        }
        for (var other : BYPASSES) {
            if (settings.path(other).path("enable").asBoolean()) {
                add(
                        "mail_settings." + other,
                        "message.mail_settings." + other,
                        "This filter cannot be combined with the bypass_list_management filter.");
            }
        }
    }
}
