package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Reply;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What a person does to a sheet in the browser, for tests: no token, no quota, no faults, and not counted as a call.
 *
 * <ul>
 *   <li>{@code POST /sandbox/google-sheets/{spreadsheet}/{sheet}/sort} {@code {"column": 0, "descending": false}}: the
 *       rows below the first one
 *   <li>{@code POST /sandbox/google-sheets/{spreadsheet}/{sheet}/delete-row} {@code {"row": 2}}: a row by the number
 *       that the person sees
 *   <li>{@code POST /sandbox/google-sheets/{spreadsheet}/{sheet}/cell} {@code {"cell": "B3", "value": "typed"}}
 *   <li>{@code POST /sandbox/google-sheets/quota} {@code {"reads": 60, "writes": 60}}: what the API allows a minute,
 *       until the next reset
 * </ul>
 */
final class PersonAtTheSheet {

    private static final String SHEET = "/sandbox/google-sheets/:spreadsheet/:sheet/";

    private final Spreadsheets spreadsheets;
    private final Quota quota;

    PersonAtTheSheet(Spreadsheets spreadsheets, Quota quota) {
        this.spreadsheets = spreadsheets;
        this.quota = quota;
    }

    void mount(Endpoints endpoints) {
        endpoints.control(HttpMethod.POST, SHEET + "sort", context -> edit(context, PersonAtTheSheet::sort));
        endpoints.control(HttpMethod.POST, SHEET + "delete-row", context -> edit(context, PersonAtTheSheet::deleteRow));
        endpoints.control(HttpMethod.POST, SHEET + "cell", context -> edit(context, PersonAtTheSheet::type));
        endpoints.control(HttpMethod.POST, "/sandbox/google-sheets/quota", context -> {
            var body = Endpoints.body(context);
            quota.limit(Operation.Access.READ, body.path("reads").asInt(Quota.DEFAULT));
            quota.limit(Operation.Access.WRITE, body.path("writes").asInt(Quota.DEFAULT));
            return Reply.empty(204);
        });
    }

    private Reply edit(RoutingContext context, BiConsumer<Tab, JsonNode> work) {
        var found = spreadsheets.find(context.pathParam("spreadsheet")).map(Spreadsheet::copy);
        var tab = found.flatMap(draft -> draft.tab(context.pathParam("sheet")));
        if (tab.isEmpty()) {
            return Reply.json(404, Map.of("error", "No such spreadsheet, or no such sheet in it"));
        }
        work.accept(tab.get(), Endpoints.body(context));
        spreadsheets.save(found.get());
        return Reply.empty(204);
    }

    private static void sort(Tab tab, JsonNode body) {
        var column = body.path("column").asInt(-1);
        if (column < 0 || column >= tab.columnCount()) {
            throw new IllegalArgumentException("column: from 0 to " + (tab.columnCount() - 1));
        }
        tab.sort(
                new Box(1, 0, tab.rowCount(), tab.columnCount()),
                CellOrder.byColumn(column, body.path("descending").asBoolean()));
    }

    private static void deleteRow(Tab tab, JsonNode body) {
        var row = body.path("row").asInt(0);
        if (row < 1 || row > tab.rowCount()) {
            throw new IllegalArgumentException("row: from 1 to " + tab.rowCount());
        }
        tab.deleteRows(row - 1, row);
    }

    private static void type(Tab tab, JsonNode body) {
        var place = A1.parse(body.path("cell").asText("")).filter(range -> range.isAnchor() && range.sheet() == null);
        if (place.isEmpty()
                || place.get().endRow() > tab.rowCount()
                || place.get().endColumn() > tab.columnCount()) {
            throw new IllegalArgumentException("cell: one cell of the grid, like B3");
        }
        var value = body.path("value");
        if (!value.isValueNode() || value.isNull()) {
            throw new IllegalArgumentException("value: a text, a number or a boolean");
        }
        tab.set(place.get().firstRow(), place.get().firstColumn(), InputOption.USER_ENTERED.of(value));
    }
}
