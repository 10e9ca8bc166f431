package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.util.ArrayList;
import java.util.BitSet;

/** Reads and writes the values of a region. */
final class Values {

    /** What a write did: the cells from the first to the last value, and how many of them had one. */
    record Written(Region region, Box box, int rows, int columns, int cells) {

        /** {@code UpdateValuesResponse}; a count of 0 is left out. */
        ObjectNode toJson(String spreadsheetId) {
            var json = Json.object().put("spreadsheetId", spreadsheetId).put("updatedRange", region.name(box));
            putCount(json, "updatedRows", rows);
            putCount(json, "updatedColumns", columns);
            putCount(json, "updatedCells", cells);
            return json;
        }
    }

    private Values() {}

    static void putCount(ObjectNode json, String name, int count) {
        if (count > 0) {
            json.put(name, count);
        }
    }

    /** {@code ValueRange}: without the empty rows and cells at the ends, and without values when there are none. */
    static ObjectNode read(Region region, Box box, boolean byColumns, Rendering rendering) {
        var json = Json.object().put("range", region.name(box)).put("majorDimension", byColumns ? "COLUMNS" : "ROWS");
        var lines = new ArrayList<ArrayNode>();
        var filled = 0;
        var rows = Math.min(box.endRow(), region.tab().usedRows()) - box.firstRow();
        var columns = box.columns();
        for (int line = 0; line < (byColumns ? columns : rows); line++) {
            var values = Json.array();
            var empty = 0;
            for (int i = 0; i < (byColumns ? rows : columns); i++) {
                var cell = region.tab()
                        .at(box.firstRow() + (byColumns ? i : line), box.firstColumn() + (byColumns ? line : i));
                if (cell == null) {
                    empty++;
                    continue;
                }
                for (; empty > 0; empty--) {
                    values.add("");
                }
                values.add(rendering.of(cell));
            }
            lines.add(values);
            if (!values.isEmpty()) {
                filled = lines.size();
            }
        }
        if (filled > 0) {
            json.putArray("values").addAll(lines.subList(0, filled));
        }
        return json;
    }

    /**
     * Writes a {@code ValueRange}. Values run on from a single cell as far as the grid goes; a range of several cells
     * bounds them. {@code null} leaves a cell as it is, an empty text empties it.
     *
     * <p>A write that begins inside the grid and ends beyond it is refused. Whether the real API then grows the grid is
     * reported both ways.
     *
     * @throws GoogleError when a value is none, or does not fit
     */
    static Written write(Region region, JsonNode valueRange, InputOption input) {
        var box = region.bounded();
        var values = valueRange.path("values");
        var byColumns = valueRange.path("majorDimension").asText().equals("COLUMNS");
        var longest = 0;
        for (var line : values) {
            longest = Math.max(longest, line.size());
        }
        var rows = byColumns ? longest : values.size();
        var columns = byColumns ? values.size() : longest;
        checkFits(region, box, rows, columns);
        return put(region, Box.at(box.firstRow(), box.firstColumn(), rows, columns), values, byColumns, input);
    }

    private static void checkFits(Region region, Box box, int rows, int columns) {
        var range = region.range();
        var endRow = box.firstRow() + rows;
        var endColumn = box.firstColumn() + columns;
        if (!range.isAnchor()) {
            if (range.endRow() != null && endRow > range.endRow()) {
                throw GoogleError.invalid("Requested writing within range [" + region.name()
                        + "], but tried writing to row [" + (range.endRow() + 1) + "]");
            }
            if (range.endColumn() != null && endColumn > range.endColumn()) {
                throw GoogleError.invalid("Requested writing within range [" + region.name()
                        + "], but tried writing to column [" + A1.letters(range.endColumn()) + "]");
            }
        }
        if (endRow > region.tab().rowCount() || endColumn > region.tab().columnCount()) {
            throw region.beyondGrid(A1.of(Box.at(box.firstRow(), box.firstColumn(), rows, columns)));
        }
    }

    /** Puts the values into a box that they are known to fit. */
    static Written put(Region region, Box box, JsonNode values, boolean byColumns, InputOption input) {
        var touchedRows = new BitSet();
        var touchedColumns = new BitSet();
        var cells = 0;
        for (int line = 0; line < values.size(); line++) {
            for (int i = 0; i < values.get(line).size(); i++) {
                var value = values.get(line).get(i);
                if (value.isContainerNode()) {
                    throw GoogleError.invalid("Invalid values[" + line + "][" + i + "]: "
                            + (value.isArray() ? "list_value" : "struct_value") + " " + value);
                }
                if (!value.isNull()) {
                    var row = box.firstRow() + (byColumns ? i : line);
                    var column = box.firstColumn() + (byColumns ? line : i);
                    region.tab().set(row, column, input.of(value));
                    touchedRows.set(row);
                    touchedColumns.set(column);
                    cells++;
                }
            }
        }
        var written = Box.at(box.firstRow(), box.firstColumn(), Math.max(box.rows(), 1), Math.max(box.columns(), 1));
        return new Written(region, written, touchedRows.cardinality(), touchedColumns.cardinality(), cells);
    }
}
