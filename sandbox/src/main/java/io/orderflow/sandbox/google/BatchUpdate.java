package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** {@code spreadsheets.batchUpdate}: the requests in their order; the first that cannot be done ends the batch. */
final class BatchUpdate {

    private static final int LONGEST_TITLE = 100;
    private static final List<String> PROPERTIES = List.of(
            "title",
            "index",
            "hidden",
            "gridProperties.rowCount",
            "gridProperties.columnCount",
            "gridProperties.frozenRowCount",
            "gridProperties.frozenColumnCount");

    private final Spreadsheet draft;

    BatchUpdate(Spreadsheet draft) {
        this.draft = draft;
    }

    /** Returns one reply for each request. */
    ArrayNode apply(JsonNode requests) {
        if (requests.isEmpty()) {
            throw GoogleError.invalid("Must specify at least one request.");
        }
        var replies = Json.array();
        for (int i = 0; i < requests.size(); i++) {
            var kinds = requests.get(i).properties().stream()
                    .filter(entry -> !entry.getValue().isNull())
                    .toList();
            if (kinds.size() != 1) {
                throw GoogleError.invalid(
                        "Invalid requests[" + i + "]: " + (kinds.isEmpty() ? "No" : "More than one") + " request set.");
            }
            var kind = kinds.getFirst().getKey();
            try {
                replies.add(apply(kind, kinds.getFirst().getValue()));
                draft.checkSize();
            } catch (GoogleError e) {
                throw e.in("requests[" + i + "]." + kind);
            }
        }
        return replies;
    }

    private ObjectNode apply(String kind, JsonNode request) {
        switch (kind) {
            case "addSheet" -> {
                var added = addSheet(request.path("properties"));
                var reply = Json.object();
                reply.putObject("addSheet")
                        .set("properties", added.properties(draft.tabs().indexOf(added)));
                return reply;
            }
            case "updateSheetProperties" -> updateSheetProperties(request);
            case "appendDimension" -> appendDimension(request);
            case "insertDimension" -> insertDimension(request);
            case "deleteDimension" -> deleteDimension(request.path("range"));
            case "sortRange" -> sortRange(request);
            default -> throw new IllegalStateException(kind + " is refused before");
        }
        return Json.object();
    }

    Tab addSheet(JsonNode properties) {
        var title = properties.path("title").asText("");
        if (title.isEmpty()) {
            title = freeTitle();
        }
        checkTitle(title, null);
        if (!properties.path("sheetType").asText("GRID").equals("GRID")) {
            throw GoogleError.invalid("Only sheets of type GRID can be added.");
        }
        var id = properties.hasNonNull("sheetId") ? properties.get("sheetId").asInt() : freeId();
        if (id < 0) {
            throw GoogleError.invalid("The sheet ID must be non-negative.");
        }
        if (draft.tab(id).isPresent()) {
            throw GoogleError.invalid("A sheet with the ID " + id + " already exists. Please enter another ID.");
        }
        var grid = properties.path("gridProperties");
        var tab = new Tab(
                id,
                title,
                grid.path("rowCount").asInt(Tab.ROWS),
                grid.path("columnCount").asInt(Tab.COLUMNS));
        checkGrid(tab.rowCount(), tab.columnCount());
        freeze(
                tab,
                grid.path("frozenRowCount").asInt(0),
                grid.path("frozenColumnCount").asInt(0));
        tab.hide(properties.path("hidden").asBoolean());
        var index = properties.path("index").asInt(draft.tabs().size());
        checkIndex(index);
        draft.tabs().add(index, tab);
        draft.checkSize();
        return tab;
    }

    private String freeTitle() {
        var number = 1;
        while (draft.tab("Sheet" + number).isPresent()) {
            number++;
        }
        return "Sheet" + number;
    }

    private int freeId() {
        if (draft.tabs().isEmpty()) {
            return 0;
        }
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        } while (draft.tab(id).isPresent());
        return id;
    }

    private void checkTitle(String title, Tab owner) {
        if (title.isEmpty()) {
            throw GoogleError.invalid("The sheet name cannot be empty.");
        }
        if (title.length() > LONGEST_TITLE) {
            throw GoogleError.invalid("The sheet name cannot be greater than 100 characters.");
        }
        if (draft.tab(title).filter(tab -> tab != owner).isPresent()) {
            throw GoogleError.invalid(
                    "A sheet with the name \"" + title + "\" already exists. Please enter another name.");
        }
    }

    private void checkIndex(int index) {
        if (index < 0 || index > draft.tabs().size()) {
            throw GoogleError.invalid(
                    "The sheet index must be between 0 and " + draft.tabs().size() + ".");
        }
    }

    private static void checkGrid(int rows, int columns) {
        if (rows < 1 || columns < 1) {
            throw GoogleError.invalid("A sheet must have at least one row and one column.");
        }
        if (columns > 18_278) {
            throw GoogleError.invalid("A sheet must not have more than 18278 columns.");
        }
    }

    private static void freeze(Tab tab, int rows, int columns) {
        if (rows < 0 || rows >= tab.rowCount()) {
            throw GoogleError.invalid("You can't freeze all visible rows on the sheet.");
        }
        if (columns < 0 || columns >= tab.columnCount()) {
            throw GoogleError.invalid("You can't freeze all visible columns on the sheet.");
        }
        tab.freeze(rows, columns);
    }

    private Tab tab(JsonNode holder) {
        var id = holder.path("sheetId").asInt(0);
        return draft.tab(id).orElseThrow(() -> GoogleError.invalid("No grid with id: " + id));
    }

    private void updateSheetProperties(JsonNode request) {
        var properties = request.path("properties");
        var id = properties.path("sheetId").asInt(0);
        var tab = draft.tab(id).orElseThrow(() -> GoogleError.invalid("No sheet with id: " + id));
        var fields = Stream.of(request.path("fields").asText("").split(","))
                .map(String::strip)
                .filter(field -> !field.isEmpty())
                .toList();
        if (fields.isEmpty()) {
            throw GoogleError.invalid(
                    "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)");
        }
        for (var field : fields.contains("*") ? PROPERTIES : fields) {
            if (field.equals("gridProperties")) {
                PROPERTIES.stream()
                        .filter(each -> each.startsWith("gridProperties."))
                        .forEach(each -> update(tab, each, properties));
            } else {
                update(tab, field, properties);
            }
        }
    }

    private void update(Tab tab, String field, JsonNode properties) {
        var grid = properties.path("gridProperties");
        switch (field) {
            case "title" -> {
                var title = properties.path("title").asText("");
                checkTitle(title, tab);
                tab.rename(title);
            }
            case "index" -> {
                var index = properties.path("index").asInt(draft.tabs().size());
                checkIndex(index);
                // The index counts the sheets as they were before the move.
                var from = draft.tabs().indexOf(tab);
                draft.tabs().add(index, tab);
                draft.tabs().remove(index <= from ? from + 1 : from);
            }
            case "hidden" -> tab.hide(properties.path("hidden").asBoolean());
            case "gridProperties.rowCount" -> {
                checkGrid(grid.path("rowCount").asInt(0), tab.columnCount());
                tab.resize(grid.get("rowCount").asInt(), tab.columnCount());
                freeze(tab, Math.min(tab.frozenRows(), tab.rowCount() - 1), tab.frozenColumns());
            }
            case "gridProperties.columnCount" -> {
                checkGrid(tab.rowCount(), grid.path("columnCount").asInt(0));
                tab.resize(tab.rowCount(), grid.get("columnCount").asInt());
                freeze(tab, tab.frozenRows(), Math.min(tab.frozenColumns(), tab.columnCount() - 1));
            }
            case "gridProperties.frozenRowCount" ->
                freeze(tab, grid.path("frozenRowCount").asInt(0), tab.frozenColumns());
            case "gridProperties.frozenColumnCount" ->
                freeze(tab, tab.frozenRows(), grid.path("frozenColumnCount").asInt(0));
            default ->
                throw GoogleError.invalid(
                        "The sandbox does not update the field '" + field + "'; it updates " + PROPERTIES + ".");
        }
    }

    private void appendDimension(JsonNode request) {
        var tab = tab(request);
        var length = request.path("length").asInt(0);
        if (length < 1) {
            throw GoogleError.invalid("length must be greater than 0.");
        }
        var byRows = byRows(request);
        checkSize(tab, byRows, length);
        tab.resize(tab.rowCount() + (byRows ? length : 0), tab.columnCount() + (byRows ? 0 : length));
    }

    /** Before anything is made: a length may be two thousand million. */
    private void checkSize(Tab tab, boolean byRows, int more) {
        var cells = draft.tabs().stream().mapToLong(Tab::cells).sum()
                + (long) more * (byRows ? tab.columnCount() : tab.rowCount());
        if (cells > Spreadsheet.MOST_CELLS) {
            throw Spreadsheet.tooLarge();
        }
        if (!byRows) {
            checkGrid(tab.rowCount(), tab.columnCount() + more);
        }
    }

    private static boolean byRows(JsonNode holder) {
        return switch (holder.path("dimension").asText("")) {
            case "ROWS" -> true;
            case "COLUMNS" -> false;
            default -> throw GoogleError.invalid("No dimension specified.");
        };
    }

    private void insertDimension(JsonNode request) {
        var range = request.path("range");
        var tab = tab(range);
        var byRows = byRows(range);
        var size = byRows ? tab.rowCount() : tab.columnCount();
        if (!range.hasNonNull("startIndex") || !range.hasNonNull("endIndex")) {
            throw GoogleError.invalid("range.startIndex and range.endIndex must be specified.");
        }
        var start = range.get("startIndex").asInt();
        var end = range.get("endIndex").asInt();
        if (start < 0 || end <= start) {
            throw GoogleError.invalid("range.endIndex must be greater than range.startIndex.");
        }
        if (start > size) {
            throw GoogleError.invalid("range.startIndex is larger than current grid size (" + size + ")");
        }
        var inherits = request.path("inheritFromBefore").asBoolean();
        if (start == size && !inherits) {
            throw GoogleError.invalid(
                    "range.startIndex must be less than the grid size if inheritFromBefore is false.");
        }
        if (start == 0 && inherits) {
            throw GoogleError.invalid("range.startIndex must be greater than 0 if inheritFromBefore is true.");
        }
        checkSize(tab, byRows, end - start);
        if (byRows) {
            tab.insertRows(start, end - start);
        } else {
            tab.insertColumns(start, end - start);
        }
    }

    private void deleteDimension(JsonNode range) {
        var tab = tab(range);
        var byRows = byRows(range);
        var size = byRows ? tab.rowCount() : tab.columnCount();
        var what = byRows ? "row" : "column";
        var start = range.path("startIndex").asInt(0);
        var end = range.path("endIndex").asInt(size);
        if (start < 0 || end <= start) {
            throw GoogleError.invalid("range.endIndex must be greater than range.startIndex.");
        }
        if (end > size) {
            throw GoogleError.invalid("Cannot delete a " + what + " that doesn't exist. Tried to delete " + what
                    + " index " + Math.max(start, size) + " but there are only " + size + " " + what + "s.");
        }
        var frozen = byRows ? tab.frozenRows() : tab.frozenColumns();
        if (size - frozen - (end - Math.max(start, frozen)) < 1) {
            throw GoogleError.invalid("Sorry, it is not possible to delete all non-frozen " + what + "s.");
        }
        var lessFrozen = Math.max(0, Math.min(end, frozen) - start);
        if (byRows) {
            tab.deleteRows(start, end);
            tab.freeze(frozen - lessFrozen, tab.frozenColumns());
        } else {
            tab.deleteColumns(start, end);
            tab.freeze(tab.frozenRows(), frozen - lessFrozen);
        }
    }

    private void sortRange(JsonNode request) {
        var range = request.path("range");
        var tab = tab(range);
        var box = new Box(
                range.path("startRowIndex").asInt(0),
                range.path("startColumnIndex").asInt(0),
                Math.min(range.path("endRowIndex").asInt(tab.rowCount()), tab.rowCount()),
                Math.min(range.path("endColumnIndex").asInt(tab.columnCount()), tab.columnCount()));
        if (box.firstRow() >= tab.rowCount()) {
            throw GoogleError.invalid("range.startRowIndex is larger than current grid size (" + tab.rowCount() + ")");
        }
        if (box.firstColumn() >= tab.columnCount()) {
            throw GoogleError.invalid(
                    "range.startColumnIndex is larger than current grid size (" + tab.columnCount() + ")");
        }
        if (box.rows() < 1 || box.columns() < 1) {
            throw GoogleError.invalid("range must hold at least one cell.");
        }
        Comparator<Cell[]> order = null;
        for (var spec : request.path("sortSpecs")) {
            var column = spec.path("dimensionIndex").asInt(0);
            if (column < box.firstColumn() || column >= box.endColumn()) {
                throw GoogleError.invalid("sortSpecs.dimensionIndex " + column + " is outside of the range.");
            }
            var descending = spec.path("sortOrder").asText("").equals("DESCENDING");
            var next = CellOrder.byColumn(column - box.firstColumn(), descending);
            order = order == null ? next : order.thenComparing(next);
        }
        if (order == null) {
            throw GoogleError.invalid("At least one sort spec must be specified.");
        }
        tab.sort(box, order);
    }
}
