package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a written value becomes a cell; the constants are named as in the API. */
enum InputOption {

    /** Text stays text, whatever it looks like: a formula written so is never a formula. */
    RAW {
        @Override
        Cell ofText(String text) {
            return new Cell.Text(text);
        }
    },

    /**
     * As if a person had typed it: formulas, booleans, numbers, percentages, dollars and dates in the notation of the
     * locale en_US are recognised.
     */
    USER_ENTERED {
        @Override
        Cell ofText(String text) {
            if (text.startsWith("'")) {
                return new Cell.Text(text.substring(1));
            }
            if (text.startsWith("=") && text.length() > 1) {
                return new Cell.Formula(text);
            }
            if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
                return new Cell.Flag(Boolean.parseBoolean(text));
            }
            return number(text.strip()).or(() -> date(text.strip())).orElseGet(() -> new Cell.Text(text));
        }
    };

    static final int LONGEST_TEXT = 50_000;

    private static final Pattern NUMBER =
            Pattern.compile("([-+]?)(\\$?)((?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d*)?|\\.\\d+)((?:[eE][-+]?\\d+)?)(%?)");
    private static final Pattern DATE =
            Pattern.compile("(?:(\\d{4})-(\\d{1,2})-(\\d{1,2})|(\\d{1,2})/(\\d{1,2})/(\\d{4}))"
                    + "(?:[ T](\\d{1,2}):(\\d{2})(?::(\\d{2}))?)?");
    private static final LocalDate DAY_ZERO = LocalDate.of(1899, 12, 30);

    abstract Cell ofText(String text);

    /**
     * Makes the cell.
     *
     * @param value a JSON string, number or boolean
     * @return the cell, or {@code null} for one that is emptied
     */
    Cell of(JsonNode value) {
        if (value.isNumber()) {
            return new Cell.Numeric(value.doubleValue());
        }
        if (value.isBoolean()) {
            return new Cell.Flag(value.booleanValue());
        }
        var text = value.textValue();
        if (text.length() > LONGEST_TEXT) {
            throw GoogleError.invalid(
                    "Your input contains more than the maximum of " + LONGEST_TEXT + " characters in a single cell.");
        }
        return text.isEmpty() ? null : ofText(text);
    }

    private static Optional<Cell> number(String text) {
        var match = NUMBER.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        var value = Double.parseDouble(match.group(1) + match.group(3).replace(",", "") + match.group(4));
        if (!match.group(5).isEmpty()) {
            return Optional.of(new Cell.Styled(value / 100, text, false));
        }
        var plain = match.group(2).isEmpty() && !match.group(3).contains(",");
        return Optional.of(plain ? new Cell.Numeric(value) : new Cell.Styled(value, text, false));
    }

    private static Optional<Cell> date(String text) {
        var match = DATE.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        try {
            var day = match.group(1) != null
                    ? LocalDate.of(part(match.group(1)), part(match.group(2)), part(match.group(3)))
                    : LocalDate.of(part(match.group(6)), part(match.group(4)), part(match.group(5)));
            var time = match.group(7) == null
                    ? LocalTime.MIDNIGHT
                    : LocalTime.of(part(match.group(7)), part(match.group(8)), part(match.group(9)));
            var seconds = ChronoUnit.SECONDS.between(DAY_ZERO.atStartOfDay(), LocalDateTime.of(day, time));
            return Optional.of(new Cell.Styled(seconds / 86_400.0, text, true));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int part(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
