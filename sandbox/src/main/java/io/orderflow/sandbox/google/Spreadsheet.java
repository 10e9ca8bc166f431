package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A spreadsheet. Changes are made to a {@link #copy()}, which takes its place when all of them went well. */
final class Spreadsheet {

    static final long MOST_CELLS = 10_000_000;

    final String id;
    private final ObjectNode properties;
    private final List<Tab> tabs;

    Spreadsheet(String id, ObjectNode properties, List<Tab> tabs) {
        this.id = id;
        this.properties = properties;
        this.tabs = tabs;
    }

    /** A new one with one empty sheet. */
    static Spreadsheet create(String id, String title, String sheet) {
        return new Spreadsheet(id, propertiesOf(title), listOf(new Tab(0, sheet, Tab.ROWS, Tab.COLUMNS)));
    }

    static ObjectNode propertiesOf(String title) {
        return Json.object()
                .put("title", title)
                .put("locale", "en_US")
                .put("autoRecalc", "ON_CHANGE")
                .put("timeZone", "Etc/GMT");
    }

    private static List<Tab> listOf(Tab tab) {
        var tabs = new ArrayList<Tab>();
        tabs.add(tab);
        return tabs;
    }

    Spreadsheet copy() {
        return new Spreadsheet(
                id, properties, new ArrayList<>(tabs.stream().map(Tab::copy).toList()));
    }

    ObjectNode toJson() {
        var json = Json.object().put("spreadsheetId", id);
        json.set("properties", properties);
        var sheets = json.putArray("sheets");
        for (int i = 0; i < tabs.size(); i++) {
            sheets.addObject().set("properties", tabs.get(i).properties(i));
        }
        return json.put("spreadsheetUrl", "https://docs.google.com/spreadsheets/d/" + id + "/edit");
    }

    static Spreadsheet from(ObjectNode json) {
        var tabs = new ArrayList<Tab>();
        for (JsonNode sheet : json.get("sheets")) {
            tabs.add(Tab.from((ObjectNode) sheet.get("properties")));
        }
        return new Spreadsheet(json.get("spreadsheetId").textValue(), (ObjectNode) json.get("properties"), tabs);
    }

    String title() {
        return properties.get("title").textValue();
    }

    List<Tab> tabs() {
        return tabs;
    }

    Optional<Tab> tab(int sheetId) {
        return tabs.stream().filter(tab -> tab.id == sheetId).findFirst();
    }

    /** By title, without regard to case, as titles are unique without regard to it. */
    Optional<Tab> tab(String title) {
        return tabs.stream().filter(tab -> tab.title().equalsIgnoreCase(title)).findFirst();
    }

    /**
     * The region that a range in A1 notation names.
     *
     * @throws GoogleError when it names none
     */
    Region region(String range) {
        return A1.parse(range)
                .flatMap(a1 -> (a1.sheet() == null ? Optional.of(tabs.getFirst()) : tab(a1.sheet()))
                        .map(tab -> new Region(tab, a1)))
                .orElseThrow(() -> GoogleError.invalid("Unable to parse range: " + range));
    }

    /** @throws GoogleError when the cells of all sheets are more than a spreadsheet may have */
    void checkSize() {
        if (tabs.stream().mapToLong(Tab::cells).sum() > MOST_CELLS) {
            throw tooLarge();
        }
    }

    static GoogleError tooLarge() {
        return GoogleError.invalid("This action would increase the number of cells in the workbook above the limit of "
                + MOST_CELLS + " cells.");
    }
}
