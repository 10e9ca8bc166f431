package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * {@code spreadsheets.values.append}, after the section "Append values" of the guide "Read &amp; write cell values":
 * the last table that the range touches is looked for, a table being the smallest rectangle of data with nothing right
 * beside it; the values go below it, or, without one, to where the range begins.
 */
final class Append {

    private Append() {}

    static Optional<Box> table(Region region) {
        var tab = region.tab();
        var box = region.bounded();
        for (int row = Math.min(box.endRow(), tab.usedRows()) - 1; row >= box.firstRow(); row--) {
            for (int column = Math.min(box.endColumn(), tab.row(row).length) - 1;
                    column >= box.firstColumn();
                    column--) {
                if (tab.at(row, column) != null) {
                    return Optional.of(grown(tab, Box.at(row, column, 1, 1)));
                }
            }
        }
        return Optional.empty();
    }

    /** The rectangle with all that touches it, corners included. */
    private static Box grown(Tab tab, Box start) {
        var box = start;
        while (true) {
            var up = isUsed(tab, box.firstRow() - 1, box.firstColumn() - 1, 1, box.columns() + 2) ? 1 : 0;
            var down = isUsed(tab, box.endRow(), box.firstColumn() - 1, 1, box.columns() + 2) ? 1 : 0;
            var left = isUsed(tab, box.firstRow() - 1, box.firstColumn() - 1, box.rows() + 2, 1) ? 1 : 0;
            var right = isUsed(tab, box.firstRow() - 1, box.endColumn(), box.rows() + 2, 1) ? 1 : 0;
            if (up + down + left + right == 0) {
                return box;
            }
            box = new Box(box.firstRow() - up, box.firstColumn() - left, box.endRow() + down, box.endColumn() + right);
        }
    }

    private static boolean isUsed(Tab tab, int firstRow, int firstColumn, int rows, int columns) {
        for (int row = firstRow; row < firstRow + rows; row++) {
            for (int column = firstColumn; column < firstColumn + columns; column++) {
                if (tab.at(row, column) != null) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Writes, and makes the grid larger where that is needed: the one write that does so by itself. */
    static Values.Written write(
            Spreadsheet draft,
            Region region,
            Optional<Box> table,
            JsonNode valueRange,
            InputOption input,
            boolean insertRows) {
        var tab = region.tab();
        var start = region.bounded();
        var row = table.map(Box::endRow).orElse(start.firstRow());
        var column = table.map(Box::firstColumn).orElse(start.firstColumn());
        var values = valueRange.path("values");
        var byColumns = valueRange.path("majorDimension").asText().equals("COLUMNS");
        var longest = 0;
        for (var line : values) {
            longest = Math.max(longest, line.size());
        }
        var rows = byColumns ? longest : values.size();
        var columns = byColumns ? values.size() : longest;
        if (insertRows && row < tab.rowCount()) {
            tab.insertRows(row, rows);
        }
        tab.resize(Math.max(tab.rowCount(), row + rows), Math.max(tab.columnCount(), column + columns));
        draft.checkSize();
        return Values.put(region, Box.at(row, column, rows, columns), values, byColumns, input);
    }
}
