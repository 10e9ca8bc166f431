package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One sheet of a spreadsheet: its properties and its rows. A row array is never changed, only replaced, so that a copy
 * of a sheet shares all rows with it.
 */
final class Tab {

    static final int ROWS = 1000;
    static final int COLUMNS = 26;

    private static final Cell[] EMPTY = {};

    final int id;
    private String title;
    private boolean hidden;
    private int rowCount;
    private int columnCount;
    private int frozenRows;
    private int frozenColumns;
    private final List<Cell[]> rows;
    private final BitSet changed = new BitSet();

    Tab(int id, String title, int rowCount, int columnCount) {
        this(id, title, rowCount, columnCount, new ArrayList<>());
    }

    private Tab(int id, String title, int rowCount, int columnCount, List<Cell[]> rows) {
        this.id = id;
        this.title = title;
        this.rowCount = rowCount;
        this.columnCount = columnCount;
        this.rows = rows;
    }

    Tab copy() {
        var copy = new Tab(id, title, rowCount, columnCount, new ArrayList<>(rows));
        copy.hidden = hidden;
        copy.frozenRows = frozenRows;
        copy.frozenColumns = frozenColumns;
        return copy;
    }

    /** {@code SheetProperties}; like all messages of the API without the fields that have their default. */
    ObjectNode properties(int index) {
        var properties = Json.object()
                .put("sheetId", id)
                .put("title", title)
                .put("index", index)
                .put("sheetType", "GRID");
        var grid =
                properties.putObject("gridProperties").put("rowCount", rowCount).put("columnCount", columnCount);
        if (frozenRows > 0) {
            grid.put("frozenRowCount", frozenRows);
        }
        if (frozenColumns > 0) {
            grid.put("frozenColumnCount", frozenColumns);
        }
        if (hidden) {
            properties.put("hidden", true);
        }
        return properties;
    }

    static Tab from(ObjectNode properties) {
        var grid = properties.get("gridProperties");
        var tab = new Tab(
                properties.get("sheetId").intValue(),
                properties.get("title").textValue(),
                grid.get("rowCount").intValue(),
                grid.get("columnCount").intValue());
        tab.frozenRows = grid.path("frozenRowCount").intValue();
        tab.frozenColumns = grid.path("frozenColumnCount").intValue();
        tab.hidden = properties.path("hidden").booleanValue();
        return tab;
    }

    String title() {
        return title;
    }

    void rename(String newTitle) {
        title = newTitle;
    }

    void hide(boolean hide) {
        hidden = hide;
    }

    void freeze(int newRows, int newColumns) {
        frozenRows = newRows;
        frozenColumns = newColumns;
    }

    int frozenRows() {
        return frozenRows;
    }

    int frozenColumns() {
        return frozenColumns;
    }

    int rowCount() {
        return rowCount;
    }

    int columnCount() {
        return columnCount;
    }

    long cells() {
        return (long) rowCount * columnCount;
    }

    /** How many rows there are until the last one that holds anything. */
    int usedRows() {
        return rows.size();
    }

    Cell at(int row, int column) {
        if (row < 0 || column < 0 || row >= rows.size() || column >= rows.get(row).length) {
            return null;
        }
        return rows.get(row)[column];
    }

    /** The cells of a row, without the empty ones at its end. Not to be changed. */
    Cell[] row(int row) {
        return row < rows.size() ? rows.get(row) : EMPTY;
    }

    void set(int row, int column, Cell cell) {
        var old = row(row);
        if (cell == null && column >= old.length) {
            return;
        }
        var cells = Arrays.copyOf(old, Math.max(old.length, column + 1));
        cells[column] = cell;
        replace(row, cells);
    }

    void clear(Box box) {
        for (int row = box.firstRow(); row < Math.min(box.endRow(), rows.size()); row++) {
            var old = rows.get(row);
            if (box.firstColumn() < old.length) {
                var cells = old.clone();
                Arrays.fill(cells, box.firstColumn(), Math.min(box.endColumn(), cells.length), null);
                replace(row, cells);
            }
        }
    }

    private void replace(int row, Cell[] cells) {
        while (rows.size() <= row) {
            rows.add(EMPTY);
        }
        rows.set(row, trimmed(cells));
        changed.set(row);
        dropEmptyEnd();
    }

    private static Cell[] trimmed(Cell[] cells) {
        var length = cells.length;
        while (length > 0 && cells[length - 1] == null) {
            length--;
        }
        return length == cells.length ? cells : Arrays.copyOf(cells, length);
    }

    private void dropEmptyEnd() {
        while (!rows.isEmpty() && rows.getLast().length == 0) {
            changed.set(rows.size() - 1);
            rows.removeLast();
        }
    }

    void resize(int newRows, int newColumns) {
        if (newRows < rows.size()) {
            changed.set(newRows, rows.size());
            rows.subList(newRows, rows.size()).clear();
        }
        if (newColumns < columnCount) {
            for (int row = 0; row < rows.size(); row++) {
                if (rows.get(row).length > newColumns) {
                    rows.set(row, trimmed(Arrays.copyOf(rows.get(row), newColumns)));
                    changed.set(row);
                }
            }
        }
        rowCount = newRows;
        columnCount = newColumns;
        dropEmptyEnd();
    }

    void insertRows(int at, int count) {
        rowCount += count;
        if (at < rows.size()) {
            rows.addAll(at, Collections.nCopies(count, EMPTY));
            changed.set(at, rows.size());
        }
    }

    void deleteRows(int from, int to) {
        rowCount -= to - from;
        if (from < rows.size()) {
            changed.set(from, rows.size());
            rows.subList(from, Math.min(to, rows.size())).clear();
            dropEmptyEnd();
        }
    }

    void insertColumns(int at, int count) {
        columnCount += count;
        for (int row = 0; row < rows.size(); row++) {
            var old = rows.get(row);
            if (at < old.length) {
                var cells = new Cell[old.length + count];
                System.arraycopy(old, 0, cells, 0, at);
                System.arraycopy(old, at, cells, at + count, old.length - at);
                rows.set(row, cells);
                changed.set(row);
            }
        }
    }

    void deleteColumns(int from, int to) {
        columnCount -= to - from;
        for (int row = 0; row < rows.size(); row++) {
            var old = rows.get(row);
            if (from < old.length) {
                var cells = Arrays.copyOf(old, from + Math.max(0, old.length - to));
                if (to < old.length) {
                    System.arraycopy(old, to, cells, from, old.length - to);
                }
                rows.set(row, trimmed(cells));
                changed.set(row);
            }
        }
        dropEmptyEnd();
    }

    /** Reorders the part of the rows that lies in the box; what is beside it stays where it is. */
    void sort(Box box, Comparator<Cell[]> order) {
        var end = Math.min(box.endRow(), rows.size());
        if (box.firstRow() >= end) {
            return;
        }
        var parts = new ArrayList<Cell[]>();
        for (int row = box.firstRow(); row < end; row++) {
            parts.add(Arrays.copyOfRange(rows.get(row), box.firstColumn(), box.endColumn()));
        }
        var sorted = new ArrayList<>(parts);
        sorted.sort(order);
        for (int i = 0; i < parts.size(); i++) {
            if (sorted.get(i) != parts.get(i)) {
                var row = box.firstRow() + i;
                var cells = Arrays.copyOf(rows.get(row), Math.max(rows.get(row).length, box.endColumn()));
                System.arraycopy(sorted.get(i), 0, cells, box.firstColumn(), box.columns());
                rows.set(row, trimmed(cells));
                changed.set(row);
            }
        }
        dropEmptyEnd();
    }

    /** Hands over every row that changed since the last time, an empty array for one that is gone. */
    void flush(BiConsumer<Integer, Cell[]> keep) {
        changed.stream().forEach(row -> keep.accept(row, row(row)));
        changed.clear();
    }

    /** Takes in a row from the store. */
    void load(int row, Cell[] cells) {
        while (rows.size() <= row) {
            rows.add(EMPTY);
        }
        rows.set(row, cells);
    }
}
