package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every spreadsheet, in memory and in the store. A row is one entry of the store, so that a write costs what it writes
 * and not what the sheet holds.
 */
final class Spreadsheets {

    private static final String FIRST = "first";

    private final Store store;
    private final Store.Table table;
    private final Map<String, Spreadsheet> loaded = new LinkedHashMap<>();

    Spreadsheets(Store store) {
        this.store = store;
        this.table = store.table("google-spreadsheets");
    }

    /** The spreadsheet that is there from the first start, called {@code Orders}, with one sheet of that name. */
    String first() {
        var known = store.table("google-settings").get(FIRST);
        if (known.isPresent()) {
            return known.get().get("spreadsheetId").textValue();
        }
        var id = Secrets.id();
        store.table("google-settings").put(FIRST, Json.object().put("spreadsheetId", id));
        save(Spreadsheet.create(id, "Orders", "Orders"));
        return id;
    }

    Optional<Spreadsheet> find(String id) {
        return Optional.ofNullable(loaded.get(id)).or(() -> table.get(id).map(this::load));
    }

    private Spreadsheet load(ObjectNode json) {
        var spreadsheet = Spreadsheet.from(json);
        for (var tab : spreadsheet.tabs()) {
            rows(spreadsheet.id, tab.id).all().forEach(row -> {
                var cells = row.get("cells");
                var loadedCells = new Cell[cells.size()];
                for (int i = 0; i < loadedCells.length; i++) {
                    loadedCells[i] = Cell.fromJson(cells.get(i));
                }
                tab.load(row.get("row").intValue(), loadedCells);
            });
        }
        loaded.put(spreadsheet.id, spreadsheet);
        return spreadsheet;
    }

    /** Makes what became of a spreadsheet lasting. */
    void save(Spreadsheet spreadsheet) {
        table.put(spreadsheet.id, spreadsheet.toJson());
        for (var tab : spreadsheet.tabs()) {
            var rows = rows(spreadsheet.id, tab.id);
            tab.flush((row, cells) -> {
                var key = String.format("%08d", row);
                if (cells.length == 0) {
                    rows.remove(key);
                } else {
                    var json = Json.object().put("row", row);
                    var array = json.putArray("cells");
                    for (var cell : cells) {
                        array.add(Cell.toJson(cell));
                    }
                    rows.put(key, json);
                }
            });
        }
        loaded.put(spreadsheet.id, spreadsheet);
    }

    private Store.Table rows(String spreadsheetId, int sheetId) {
        return store.table("google-rows/" + spreadsheetId + "/" + sheetId);
    }

    List<Spreadsheet> all() {
        return table.all()
                .map(json -> find(json.get("spreadsheetId").textValue()).orElseThrow())
                .toList();
    }

    /** Only the first one remains, empty; it keeps its id. */
    void reset() {
        var first = first();
        for (var spreadsheet : all()) {
            spreadsheet.tabs().forEach(tab -> rows(spreadsheet.id, tab.id).clear());
            table.remove(spreadsheet.id);
        }
        loaded.clear();
        save(Spreadsheet.create(first, "Orders", "Orders"));
    }
}
