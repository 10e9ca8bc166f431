package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.orderflow.sandbox.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** What one cell holds. An empty cell is {@code null} in its row. */
sealed interface Cell {

    record Text(String text) implements Cell {}

    record Numeric(double value) implements Cell {}

    record Flag(boolean value) implements Cell {}

    /** A formula, equals sign included. Nothing is evaluated here, so its value never arrives. */
    record Formula(String formula) implements Cell {}

    /** A number that shows itself otherwise than a plain one: a date, a percentage, an amount of money. */
    record Styled(double value, String shown, boolean date) implements Cell {}

    /** What the sheet shows for a formula whose value has not arrived. */
    String LOADING = "Loading...";

    /** What a person sees. */
    static String shown(Cell cell) {
        return switch (cell) {
            case Text(var text) -> text;
            case Numeric(var value) -> plain(value);
            case Flag(var value) -> value ? "TRUE" : "FALSE";
            case Formula _ -> LOADING;
            case Styled styled -> styled.shown();
        };
    }

    /** A number in the format "Automatic": ten significant digits, but whole numbers up to 15. */
    private static String plain(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return String.valueOf((long) value);
        }
        if (Math.abs(value) >= 1e15 || Math.abs(value) < 1e-9) {
            return new DecimalFormat("0.#####E00", DecimalFormatSymbols.getInstance(Locale.ROOT))
                    .format(value)
                    .replaceFirst("E(\\d)", "E+$1");
        }
        return new BigDecimal(value)
                .round(new MathContext(10))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A number as JSON, without a fraction where it has none. */
    static JsonNode number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? LongNode.valueOf((long) value)
                : DoubleNode.valueOf(value);
    }

    /** The form in which the cell is kept in the store and reported as an effect. */
    static JsonNode toJson(Cell cell) {
        return switch (cell) {
            case null -> TextNode.valueOf("");
            case Text(var text) -> TextNode.valueOf(text);
            case Numeric(var value) -> number(value);
            case Flag(var value) -> BooleanNode.valueOf(value);
            case Formula(var formula) -> Json.object().put("formula", formula);
            case Styled(var value, var shown, var date) ->
                Json.object().put("value", value).put("shown", shown).put("date", date);
        };
    }

    static Cell fromJson(JsonNode json) {
        if (json.isTextual()) {
            return json.textValue().isEmpty() ? null : new Text(json.textValue());
        }
        if (json.isNumber()) {
            return new Numeric(json.doubleValue());
        }
        if (json.isBoolean()) {
            return new Flag(json.booleanValue());
        }
        if (json.has("formula")) {
            return new Formula(json.get("formula").textValue());
        }
        return new Styled(
                json.get("value").doubleValue(),
                json.get("shown").textValue(),
                json.get("date").booleanValue());
    }
}
