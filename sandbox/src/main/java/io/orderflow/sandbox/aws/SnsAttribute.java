package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One message attribute.
 *
 * @param value the text, or Base64 when the type is {@code Binary}
 */
record SnsAttribute(String name, String type, String value) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final Pattern RESERVED = Pattern.compile("(?i)(aws|amazon)\\..*");
    private static final Pattern TYPE = Pattern.compile("(String|Number|Binary)(\\.[A-Za-z0-9_.-]+)?");

    /** All attributes of one message, valid. */
    static List<SnsAttribute> read(QueryForm message) {
        var all = message.structures("MessageAttributes.entry").stream()
                .map(SnsAttribute::readOne)
                .toList();
        if (all.stream().map(SnsAttribute::name).distinct().count() < all.size()) {
            throw Rejection.invalidValue("Message attribute names must be unique.");
        }
        return all;
    }

    private static SnsAttribute readOne(QueryForm entry) {
        var name = entry.get("Name").orElse("");
        if (name.length() > 256
                || !NAME.matcher(name).matches()
                || RESERVED.matcher(name).matches()) {
            throw Rejection.invalidValue("Invalid message attribute name: '" + name + "'.");
        }
        var type = entry.get("Value.DataType").orElse("");
        if (!TYPE.matcher(type).matches()) {
            throw Rejection.invalidValue("The message attribute '" + name
                    + "' has an invalid message attribute type, the set of supported type prefixes is Binary, Number,"
                    + " and String.");
        }
        var value = entry.get(type.startsWith("Binary") ? "Value.BinaryValue" : "Value.StringValue")
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> Rejection.invalidValue("The message attribute '" + name
                        + "' must contain non-empty message attribute value for message attribute type '" + type
                        + "'."));
        var attribute = new SnsAttribute(name, type, value);
        attribute.check();
        return attribute;
    }

    private void check() {
        try {
            if (type.startsWith("Number")) {
                new BigDecimal(value);
            } else if (isBinary()) {
                Base64.getDecoder().decode(value);
            } else if (type.equals("String.Array")
                    && !(Json.read(value.getBytes(StandardCharsets.UTF_8)) instanceof ArrayNode)) {
                throw new IllegalArgumentException("No array");
            }
        } catch (IllegalArgumentException | IOException e) {
            throw Rejection.invalidValue("Could not cast message attribute '" + name + "' value to " + type + ".");
        }
    }

    boolean isBinary() {
        return type.startsWith("Binary");
    }

    /** How much it counts towards the size of its message, in bytes. */
    int size() {
        var bytes =
                isBinary() ? Base64.getDecoder().decode(value).length : value.getBytes(StandardCharsets.UTF_8).length;
        return name.getBytes(StandardCharsets.UTF_8).length + type.length() + bytes;
    }

    /** As a notification over HTTP shows it. */
    ObjectNode inNotification() {
        return Json.object().put("Type", type).put("Value", value);
    }

    /** As SQS takes it. */
    ObjectNode inQueue() {
        return Json.object().put("DataType", type).put(isBinary() ? "BinaryValue" : "StringValue", value);
    }
}
