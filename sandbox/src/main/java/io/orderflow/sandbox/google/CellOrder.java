package io.orderflow.sandbox.google;

import java.util.Comparator;

/**
 * How a sheet sorts: numbers (and dates) before text before booleans, text without regard to case, empty cells always
 * last.
 */
final class CellOrder {

    private CellOrder() {}

    /** Compares rows by one of their cells. */
    static Comparator<Cell[]> byColumn(int column, boolean descending) {
        Comparator<Cell> order = Comparator.comparingInt(CellOrder::rank)
                .thenComparingDouble(CellOrder::number)
                .thenComparing(CellOrder::text, String.CASE_INSENSITIVE_ORDER);
        var directed = descending ? order.reversed() : order;
        return Comparator.comparing(row -> column < row.length ? row[column] : null, Comparator.nullsLast(directed));
    }

    private static int rank(Cell cell) {
        return switch (cell) {
            case Cell.Numeric _, Cell.Styled _ -> 0;
            case Cell.Text _, Cell.Formula _ -> 1;
            case Cell.Flag _ -> 2;
        };
    }

    private static double number(Cell cell) {
        return switch (cell) {
            case Cell.Numeric(var value) -> value;
            case Cell.Styled styled -> styled.value();
            case Cell.Flag(var value) -> value ? 1 : 0;
            case Cell.Text _, Cell.Formula _ -> 0;
        };
    }

    private static String text(Cell cell) {
        return cell instanceof Cell.Text(var text) ? text : "";
    }
}
