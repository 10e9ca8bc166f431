/**
 * The spreadsheet: a projection of the ledger with one row an order, written in batches by the one holder of a lease.
 *
 * <p>The order of the steps is in {@code routes/google-sheets.camel.yaml}. An order is owed to the sheet while its row
 * shows an older version than the ledger holds; nothing else needs to be remembered, so a crash at any point is mended by
 * doing the flush again.
 */
package io.orderflow.sheet;
