package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** How cells are shown in an answer. */
record Rendering(Values values, Dates dates) {

    /** {@code valueRenderOption}; numbers are text in the default, {@code FORMATTED_VALUE}. */
    enum Values {
        FORMATTED_VALUE,
        UNFORMATTED_VALUE,
        FORMULA
    }

    /** {@code dateTimeRenderOption}; without effect on {@code FORMATTED_VALUE}. */
    enum Dates {
        SERIAL_NUMBER,
        FORMATTED_STRING
    }

    static final Rendering DEFAULT = new Rendering(Values.FORMATTED_VALUE, Dates.SERIAL_NUMBER);

    JsonNode of(Cell cell) {
        if (cell == null) {
            return TextNode.valueOf("");
        }
        if (values == Values.FORMATTED_VALUE) {
            return TextNode.valueOf(Cell.shown(cell));
        }
        return switch (cell) {
            case Cell.Text(var text) -> TextNode.valueOf(text);
            case Cell.Numeric(var value) -> Cell.number(value);
            case Cell.Flag(var value) -> BooleanNode.valueOf(value);
            case Cell.Formula(var formula) -> TextNode.valueOf(values == Values.FORMULA ? formula : Cell.LOADING);
            case Cell.Styled(var value, var shown, var date) ->
                date && dates == Dates.FORMATTED_STRING ? TextNode.valueOf(shown) : Cell.number(value);
        };
    }
}
