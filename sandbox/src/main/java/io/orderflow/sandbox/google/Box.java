package io.orderflow.sandbox.google;

/** A rectangle of cells, counted from 0; the ends are excluded. */
record Box(int firstRow, int firstColumn, int endRow, int endColumn) {

    static Box at(int row, int column, int rows, int columns) {
        return new Box(row, column, row + rows, column + columns);
    }

    int rows() {
        return endRow - firstRow;
    }

    int columns() {
        return endColumn - firstColumn;
    }
}
