package io.orderflow.domain;

/**
 * What the spreadsheet shows of an order.
 *
 * @param version the order's version that its row shows; 0 when it has no row
 * @param row the row it was last written to, counted from 1, or 0
 */
public record SheetState(long version, int row) {

    static final SheetState NONE = new SheetState(0, 0);
}
