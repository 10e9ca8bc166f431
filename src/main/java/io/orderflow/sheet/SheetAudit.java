package io.orderflow.sheet;

import com.google.api.services.sheets.v4.model.BatchGetValuesResponse;
import com.google.api.services.sheets.v4.model.BatchUpdateValuesRequest;
import com.google.api.services.sheets.v4.model.ValueRange;
import io.orderflow.TimeScale;
import io.orderflow.domain.SheetState;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.jboss.logging.Logger;

/**
 * Finds what went wrong because people moved rows between a flush's look at the sheet and its write. Then an order's
 * row was written over another's: the one has two rows, and the other none.
 *
 * <p>An order that was written lately is owed again when its row is missing or shows less than was written. Of the
 * others, those are that had a row at the audit before, and only when some order has two: else it was a person who
 * deleted the row, and it comes back when the order changes.
 */
@ApplicationScoped
@Named("sheetAudit")
@RegisterForReflection
public class SheetAudit {

    private static final Logger LOG = Logger.getLogger(SheetAudit.class);

    /** About what is written between two audits at 100 orders a second. Beyond it the oldest are not looked after. */
    private static final int MOST_NOTED = 50_000;

    private final SheetConfig config;
    private final SheetLease lease;
    private final OrderTable orders;
    private final SheetRange range;
    private final TimeScale time;
    private final Clock clock;

    private Instant next = Instant.MIN;

    /** The version that was written, by order: since the last audit, and between that one and the one before. */
    private Map<String, Long> written = note();

    private Map<String, Long> writtenBefore = Map.of();

    /** Which orders had a row at the last audit; null before the first. */
    private Set<UUID> seen;

    /** Whether the last audit found copies. To clear one could strike another row too, if a person moves rows then. */
    private boolean hadCopies;

    SheetAudit(SheetConfig config, SheetLease lease, OrderTable orders, TimeScale time, Clock clock) {
        this.config = config;
        this.lease = lease;
        this.orders = orders;
        this.range = new SheetRange(config.sheetName());
        this.time = time;
        this.clock = clock;
    }

    /**
     * What the sheet shows of one order.
     *
     * @param row counted from 1; 0 when it has none
     */
    @RegisterForReflection
    public record Shown(String id, long version, int row) {

        private static Shown nothing(String id) {
            return new Shown(id, 0, 0);
        }
    }

    /**
     * What an audit found.
     *
     * @param lost the orders to be written again
     * @param copies rows of orders that have another row, which shows as much or more
     * @param seen every order that has a row
     */
    @RegisterForReflection
    public record Findings(List<Shown> lost, List<Integer> copies, Set<UUID> seen) {}

    private static Map<String, Long> note() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > MOST_NOTED;
            }
        };
    }

    /** Takes note of what a flush has written. */
    public synchronized void wrote(@ExchangeProperty("placed") List<SheetWriter.Placed> placed) {
        placed.forEach(row -> written.put(row.order().id(), row.order().version()));
    }

    /** Whether it is time for an audit: not while another instance writes, nor when nothing was written. */
    public synchronized boolean isTime() {
        return lease.isHeld()
                && !clock.instant().isBefore(next)
                && (seen == null || hadCopies || !written.isEmpty() || !writtenBefore.isEmpty());
    }

    /** The columns that an audit reads, which begins with this. */
    public synchronized List<String> columns() {
        next = clock.instant().plus(time.scaled(config.audit()));
        return List.of(range.columns("A", "B"));
    }

    /** Compares what the sheet shows with what was written to it. */
    public synchronized Findings examine(@Body BatchGetValuesResponse columns) {
        var expected = new HashMap<>(writtenBefore);
        expected.putAll(written);
        var found = compare(
                shown(columns.getValueRanges().getFirst()), expected, seen == null ? Set.of() : seen, hadCopies);
        if (!found.lost().isEmpty() || !found.copies().isEmpty()) {
            LOG.warnf(
                    "Rows of the spreadsheet were moved while it was written: %d orders are written again, %d copies"
                            + " cleared",
                    found.lost().size(), found.copies().size());
        }
        return found;
    }

    /** The rows that name an order. What else people have in the sheet is theirs. */
    private static List<Shown> shown(ValueRange columns) {
        var rows = SheetRange.rows(columns);
        var shown = new ArrayList<Shown>();
        for (int i = 1; i < rows.size(); i++) {
            var id = SheetRange.cell(rows.get(i), 0);
            if (OrderId.isOne(id)) {
                shown.add(new Shown(id, version(SheetRange.cell(rows.get(i), 1)), i + 1));
            }
        }
        return shown;
    }

    /** A person may have given the column another format, or typed over it. */
    private static long version(String cell) {
        var digits = cell.replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 18 ? 0 : Long.parseLong(digits);
    }

    /**
     * @param written the version that each order's row must show at least
     * @param seenBefore which orders had a row before
     * @param isDisturbed whether a row may have been lost since without a trace of how
     */
    static Findings compare(List<Shown> shown, Map<String, Long> written, Set<UUID> seenBefore, boolean isDisturbed) {
        var best = new HashMap<String, Shown>();
        var copies = new ArrayList<Integer>();
        for (var row : shown) {
            var other = best.get(row.id());
            if (other == null || row.version() > other.version()) {
                best.put(row.id(), row);
            }
            if (other != null) {
                copies.add(row.version() > other.version() ? other.row() : row.row());
            }
        }
        var seen = new HashSet<UUID>();
        best.keySet().forEach(id -> seen.add(UUID.fromString(id)));

        var stale = written.entrySet().stream()
                .map(entry -> Map.entry(best.getOrDefault(entry.getKey(), Shown.nothing(entry.getKey())), entry))
                .filter(pair -> pair.getKey().version() < pair.getValue().getValue())
                .map(Map.Entry::getKey);
        var overwritten = copies.isEmpty() && !isDisturbed
                ? Stream.<Shown>empty()
                : seenBefore.stream()
                        .filter(id -> !seen.contains(id))
                        .map(UUID::toString)
                        .filter(id -> !written.containsKey(id))
                        .map(Shown::nothing);
        return new Findings(Stream.concat(stale, overwritten).toList(), copies, Collections.unmodifiableSet(seen));
    }

    /** Has an order written again: to the row that shows it, or else to a new one. */
    public void oweAgain(@Body Shown lost) {
        orders.update(
                lost.id(), order -> order.isOwedToSheet() ? order : order.withSheet(new SheetState(0, lost.row())));
    }

    /** Empty cells for the rows that are copies. What people have written to the right of them stays. */
    public BatchUpdateValuesRequest blanks(@ExchangeProperty("findings") Findings findings) {
        var cells = Collections.<Object>nCopies(SheetRow.HEADER.size(), "");
        return new BatchUpdateValuesRequest()
                .setValueInputOption("RAW")
                .setData(findings.copies().stream()
                        .map(row -> new ValueRange()
                                .setRange(range.row(row, cells.size()))
                                .setMajorDimension("ROWS")
                                .setValues(List.of(cells)))
                        .toList());
    }

    /** Ends an audit. */
    public synchronized void done(@ExchangeProperty("findings") Findings findings) {
        seen = findings.seen();
        hadCopies = !findings.copies().isEmpty();
        writtenBefore = written;
        written = note();
    }
}
