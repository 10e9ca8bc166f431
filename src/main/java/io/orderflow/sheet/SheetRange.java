package io.orderflow.sheet;

import com.google.api.services.sheets.v4.model.ValueRange;
import java.util.List;

/** Ranges of the one sheet, in A1 notation, and the cells that come back for them. Rows count from 1. */
record SheetRange(String sheetName) {

    /** Whole columns from the first row to the last, like {@code A} to {@code B}. */
    String columns(String first, String last) {
        return on(first + "1:" + last);
    }

    /** The cell that names the order of a row. */
    String idOf(int row) {
        return on("A" + row + ":A" + row);
    }

    /** The first {@code cells} cells of a row. */
    String row(int row, int cells) {
        return on("A" + row + ":" + letters(cells) + row);
    }

    private String on(String cells) {
        return "'" + sheetName.replace("'", "''") + "'!" + cells;
    }

    private static String letters(int column) {
        return column <= 26
                ? String.valueOf((char) ('A' + column - 1))
                : letters((column - 1) / 26) + letters((column - 1) % 26 + 1);
    }

    /** The rows that were read; those at the end that are empty are missing, as are the empty cells at a row's end. */
    static List<List<Object>> rows(ValueRange read) {
        return read.getValues() == null ? List.of() : read.getValues();
    }

    /** One cell of a row, as text; empty when it is. */
    static String cell(List<Object> row, int index) {
        return index < row.size() ? String.valueOf(row.get(index)) : "";
    }
}
