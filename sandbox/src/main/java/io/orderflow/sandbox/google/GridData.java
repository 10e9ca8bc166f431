package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;

/** {@code GridData} of {@code spreadsheets.get}: values only, no formats and no metadata of rows and columns. */
final class GridData {

    private GridData() {}

    static ObjectNode of(Tab tab, Box box) {
        var data = Json.object();
        Values.putCount(data, "startRow", box.firstRow());
        Values.putCount(data, "startColumn", box.firstColumn());
        var end = Math.min(box.endRow(), tab.usedRows());
        if (box.firstRow() < end) {
            var rows = data.putArray("rowData");
            for (int row = box.firstRow(); row < end; row++) {
                var json = rows.addObject();
                var columns = Math.min(box.endColumn(), tab.row(row).length);
                if (box.firstColumn() < columns) {
                    var cells = json.putArray("values");
                    for (int column = box.firstColumn(); column < columns; column++) {
                        cells.add(cell(tab.at(row, column)));
                    }
                }
            }
        }
        return data;
    }

    private static ObjectNode cell(Cell cell) {
        var json = Json.object();
        if (cell == null) {
            return json;
        }
        if (cell instanceof Cell.Formula(var formula)) {
            json.putObject("userEnteredValue").put("formulaValue", formula);
            json.putObject("effectiveValue").putObject("errorValue").put("type", "LOADING");
        } else {
            json.set("userEnteredValue", value(cell));
            json.set("effectiveValue", value(cell));
        }
        return json.put("formattedValue", Cell.shown(cell));
    }

    private static ObjectNode value(Cell cell) {
        return switch (cell) {
            case Cell.Text(var text) -> Json.object().put("stringValue", text);
            case Cell.Numeric(var value) -> Json.object().set("numberValue", Cell.number(value));
            case Cell.Flag(var value) -> Json.object().put("boolValue", value);
            case Cell.Formula(var formula) -> Json.object().put("formulaValue", formula);
            case Cell.Styled styled -> Json.object().set("numberValue", Cell.number(styled.value()));
        };
    }
}
