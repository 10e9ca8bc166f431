package io.orderflow.sandbox.google;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range in A1 notation, as Google's guide "Google Sheets API Overview" describes it: {@code Sheet1!A1:B2},
 * {@code A2:A}, {@code A:A}, {@code 1:2}, {@code 'My sheet'!B3}, {@code Sheet1}. Positions count from 0, ends are
 * excluded, and what the range leaves open is {@code null}.
 *
 * @param sheet the title of the sheet, or {@code null} for the first one
 */
record A1(String sheet, Integer firstColumn, Integer firstRow, Integer endColumn, Integer endRow) {

    private static final Pattern SHEET = Pattern.compile("(?:'((?:[^']|'')+)'|([^'!]+))(?:!(.+))?");
    private static final Pattern CORNER = Pattern.compile("\\$?([A-Za-z]{0,3})\\$?(\\d{0,9})");
    private static final Pattern UNQUOTED = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern LIKE_A_CELL = Pattern.compile("[A-Za-z]{1,3}\\d+");

    /** Reads the text; nothing when it is no range. A bare word that is no cell is taken as the title of a sheet. */
    static Optional<A1> parse(String text) {
        var cells = cells(null, text);
        if (cells.isPresent()) {
            return cells;
        }
        var match = SHEET.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        var sheet = match.group(1) == null ? match.group(2) : match.group(1).replace("''", "'");
        return match.group(3) == null
                ? Optional.of(new A1(sheet, null, null, null, null))
                : cells(sheet, match.group(3));
    }

    private static Optional<A1> cells(String sheet, String text) {
        var corners = text.split(":", -1);
        if (corners.length > 2) {
            return Optional.empty();
        }
        var first = CORNER.matcher(corners[0]);
        var last = CORNER.matcher(corners[corners.length - 1]);
        if (!first.matches() || !last.matches() || isBlank(corners[0]) || isBlank(corners[corners.length - 1])) {
            return Optional.empty();
        }
        var columns = new Integer[] {column(first.group(1)), column(last.group(1))};
        var rows = new Integer[] {row(first.group(2)), row(last.group(2))};
        var open = columns[0] == null || rows[0] == null;
        if (corners.length == 1 && open || isZero(rows[0]) || isZero(rows[1])) {
            return Optional.empty();
        }
        sort(columns);
        sort(rows);
        return Optional.of(new A1(sheet, before(columns[0]), before(rows[0]), columns[1], rows[1]));
    }

    private static boolean isBlank(String corner) {
        return corner.replace("$", "").isEmpty();
    }

    private static boolean isZero(Integer row) {
        return row != null && row == 0;
    }

    private static Integer before(Integer position) {
        return position == null ? null : position - 1;
    }

    private static void sort(Integer[] ends) {
        if (ends[0] != null && ends[1] != null && ends[0] > ends[1]) {
            var swapped = ends[0];
            ends[0] = ends[1];
            ends[1] = swapped;
        }
    }

    private static Integer row(String digits) {
        return digits.isEmpty() ? null : Integer.valueOf(digits);
    }

    private static Integer column(String letters) {
        if (letters.isEmpty()) {
            return null;
        }
        var number = 0;
        for (var letter : letters.toUpperCase(Locale.ROOT).toCharArray()) {
            number = number * 26 + letter - 'A' + 1;
        }
        return number;
    }

    /** One cell, or a whole sheet: written values run on from its first cell, bounded by the grid alone. */
    boolean isAnchor() {
        var whole = firstColumn == null && firstRow == null && endColumn == null && endRow == null;
        var cell = firstColumn != null
                && firstRow != null
                && Integer.valueOf(firstColumn + 1).equals(endColumn)
                && Integer.valueOf(firstRow + 1).equals(endRow);
        return whole || cell;
    }

    /** The range in its usual form, on the sheet of that title. */
    String on(String title) {
        var from = corner(firstColumn, firstRow);
        var to = corner(before(endColumn), before(endRow));
        if (from.isEmpty() && to.isEmpty()) {
            return quoted(title);
        }
        var oneCell = from.equals(to) && firstColumn != null && firstRow != null;
        return quoted(title) + "!" + (oneCell ? from : from + ":" + to);
    }

    static A1 of(Box box) {
        return new A1(null, box.firstColumn(), box.firstRow(), box.endColumn(), box.endRow());
    }

    private static String corner(Integer column, Integer row) {
        return (column == null ? "" : letters(column)) + (row == null ? "" : row + 1);
    }

    /** The letters of a column counted from 0. */
    static String letters(int column) {
        var letters = new StringBuilder();
        for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
            letters.insert(0, (char) ('A' + (rest - 1) % 26));
        }
        return letters.toString();
    }

    /** The title, in quotes where the notation needs them. */
    static String quoted(String title) {
        return UNQUOTED.matcher(title).matches() && !LIKE_A_CELL.matcher(title).matches()
                ? title
                : "'" + title.replace("'", "''") + "'";
    }
}
