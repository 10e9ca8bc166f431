package io.orderflow.sandbox.google;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The messages of the Sheets API that are read and written here, after its discovery document. What a message holds
 * besides, and the sandbox does not act on, is there too, so that it is told from a field that does not exist.
 */
final class Messages {

    private static final String PACKAGE = "google.apps.sheets.v4.";
    private static final Shape TEXT = new Shape.Text();
    private static final Shape WHOLE = new Shape.Whole();
    private static final Shape FLAG = new Shape.Flag();
    private static final Shape ANY = new Shape.Any();

    static final Shape.Choice DIMENSION =
            new Shape.Choice(PACKAGE + "Dimension", List.of("DIMENSION_UNSPECIFIED", "ROWS", "COLUMNS"));
    static final Shape.Choice INPUT_OPTION = new Shape.Choice(
            PACKAGE + "ValueInputOption", List.of("INPUT_VALUE_OPTION_UNSPECIFIED", "RAW", "USER_ENTERED"));
    static final Shape.Choice VALUE_RENDERING =
            new Shape.Choice(PACKAGE + "ValueRenderOption", List.of("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"));
    static final Shape.Choice DATE_RENDERING =
            new Shape.Choice(PACKAGE + "DateTimeRenderOption", List.of("SERIAL_NUMBER", "FORMATTED_STRING"));
    static final Shape.Choice INSERT_OPTION =
            new Shape.Choice(PACKAGE + "AppendValuesRequest.InsertDataOption", List.of("OVERWRITE", "INSERT_ROWS"));
    private static final Shape SORT_ORDER =
            new Shape.Choice(PACKAGE + "SortOrder", List.of("SORT_ORDER_UNSPECIFIED", "ASCENDING", "DESCENDING"));
    private static final Shape SHEET_TYPE =
            new Shape.Choice(PACKAGE + "SheetType", List.of("SHEET_TYPE_UNSPECIFIED", "GRID", "OBJECT", "DATA_SOURCE"));

    static final Shape NOTHING = message("ClearValuesRequest", Map.of());

    static final Shape VALUE_RANGE = message(
            "ValueRange",
            Map.of(
                    "range", TEXT,
                    "majorDimension", DIMENSION,
                    "values", new Shape.Repeated(new Shape.Line())));

    static final Shape BATCH_UPDATE_VALUES = message(
            "BatchUpdateValuesRequest",
            Map.of(
                    "valueInputOption", INPUT_OPTION,
                    "data", new Shape.Repeated(VALUE_RANGE),
                    "includeValuesInResponse", FLAG,
                    "responseValueRenderOption", VALUE_RENDERING,
                    "responseDateTimeRenderOption", DATE_RENDERING));

    static final Shape BATCH_CLEAR_VALUES =
            message("BatchClearValuesRequest", Map.of("ranges", new Shape.Repeated(TEXT)));

    private static final Shape GRID_PROPERTIES = message(
            "GridProperties",
            Map.of("rowCount", WHOLE, "columnCount", WHOLE, "frozenRowCount", WHOLE, "frozenColumnCount", WHOLE),
            "hideGridlines",
            "rowGroupControlAfter",
            "columnGroupControlAfter");

    private static final Shape SHEET_PROPERTIES = message(
            "SheetProperties",
            Map.of(
                    "sheetId", WHOLE,
                    "title", TEXT,
                    "index", WHOLE,
                    "sheetType", SHEET_TYPE,
                    "hidden", FLAG,
                    "gridProperties", GRID_PROPERTIES),
            "tabColor",
            "tabColorStyle",
            "rightToLeft",
            "dataSourceSheetProperties");

    private static final Shape SPREADSHEET_PROPERTIES = message(
            "SpreadsheetProperties",
            Map.of("title", TEXT, "locale", TEXT, "timeZone", TEXT, "autoRecalc", TEXT),
            "defaultFormat",
            "iterativeCalculationSettings",
            "spreadsheetTheme",
            "importFunctionsExternalUrlAccessAllowed");

    private static final Shape.Message SHEET = message(
            "Sheet",
            Map.of("properties", SHEET_PROPERTIES),
            "data",
            "merges",
            "conditionalFormats",
            "filterViews",
            "protectedRanges",
            "basicFilter",
            "charts",
            "bandedRanges",
            "developerMetadata",
            "rowGroups",
            "columnGroups",
            "slicers",
            "tables");

    static final Shape.Message CREATE_SPREADSHEET = message(
            "Spreadsheet",
            Map.of("spreadsheetId", TEXT, "properties", SPREADSHEET_PROPERTIES, "sheets", new Shape.Repeated(SHEET)),
            "namedRanges",
            "spreadsheetUrl",
            "developerMetadata",
            "dataSources",
            "dataSourceSchedules");

    private static final Shape DIMENSION_RANGE = message(
            "DimensionRange", Map.of("sheetId", WHOLE, "dimension", DIMENSION, "startIndex", WHOLE, "endIndex", WHOLE));

    private static final Shape GRID_RANGE = message(
            "GridRange",
            Map.of(
                    "sheetId", WHOLE,
                    "startRowIndex", WHOLE,
                    "endRowIndex", WHOLE,
                    "startColumnIndex", WHOLE,
                    "endColumnIndex", WHOLE));

    private static final Shape SORT_SPEC = message(
            "SortSpec",
            Map.of("dimensionIndex", WHOLE, "sortOrder", SORT_ORDER),
            "foregroundColor",
            "foregroundColorStyle",
            "backgroundColor",
            "backgroundColorStyle",
            "dataSourceColumnReference");

    private static final Shape REQUEST = message(
            "BatchUpdateSpreadsheetRequest.Request",
            Map.of(
                    "addSheet", message("AddSheetRequest", Map.of("properties", SHEET_PROPERTIES)),
                    "updateSheetProperties",
                            message(
                                    "UpdateSheetPropertiesRequest",
                                    Map.of("properties", SHEET_PROPERTIES, "fields", TEXT)),
                    "appendDimension",
                            message(
                                    "AppendDimensionRequest",
                                    Map.of("sheetId", WHOLE, "dimension", DIMENSION, "length", WHOLE),
                                    "tableId"),
                    "insertDimension",
                            message(
                                    "InsertDimensionRequest",
                                    Map.of("range", DIMENSION_RANGE, "inheritFromBefore", FLAG)),
                    "deleteDimension", message("DeleteDimensionRequest", Map.of("range", DIMENSION_RANGE)),
                    "sortRange",
                            message(
                                    "SortRangeRequest",
                                    Map.of("range", GRID_RANGE, "sortSpecs", new Shape.Repeated(SORT_SPEC)))),
            "addBanding",
            "addChart",
            "addConditionalFormatRule",
            "addDataSource",
            "addDimensionGroup",
            "addFilterView",
            "addNamedRange",
            "addProtectedRange",
            "addSlicer",
            "addTable",
            "appendCells",
            "autoFill",
            "autoResizeDimensions",
            "cancelDataSourceRefresh",
            "clearBasicFilter",
            "copyPaste",
            "createDeveloperMetadata",
            "cutPaste",
            "deleteBanding",
            "deleteConditionalFormatRule",
            "deleteDataSource",
            "deleteDeveloperMetadata",
            "deleteDimensionGroup",
            "deleteDuplicates",
            "deleteEmbeddedObject",
            "deleteFilterView",
            "deleteNamedRange",
            "deleteProtectedRange",
            "deleteRange",
            "deleteSheet",
            "deleteTable",
            "duplicateFilterView",
            "duplicateSheet",
            "findReplace",
            "insertRange",
            "mergeCells",
            "moveDimension",
            "pasteData",
            "randomizeRange",
            "refreshDataSource",
            "repeatCell",
            "setBasicFilter",
            "setDataValidation",
            "textToColumns",
            "trimWhitespace",
            "unmergeCells",
            "updateBanding",
            "updateBorders",
            "updateCells",
            "updateChartSpec",
            "updateConditionalFormatRule",
            "updateDataSource",
            "updateDeveloperMetadata",
            "updateDimensionGroup",
            "updateDimensionProperties",
            "updateEmbeddedObjectBorder",
            "updateEmbeddedObjectPosition",
            "updateFilterView",
            "updateNamedRange",
            "updateProtectedRange",
            "updateSlicerSpec",
            "updateSpreadsheetProperties",
            "updateTable");

    static final Shape BATCH_UPDATE = message(
            "BatchUpdateSpreadsheetRequest",
            Map.of(
                    "requests",
                    new Shape.Repeated(REQUEST),
                    "includeSpreadsheetInResponse",
                    FLAG,
                    "responseRanges",
                    new Shape.Repeated(TEXT),
                    "responseIncludeGridData",
                    FLAG));

    private static final Shape CELL_DATA = message(
            "CellData",
            Map.of("userEnteredValue", ANY, "effectiveValue", ANY, "formattedValue", TEXT),
            "userEnteredFormat",
            "effectiveFormat",
            "hyperlink",
            "note",
            "textFormatRuns",
            "dataValidation",
            "pivotTable",
            "dataSourceTable",
            "dataSourceFormula",
            "chipRuns");

    private static final Shape GRID_DATA = message(
            "GridData",
            Map.of(
                    "startRow",
                    WHOLE,
                    "startColumn",
                    WHOLE,
                    "rowData",
                    new Shape.Repeated(message("RowData", Map.of("values", new Shape.Repeated(CELL_DATA))))),
            "rowMetadata",
            "columnMetadata");

    // The answers, for the masks that select from them.

    static final Shape SPREADSHEET = with(
            CREATE_SPREADSHEET,
            Map.of(
                    "spreadsheetUrl",
                    TEXT,
                    "sheets",
                    new Shape.Repeated(with(SHEET, Map.of("data", new Shape.Repeated(GRID_DATA))))));

    static final Shape BATCH_UPDATE_ANSWER = message(
            "BatchUpdateSpreadsheetResponse",
            Map.of("spreadsheetId", TEXT, "replies", ANY, "updatedSpreadsheet", SPREADSHEET));

    static final Shape BATCH_GET_ANSWER = message(
            "BatchGetValuesResponse", Map.of("spreadsheetId", TEXT, "valueRanges", new Shape.Repeated(VALUE_RANGE)));

    static final Shape UPDATE_ANSWER = message(
            "UpdateValuesResponse",
            Map.of(
                    "spreadsheetId", TEXT,
                    "updatedRange", TEXT,
                    "updatedRows", WHOLE,
                    "updatedColumns", WHOLE,
                    "updatedCells", WHOLE,
                    "updatedData", VALUE_RANGE));

    static final Shape BATCH_UPDATE_VALUES_ANSWER = message(
            "BatchUpdateValuesResponse",
            Map.of(
                    "spreadsheetId", TEXT,
                    "totalUpdatedRows", WHOLE,
                    "totalUpdatedColumns", WHOLE,
                    "totalUpdatedCells", WHOLE,
                    "totalUpdatedSheets", WHOLE,
                    "responses", new Shape.Repeated(UPDATE_ANSWER)));

    static final Shape APPEND_ANSWER = message(
            "AppendValuesResponse", Map.of("spreadsheetId", TEXT, "tableRange", TEXT, "updates", UPDATE_ANSWER));

    static final Shape CLEAR_ANSWER =
            message("ClearValuesResponse", Map.of("spreadsheetId", TEXT, "clearedRange", TEXT));

    static final Shape BATCH_CLEAR_ANSWER =
            message("BatchClearValuesResponse", Map.of("spreadsheetId", TEXT, "clearedRanges", ANY));

    private Messages() {}

    private static Shape.Message message(String type, Map<String, Shape> fields, String... unsupported) {
        var all = new HashMap<>(fields);
        Stream.of(unsupported).forEach(name -> all.put(name, new Shape.Unsupported()));
        return new Shape.Message(PACKAGE + type, Map.copyOf(all));
    }

    private static Shape.Message with(Shape.Message message, Map<String, Shape> more) {
        var all = new HashMap<>(message.fields());
        all.putAll(more);
        return new Shape.Message(message.type(), Map.copyOf(all));
    }
}
