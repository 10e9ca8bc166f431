package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;

/** {@code spreadsheets.create}. */
final class NewSpreadsheet {

    private NewSpreadsheet() {}

    static Spreadsheet of(String id, JsonNode body) {
        var properties = Spreadsheet.propertiesOf("Untitled spreadsheet");
        body.path("properties").properties().forEach(entry -> {
            if (!entry.getValue().asText("").isEmpty()) {
                properties.set(entry.getKey(), entry.getValue());
            }
        });
        var spreadsheet = new Spreadsheet(id, properties, new ArrayList<>());
        body.path("sheets").forEach(sheet -> new BatchUpdate(spreadsheet).addSheet(sheet.path("properties")));
        if (spreadsheet.tabs().isEmpty()) {
            spreadsheet.tabs().add(new Tab(0, "Sheet1", Tab.ROWS, Tab.COLUMNS));
        }
        return spreadsheet;
    }
}
