package io.orderflow.sandbox.google;

/** A range on the sheet that it names. */
record Region(Tab tab, A1 range) {

    String name() {
        return range.on(tab.title());
    }

    /**
     * The cells that the range covers: what it leaves open, or names beyond the grid, ends with the grid.
     *
     * @throws GoogleError when the range begins beyond the grid
     */
    Box bounded() {
        var row = range.firstRow() == null ? 0 : range.firstRow();
        var column = range.firstColumn() == null ? 0 : range.firstColumn();
        if (row >= tab.rowCount() || column >= tab.columnCount()) {
            throw beyondGrid(range);
        }
        return new Box(row, column, end(range.endRow(), tab.rowCount()), end(range.endColumn(), tab.columnCount()));
    }

    private static int end(Integer wanted, int grid) {
        return wanted == null ? grid : Math.min(wanted, grid);
    }

    GoogleError beyondGrid(A1 asked) {
        return GoogleError.invalid("Range (" + asked.on(tab.title()) + ") exceeds grid limits. Max rows: "
                + tab.rowCount() + ", max columns: " + tab.columnCount());
    }

    String name(Box box) {
        return A1.of(box).on(tab.title());
    }
}
