package io.orderflow.sheet;

import com.google.api.services.sheets.v4.model.AppendDimensionRequest;
import com.google.api.services.sheets.v4.model.BatchGetValuesResponse;
import com.google.api.services.sheets.v4.model.BatchUpdateSpreadsheetRequest;
import com.google.api.services.sheets.v4.model.BatchUpdateValuesRequest;
import com.google.api.services.sheets.v4.model.Request;
import com.google.api.services.sheets.v4.model.SheetProperties;
import com.google.api.services.sheets.v4.model.Spreadsheet;
import com.google.api.services.sheets.v4.model.ValueRange;
import io.orderflow.TimeScale;
import io.orderflow.domain.Order;
import io.orderflow.domain.SheetState;
import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jboss.logging.Logger;

/**
 * Decides what a flush writes where. It remembers only what can be read again from the sheet: where the rows end, and
 * which rows it has written without the ledger knowing yet.
 *
 * <p>Used by one route at a time; the methods are synchronized for those who look in from outside.
 */
@ApplicationScoped
@Named("sheetWriter")
@RegisterForReflection
public class SheetWriter {

    private static final Logger LOG = Logger.getLogger(SheetWriter.class);

    private static final int ROWS_TO_ADD = 1000;
    private static final Duration LOOK_ANYWAY = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private final SheetConfig config;
    private final OrderTable orders;
    private final SheetLease lease;
    private final SheetRange range;
    private final TimeScale time;
    private final Clock clock;

    /** The lease under which {@link #sheet} was read. */
    private String token;

    private Instant nextFlush = Instant.MIN;
    private Instant lookAnyway = Instant.MIN;
    private boolean woken;
    private int failures;

    /** Whether the last look may have left something that could have been written. */
    private boolean mayBeMore;

    /** Of how many orders the last look left the row for later, in the shard that had most of them. */
    private int heldBack;

    /** Null until the sheet has been read under the present lease. */
    private Sheet sheet;

    SheetWriter(SheetConfig config, OrderTable orders, SheetLease lease, TimeScale time, Clock clock) {
        this.config = config;
        this.orders = orders;
        this.lease = lease;
        this.range = new SheetRange(config.sheetName());
        this.time = time;
        this.clock = clock;
    }

    /** What is known of the sheet. */
    private static final class Sheet {
        final int sheetId;
        int rows;
        int nextRow;

        /** By order id: all that the sheet holds while {@code isComplete}, else what the ledger has not noted yet. */
        final Map<String, Integer> rowsById;

        boolean isComplete = true;

        Sheet(int sheetId, int rows, int nextRow, Map<String, Integer> rowsById) {
            this.sheetId = sheetId;
            this.rows = rows;
            this.nextRow = nextRow;
            this.rowsById = rowsById;
        }
    }

    /** One order, and the row that it is written to. */
    @RegisterForReflection
    public record Placed(Order order, int row) {}

    /** Something that the spreadsheet owes has changed here. */
    public synchronized void wake() {
        woken = true;
    }

    /** Whether it is time to look for what is owed. */
    public synchronized boolean isTime() {
        var now = clock.instant();
        return !now.isBefore(nextFlush) && (woken || !now.isBefore(lookAnyway));
    }

    /**
     * What is owed to the sheet, the oldest change first; empty when nothing is, or when another instance writes.
     *
     * <p>Each shard has its share, so that none waits for another. An order that is being worked is left for later: it
     * is about to change, and its mark in the ledger would collide with the worker's write.
     */
    public synchronized List<Order> owed() {
        var now = clock.instant();
        woken = false;
        lookAnyway = now.plus(time.scaled(LOOK_ANYWAY));
        nextFlush = now.plus(time.scaled(config.interval()));
        if (!holdsLease()) {
            return List.of();
        }
        var share = config.batch() / OrderTable.shards() + heldBack;
        var shards = IntStream.range(0, OrderTable.shards())
                .mapToObj(shard -> orders.owedToSheet(shard, share))
                .toList();
        var owed = orders.get(shards.stream().flatMap(List::stream).toList()).stream()
                .filter(Order::isOwedToSheet)
                .collect(Collectors.partitioningBy(order -> isWorked(order, now)));
        var later = owed.get(true).stream().map(Order::id).collect(Collectors.toSet());
        heldBack = shards.stream()
                .mapToInt(ids -> (int) ids.stream().filter(later::contains).count())
                .max()
                .orElse(0);
        mayBeMore = shards.stream().anyMatch(ids -> ids.size() == share);
        // What is held back is settled after its worker has woken the writer, and nobody says so again.
        woken = woken || mayBeMore || !later.isEmpty();
        return owed.get(false).stream()
                .sorted(Comparator.comparing(Order::updatedAt))
                .limit(config.batch())
                .toList();
    }

    /** A worker that hangs, or one after the other, does not keep a change from the sheet for ever. */
    private boolean isWorked(Order order, Instant now) {
        return order.claim() != null
                && order.claim().isActive(now)
                && now.isBefore(order.updatedAt().plus(time.scaled(config.patience())));
    }

    private boolean holdsLease() {
        var taken = lease.take();
        if (!taken.equals(Optional.ofNullable(token))) {
            sheet = null;
        }
        token = taken.orElse(null);
        return token != null;
    }

    /** Whether the sheet must be read before anything is placed in it. */
    public synchronized boolean isUnread() {
        return sheet == null;
    }

    /**
     * The range of the column that names the orders.
     *
     * @throws SheetException when the spreadsheet has no such sheet
     */
    public List<String> idColumn(@ExchangeProperty("spreadsheet") Spreadsheet spreadsheet) {
        properties(spreadsheet);
        return List.of(range.columns("A", "A"));
    }

    private SheetProperties properties(Spreadsheet spreadsheet) {
        return spreadsheet.getSheets().stream()
                .map(com.google.api.services.sheets.v4.model.Sheet::getProperties)
                .filter(candidate -> config.sheetName().equals(candidate.getTitle()))
                .findFirst()
                .orElseThrow(() -> new SheetException(
                        "The spreadsheet has no sheet named " + config.sheetName() + "; add one", true));
    }

    /** Takes note of the sheet as a whole: its size, and which order is in which row. */
    public synchronized void read(
            @ExchangeProperty("spreadsheet") Spreadsheet spreadsheet, @Body BatchGetValuesResponse column) {
        var properties = properties(spreadsheet);
        var ids = cells(column.getValueRanges().getFirst());
        var rowsById = new HashMap<String, Integer>();
        IntStream.range(1, ids.size())
                .filter(index -> !ids.get(index).isEmpty())
                .forEach(index -> rowsById.putIfAbsent(ids.get(index), index + 1));
        sheet = new Sheet(
                properties.getSheetId(),
                properties.getGridProperties().getRowCount(),
                Math.max(2, ids.size() + 1),
                rowsById);
    }

    /** Gives each order its row: the one it has, or the next free one. */
    public synchronized List<Placed> place(@ExchangeProperty("owed") List<Order> owed) {
        var next = sheet.nextRow;
        var placed = new ArrayList<Placed>();
        for (var order : owed) {
            var known = Optional.ofNullable(sheet.rowsById.get(order.id()));
            if (known.isPresent()) {
                placed.add(new Placed(order, known.get()));
            } else if (order.sheet().row() > 0 && !sheet.isComplete) {
                placed.add(new Placed(order, order.sheet().row()));
            } else {
                placed.add(new Placed(order, next++));
            }
        }
        return List.copyOf(placed);
    }

    /** The cells to look at before they are written to: does each row still hold the order that it should? */
    public List<String> idCells(@ExchangeProperty("placed") List<Placed> placed) {
        return placed.stream().map(row -> range.idOf(row.row())).toList();
    }

    /** Whether a person has moved rows since: a row holds another order than it should, or is not free. */
    public synchronized boolean isDisturbed(
            @ExchangeProperty("placed") List<Placed> placed, @Body BatchGetValuesResponse ids) {
        for (int i = 0; i < placed.size(); i++) {
            var cells = cells(ids.getValueRanges().get(i));
            var found = cells.isEmpty() ? "" : cells.getFirst();
            var isNew = placed.get(i).row() >= sheet.nextRow;
            if (!(found.equals(placed.get(i).order().id()) || (isNew && found.isEmpty()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the sheet has too few rows for what is placed. */
    public synchronized boolean isTooShort(@ExchangeProperty("placed") List<Placed> placed) {
        return lastRow(placed) > sheet.rows;
    }

    /** Adds rows at the end. */
    public synchronized BatchUpdateSpreadsheetRequest growth(@ExchangeProperty("placed") List<Placed> placed) {
        var missing = lastRow(placed) - sheet.rows + ROWS_TO_ADD;
        return new BatchUpdateSpreadsheetRequest()
                .setIncludeSpreadsheetInResponse(true)
                .setRequests(List.of(new Request()
                        .setAppendDimension(new AppendDimensionRequest()
                                .setSheetId(sheet.sheetId)
                                .setDimension("ROWS")
                                .setLength(missing))));
    }

    /** Takes note of how many rows there are now. */
    public synchronized void grown(@ExchangeProperty("spreadsheet") Spreadsheet spreadsheet) {
        sheet.rows = properties(spreadsheet).getGridProperties().getRowCount();
    }

    private static int lastRow(List<Placed> placed) {
        return placed.stream().mapToInt(Placed::row).max().orElse(0);
    }

    /** The rows to write, each to its own place, so that a repeat overwrites itself; and the header above the first. */
    public synchronized BatchUpdateValuesRequest rows(@ExchangeProperty("placed") List<Placed> placed) {
        var data = new ArrayList<ValueRange>();
        if (placed.stream().anyMatch(row -> row.row() == 2)) {
            data.add(values(1, SheetRow.HEADER));
        }
        placed.forEach(row -> data.add(values(row.row(), SheetRow.of(row.order()))));
        return new BatchUpdateValuesRequest().setValueInputOption("RAW").setData(data);
    }

    private ValueRange values(int row, List<Object> cells) {
        return new ValueRange()
                .setRange(range.row(row, cells.size()))
                .setMajorDimension("ROWS")
                .setValues(List.of(cells));
    }

    /** Takes note of what the sheet now holds, until the ledger knows it too. */
    public synchronized void written(@ExchangeProperty("placed") List<Placed> placed) {
        placed.forEach(row -> sheet.rowsById.put(row.order().id(), row.row()));
        sheet.nextRow = Math.max(sheet.nextRow, lastRow(placed) + 1);
        failures = 0;
    }

    /** Tells the ledger which version of an order its row shows. */
    public void mark(@Body Placed placed) {
        var shown = new SheetState(placed.order().version(), placed.row());
        var marked = orders.replace(placed.order(), placed.order().withSheet(shown));
        if (marked.isEmpty()) {
            // It was written meanwhile. Its row shows at least this version; what is newer stays owed.
            orders.update(
                    placed.order().id(),
                    order -> order.sheet().version() < shown.version() ? order.withSheet(shown) : order);
        }
    }

    /** Ends a flush: what the ledger knows need not be remembered, unless there is more to come. */
    public synchronized void marked(@ExchangeProperty("placed") List<Placed> placed) {
        if (!mayBeMore && sheet.isComplete) {
            sheet.isComplete = false;
            sheet.rowsById.clear();
        }
        if (!sheet.isComplete) {
            placed.forEach(row -> sheet.rowsById.remove(row.order().id()));
        }
    }

    /** Takes note of a failure: the sheet is read anew, after a pause that grows. */
    public synchronized void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        sheet = null;
        woken = true;
        failures++;
        var pause = config.interval().multipliedBy(1L << Math.min(failures, 10));
        var longest = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        nextFlush = later(clock.instant().plus(time.scaled(longest)), SheetAlarm.retryAt(failure, clock.instant()));
        LOG.warnf("The spreadsheet could not be written (%d times in a row): %s", failures, failure.getMessage());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** The cells of one column, as text. */
    private static List<String> cells(ValueRange column) {
        return SheetRange.rows(column).stream()
                .map(row -> SheetRange.cell(row, 0))
                .toList();
    }
}
