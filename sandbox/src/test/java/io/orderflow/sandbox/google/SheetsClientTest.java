package io.orderflow.sandbox.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.services.sheets.v4.model.AddSheetRequest;
import com.google.api.services.sheets.v4.model.AppendDimensionRequest;
import com.google.api.services.sheets.v4.model.AppendValuesResponse;
import com.google.api.services.sheets.v4.model.BatchClearValuesRequest;
import com.google.api.services.sheets.v4.model.BatchUpdateSpreadsheetRequest;
import com.google.api.services.sheets.v4.model.BatchUpdateSpreadsheetResponse;
import com.google.api.services.sheets.v4.model.BatchUpdateValuesRequest;
import com.google.api.services.sheets.v4.model.ClearValuesRequest;
import com.google.api.services.sheets.v4.model.DeleteDimensionRequest;
import com.google.api.services.sheets.v4.model.DimensionRange;
import com.google.api.services.sheets.v4.model.ExtendedValue;
import com.google.api.services.sheets.v4.model.GridProperties;
import com.google.api.services.sheets.v4.model.GridRange;
import com.google.api.services.sheets.v4.model.InsertDimensionRequest;
import com.google.api.services.sheets.v4.model.Request;
import com.google.api.services.sheets.v4.model.Sheet;
import com.google.api.services.sheets.v4.model.SheetProperties;
import com.google.api.services.sheets.v4.model.SortRangeRequest;
import com.google.api.services.sheets.v4.model.SortSpec;
import com.google.api.services.sheets.v4.model.Spreadsheet;
import com.google.api.services.sheets.v4.model.SpreadsheetProperties;
import com.google.api.services.sheets.v4.model.UpdateSheetPropertiesRequest;
import com.google.api.services.sheets.v4.model.ValueRange;
import io.orderflow.sandbox.testing.RunningSandbox;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Google's own client gets, which sends its bodies compressed. */
class SheetsClientTest {

    @TempDir
    static Path data;

    private static RunningSandbox sandbox;
    private static SheetsFixture sheets;

    @BeforeAll
    static void start() {
        sandbox = RunningSandbox.start(data);
        sheets = new SheetsFixture(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void reset() {
        sandbox.reset();
    }

    @Test
    void shouldHaveAnEmptyOrdersSheetFromTheStart() throws IOException {
        // When
        var spreadsheet = sheets.client.spreadsheets().get(sheets.id).execute();

        // Then
        assertThat(spreadsheet.getProperties().getTitle()).isEqualTo("Orders");
        assertThat(spreadsheet.getSheets()).hasSize(1);
        var properties = spreadsheet.getSheets().getFirst().getProperties();
        assertThat(properties.getSheetId()).isZero();
        assertThat(properties.getTitle()).isEqualTo("Orders");
        assertThat(properties.getSheetType()).isEqualTo("GRID");
        assertThat(properties.getGridProperties().getRowCount()).isEqualTo(1000);
        assertThat(properties.getGridProperties().getColumnCount()).isEqualTo(26);
        assertThat(values("Orders")).isNull();
    }

    @Test
    void shouldReturnOnlyTheFieldsAskedFor() throws IOException {
        // When
        var spreadsheet = sheets.client
                .spreadsheets()
                .get(sheets.id)
                .setFields("spreadsheetId,sheets.properties(title,gridProperties/rowCount)")
                .execute();

        // Then
        assertThat(spreadsheet.getSpreadsheetId()).isEqualTo(sheets.id);
        assertThat(spreadsheet.getProperties()).isNull();
        var properties = spreadsheet.getSheets().getFirst().getProperties();
        assertThat(properties.getTitle()).isEqualTo("Orders");
        assertThat(properties.getSheetId()).isNull();
        assertThat(properties.getGridProperties().getRowCount()).isEqualTo(1000);
        assertThat(properties.getGridProperties().getColumnCount()).isNull();
    }

    @Test
    void shouldWriteAndReadABatch() throws IOException {
        // Given
        var batch = new BatchUpdateValuesRequest()
                .setValueInputOption("RAW")
                .setData(List.of(
                        new ValueRange().setRange("Orders!A1:C1").setValues(List.of(List.of("Id", "Total", "Paid"))),
                        new ValueRange()
                                .setRange("Orders!A2:C3")
                                .setValues(List.of(List.of("o-1", 19.99, true), List.of("o-2", 5, false)))));

        // When
        var written = sheets.client
                .spreadsheets()
                .values()
                .batchUpdate(sheets.id, batch)
                .execute();

        // Then
        assertThat(written.getTotalUpdatedCells()).isEqualTo(9);
        assertThat(written.getTotalUpdatedRows()).isEqualTo(3);
        assertThat(written.getTotalUpdatedSheets()).isEqualTo(1);
        assertThat(written.getResponses())
                .extracting(each -> each.getUpdatedRange())
                .containsExactly("Orders!A1:C1", "Orders!A2:C3");
        var read = sheets.client
                .spreadsheets()
                .values()
                .batchGet(sheets.id)
                .setRanges(List.of("Orders!A2:A", "Orders!B:B", "Orders!Z1:Z9"))
                .execute()
                .getValueRanges();
        assertThat(read)
                .extracting(ValueRange::getRange)
                .containsExactly("Orders!A2:A1000", "Orders!B1:B1000", "Orders!Z1:Z9");
        assertThat(read.get(0).getValues()).isEqualTo(List.of(List.of("o-1"), List.of("o-2")));
        assertThat(read.get(1).getValues()).isEqualTo(List.of(List.of("Total"), List.of("19.99"), List.of("5")));
        assertThat(read.get(2).getValues()).isNull();
    }

    @Test
    void shouldRenderNumbersAsTextUnlessAskedOtherwise() throws IOException {
        // Given
        write("Orders!A1:E1", List.of(List.of(19.99, 7, true, "text", 0.1 + 0.2)));

        // When
        var formatted = values("Orders!A1:E1");
        var unformatted = sheets.client
                .spreadsheets()
                .values()
                .get(sheets.id, "Orders!A1:E1")
                .setValueRenderOption("UNFORMATTED_VALUE")
                .execute()
                .getValues();

        // Then
        assertThat(formatted).isEqualTo(List.of(List.of("19.99", "7", "TRUE", "text", "0.3")));
        assertThat(unformatted.getFirst().get(0)).isEqualTo(new BigDecimal("19.99"));
        assertThat(unformatted.getFirst().get(1)).isEqualTo(new BigDecimal("7"));
        assertThat(unformatted.getFirst().get(2)).isEqualTo(true);
        assertThat(unformatted.getFirst().get(3)).isEqualTo("text");
    }

    @Test
    void shouldKeepAFormulaWrittenRawAsText() throws IOException {
        // Given
        var formula = "=IMPORTXML(\"http://evil.example\", \"//a\")";

        // When
        write("Orders!A1:B1", List.of(List.of(formula, "'007")));

        // Then
        assertThat(values("Orders!A1:B1")).isEqualTo(List.of(List.of(formula, "'007")));
        assertThat(sheets.effects("Orders").toString())
                .isEqualTo("[[\"=IMPORTXML(\\\"http://evil.example\\\", \\\"//a\\\")\",\"'007\"]]");
        assertThat(userEntered("Orders!A1").get("stringValue")).isEqualTo(formula);
    }

    @Test
    void shouldTakeWhatAUserEntersAsTyped() throws IOException {
        // Given
        var typed = List.<Object>of(
                "=IMPORTXML(\"x\")",
                "12.50",
                "true",
                "'=no",
                "2026-01-31",
                "5%",
                "$1,234.50",
                "plain",
                "1/2/2026 12:00");

        // When
        sheets.client
                .spreadsheets()
                .values()
                .update(sheets.id, "Orders!A1", new ValueRange().setValues(List.of(typed)))
                .setValueInputOption("USER_ENTERED")
                .execute();

        // Then
        var unformatted = sheets.client
                .spreadsheets()
                .values()
                .get(sheets.id, "Orders!A1:I1")
                .setValueRenderOption("UNFORMATTED_VALUE")
                .execute()
                .getValues()
                .getFirst();
        assertThat(unformatted)
                .isEqualTo(List.of(
                        "Loading...",
                        new BigDecimal("12.5"),
                        true,
                        "=no",
                        new BigDecimal("46053"),
                        new BigDecimal("0.05"),
                        new BigDecimal("1234.5"),
                        "plain",
                        new BigDecimal("46024.5")));
        var formulas = sheets.client
                .spreadsheets()
                .values()
                .get(sheets.id, "Orders!A1:E1")
                .setValueRenderOption("FORMULA")
                .setDateTimeRenderOption("FORMATTED_STRING")
                .execute()
                .getValues()
                .getFirst();
        assertThat(formulas.get(0)).isEqualTo("=IMPORTXML(\"x\")");
        assertThat(formulas.get(4)).isEqualTo("2026-01-31");
        assertThat(userEntered("Orders!A1").get("formulaValue")).isEqualTo("=IMPORTXML(\"x\")");
        assertThat(sheets.effects("Orders").get(0).get(0).toString())
                .isEqualTo("{\"formula\":\"=IMPORTXML(\\\"x\\\")\"}");
    }

    @Test
    void shouldTrimEmptyEndsAndKeepEmptyMiddles() throws IOException {
        // Given
        write("Orders!A1", List.of(List.of("a", "", "c", ""), List.of(), List.of("", "b")));

        // When
        var rows = values("Orders!A1:F10");
        var columns = sheets.client
                .spreadsheets()
                .values()
                .get(sheets.id, "Orders!A1:F10")
                .setMajorDimension("COLUMNS")
                .execute();

        // Then
        assertThat(rows).isEqualTo(List.of(List.of("a", "", "c"), List.of(), List.of("", "b")));
        assertThat(columns.getMajorDimension()).isEqualTo("COLUMNS");
        assertThat(columns.getValues()).isEqualTo(List.of(List.of("a"), List.of("", "", "b"), List.of("c")));
    }

    @Test
    void shouldLeaveACellForNullAndEmptyItForAnEmptyText() {
        // Given
        sheets.write("Orders!A1:C1", "[[1, 2, 3]]");

        // When
        var answer = sheets.write("Orders!A1:C1", "[[null, \"\", 4]]");

        // Then
        assertThat(answer.json().get("updatedCells").intValue()).isEqualTo(2);
        assertThat(sheets.read("Orders!A1:C1").toString()).isEqualTo("[[1,\"\",4]]");
    }

    @Test
    void shouldWriteByColumns() throws IOException {
        // When
        var written = sheets.client
                .spreadsheets()
                .values()
                .update(
                        sheets.id,
                        "Orders!B2",
                        new ValueRange().setMajorDimension("COLUMNS").setValues(List.of(List.of(1, 2, 3), List.of(4))))
                .setValueInputOption("RAW")
                .setIncludeValuesInResponse(true)
                .execute();

        // Then
        assertThat(written.getUpdatedRange()).isEqualTo("Orders!B2:C4");
        assertThat(written.getUpdatedRows()).isEqualTo(3);
        assertThat(written.getUpdatedColumns()).isEqualTo(2);
        assertThat(written.getUpdatedCells()).isEqualTo(4);
        assertThat(written.getUpdatedData().getValues()).isEqualTo(List.of(List.of("1", "2", "3"), List.of("4")));
        assertThat(sheets.read("Orders!B2:C4").toString()).isEqualTo("[[1,4],[2],[3]]");
    }

    @Test
    void shouldAppendBelowTheTableAndGrowTheGrid() throws IOException {
        // Given
        write("Orders!A1", List.of(List.of("Id", "Total"), List.of("o-1", 1)));
        write("Orders!D5", List.of(List.of("elsewhere")));

        // When
        var first = append("Orders!A1", List.of(List.of("o-2", 2)), null);
        var full = append("Orders!A1", Collections.nCopies(1000, List.of("o-3", 3)), null);

        // Then
        assertThat(first.getTableRange()).isEqualTo("Orders!A1:B2");
        assertThat(first.getUpdates().getUpdatedRange()).isEqualTo("Orders!A3:B3");
        assertThat(full.getUpdates().getUpdatedRange()).isEqualTo("Orders!A4:B1003");
        assertThat(grid().getRowCount()).isEqualTo(1003);
    }

    @Test
    void shouldAppendByInsertingRows() throws IOException {
        // Given
        write("Orders!A1", List.of(List.of("a"), List.of("b")));
        write("Orders!A4", List.of(List.of("z")));

        // When
        append("Orders!A1:A2", List.of(List.of("c"), List.of("d")), "INSERT_ROWS");

        // Then
        assertThat(values("Orders!A1:A"))
                .isEqualTo(List.of(List.of("a"), List.of("b"), List.of("c"), List.of("d"), List.of(), List.of("z")));
        assertThat(grid().getRowCount()).isEqualTo(1002);
    }

    @Test
    void shouldAppendToWhereTheRangeBeginsWithoutATable() throws IOException {
        // When
        var appended = append("Orders!C3:E9", List.of(List.of("x")), null);

        // Then
        assertThat(appended.getTableRange()).isNull();
        assertThat(appended.getUpdates().getUpdatedRange()).isEqualTo("Orders!C3");
    }

    @Test
    void shouldClearRangesButKeepTheRest() throws IOException {
        // Given
        write("Orders!A1", List.of(List.of(1, 2, 3), List.of(4, 5, 6)));

        // When
        var one = sheets.client
                .spreadsheets()
                .values()
                .clear(sheets.id, "Orders!B1:B", new ClearValuesRequest())
                .execute();
        var many = sheets.client
                .spreadsheets()
                .values()
                .batchClear(sheets.id, new BatchClearValuesRequest().setRanges(List.of("Orders!A2", "Orders!C2:D2")))
                .execute();

        // Then
        assertThat(one.getClearedRange()).isEqualTo("Orders!B1:B1000");
        assertThat(many.getClearedRanges()).containsExactly("Orders!A2", "Orders!C2:D2");
        assertThat(values("Orders")).isEqualTo(List.of(List.of("1", "", "3")));
    }

    @Test
    void shouldAddRenameAndReorderSheets() throws IOException {
        // Given
        var added = batch(new Request()
                .setAddSheet(new AddSheetRequest()
                        .setProperties(new SheetProperties()
                                .setTitle("Bob's list")
                                .setGridProperties(new GridProperties()
                                        .setRowCount(10)
                                        .setColumnCount(3)
                                        .setFrozenRowCount(1)))));
        var id = added.getReplies().getFirst().getAddSheet().getProperties().getSheetId();

        // When
        batch(new Request()
                .setUpdateSheetProperties(new UpdateSheetPropertiesRequest()
                        .setProperties(new SheetProperties()
                                .setSheetId(id)
                                .setTitle("It's")
                                .setIndex(0)
                                .setGridProperties(new GridProperties().setRowCount(20)))
                        .setFields("title,index,gridProperties.rowCount")));
        write("'It''s'!A20", List.of(List.of("x")));

        // Then
        var spreadsheet = sheets.client.spreadsheets().get(sheets.id).execute();
        assertThat(spreadsheet.getSheets())
                .extracting(sheet -> sheet.getProperties().getTitle())
                .containsExactly("It's", "Orders");
        assertThat(spreadsheet
                        .getSheets()
                        .getFirst()
                        .getProperties()
                        .getGridProperties()
                        .getFrozenRowCount())
                .isEqualTo(1);
        var read =
                sheets.client.spreadsheets().values().get(sheets.id, "'It''s'").execute();
        assertThat(read.getRange()).isEqualTo("'It''s'!A1:C20");
        assertThat(read.getValues()).hasSize(20);
    }

    @Test
    void shouldAppendInsertAndDeleteRowsAndColumns() throws IOException {
        // Given
        write("Orders!A1", List.of(List.of("a1", "b1", "c1"), List.of("a2", "b2", "c2"), List.of("a3", "b3", "c3")));

        // When
        batch(
                new Request()
                        .setAppendDimension(new AppendDimensionRequest()
                                .setDimension("ROWS")
                                .setLength(500)),
                new Request().setInsertDimension(new InsertDimensionRequest().setRange(range("ROWS", 1, 2))),
                new Request()
                        .setInsertDimension(new InsertDimensionRequest()
                                .setRange(range("COLUMNS", 1, 3))
                                .setInheritFromBefore(true)),
                new Request().setDeleteDimension(new DeleteDimensionRequest().setRange(range("ROWS", 3, 4))),
                new Request().setDeleteDimension(new DeleteDimensionRequest().setRange(range("COLUMNS", 0, 1))));

        // Then
        assertThat(values("Orders"))
                .isEqualTo(List.of(List.of("", "", "b1", "c1"), List.of(), List.of("", "", "b2", "c2")));
        assertThat(grid().getRowCount()).isEqualTo(1500);
        assertThat(grid().getColumnCount()).isEqualTo(27);
    }

    @Test
    void shouldSortARange() throws IOException {
        // Given
        write(
                "Orders!A1",
                List.of(
                        List.of("Key", "Rest"),
                        List.of("b", 1),
                        List.of(10, 2),
                        List.of("", 3),
                        List.of("A", 4),
                        List.of(9, 5),
                        List.of("b", 0)));

        // When
        batch(new Request()
                .setSortRange(new SortRangeRequest()
                        .setRange(new GridRange().setStartRowIndex(1).setEndColumnIndex(2))
                        .setSortSpecs(List.of(
                                new SortSpec().setDimensionIndex(0).setSortOrder("ASCENDING"),
                                new SortSpec().setDimensionIndex(1).setSortOrder("ASCENDING")))));

        // Then
        assertThat(values("Orders!A1:B"))
                .isEqualTo(List.of(
                        List.of("Key", "Rest"),
                        List.of("9", "5"),
                        List.of("10", "2"),
                        List.of("A", "4"),
                        List.of("b", "0"),
                        List.of("b", "1"),
                        List.of("", "3")));
    }

    @Test
    void shouldCreateASpreadsheet() throws IOException {
        // Given
        var wish = new Spreadsheet()
                .setProperties(new SpreadsheetProperties().setTitle("Report"))
                .setSheets(List.of(new Sheet().setProperties(new SheetProperties().setTitle("2026"))));

        // When
        var created = sheets.client.spreadsheets().create(wish).execute();

        // Then
        assertThat(created.getSpreadsheetId()).hasSize(44).isNotEqualTo(sheets.id);
        assertThat(created.getSpreadsheetUrl()).contains(created.getSpreadsheetId());
        sheets.client
                .spreadsheets()
                .values()
                .update(created.getSpreadsheetId(), "'2026'!A1", new ValueRange().setValues(List.of(List.of("x"))))
                .setValueInputOption("RAW")
                .execute();
        var effects = sandbox.effects("google-sheets").get("spreadsheets").get(created.getSpreadsheetId());
        assertThat(effects.toString()).isEqualTo("{\"title\":\"Report\",\"sheets\":{\"2026\":[[\"x\"]]}}");
    }

    @Test
    void shouldApplyABatchAsAWholeOrNotAtAll() throws IOException {
        // Given
        write("Orders!A1", List.of(List.of("before")));
        var valuesBatch = new BatchUpdateValuesRequest()
                .setValueInputOption("RAW")
                .setData(List.of(
                        new ValueRange().setRange("Orders!A1").setValues(List.of(List.of("after"))),
                        new ValueRange().setRange("Nowhere!A1").setValues(List.of(List.of("x")))));

        // When
        var values = refusal(() -> sheets.client
                .spreadsheets()
                .values()
                .batchUpdate(sheets.id, valuesBatch)
                .execute());
        var structure = refusal(() -> batch(
                new Request().setAddSheet(new AddSheetRequest().setProperties(new SheetProperties().setTitle("New"))),
                new Request()
                        .setAppendDimension(new AppendDimensionRequest()
                                .setSheetId(99)
                                .setDimension("ROWS")
                                .setLength(1))));

        // Then
        assertThat(values.getDetails().getMessage()).isEqualTo("Invalid data[1]: Unable to parse range: Nowhere!A1");
        assertThat(structure.getDetails().getMessage())
                .isEqualTo("Invalid requests[1].appendDimension: No grid with id: 99");
        assertThat(values("Orders!A1")).isEqualTo(List.of(List.of("before")));
        assertThat(sheets.client.spreadsheets().get(sheets.id).execute().getSheets())
                .hasSize(1);
    }

    @Test
    void shouldGiveTheClientErrorsThatItUnderstands() {
        // When
        var refusal = refusal(() -> values("Orders!A1001"));

        // Then
        assertThat(refusal.getStatusCode()).isEqualTo(400);
        assertThat(refusal.getDetails().getCode()).isEqualTo(400);
        assertThat(refusal.getDetails().getMessage())
                .isEqualTo("Range (Orders!A1001) exceeds grid limits. Max rows: 1000, max columns: 26");
        assertThat(refusal.getDetails().getErrors().getFirst().getReason()).isEqualTo("badRequest");
        assertThat(refusal.getDetails().getErrors().getFirst().getDomain()).isEqualTo("global");
    }

    @Test
    void shouldTakeManyLargeBatches() throws IOException {
        // Given
        sheets.lift(1000);
        batch(new Request()
                .setAppendDimension(
                        new AppendDimensionRequest().setDimension("ROWS").setLength(9000)));

        // When
        for (int from = 0; from < 10_000; from += 500) {
            var first = from;
            var ranges = IntStream.rangeClosed(from + 1, from + 500)
                    .mapToObj(row -> new ValueRange()
                            .setRange("Orders!A" + row + ":Y" + row)
                            .setValues(List.of(row(row))))
                    .toList();
            var written = sheets.client
                    .spreadsheets()
                    .values()
                    .batchUpdate(
                            sheets.id,
                            new BatchUpdateValuesRequest()
                                    .setValueInputOption("RAW")
                                    .setData(ranges))
                    .execute();
            assertThat(written.getTotalUpdatedCells())
                    .as("batch from %d", first)
                    .isEqualTo(12_500);
        }

        // Then
        var ids = values("Orders!A:A");
        assertThat(ids).hasSize(10_000);
        assertThat(ids.getLast()).isEqualTo(List.of("order-10000"));
        assertThat(values("Orders!Y9999")).isEqualTo(List.of(List.of("9999")));
    }

    private static List<Object> row(int number) {
        var cells = new ArrayList<Object>(Collections.nCopies(25, number));
        cells.set(0, "order-" + number);
        return cells;
    }

    private static DimensionRange range(String dimension, int start, int end) {
        return new DimensionRange()
                .setSheetId(0)
                .setDimension(dimension)
                .setStartIndex(start)
                .setEndIndex(end);
    }

    private static BatchUpdateSpreadsheetResponse batch(Request... requests) throws IOException {
        return sheets.client
                .spreadsheets()
                .batchUpdate(sheets.id, new BatchUpdateSpreadsheetRequest().setRequests(List.of(requests)))
                .execute();
    }

    private static AppendValuesResponse append(String range, List<List<Object>> rows, String insert)
            throws IOException {
        return sheets.client
                .spreadsheets()
                .values()
                .append(sheets.id, range, new ValueRange().setValues(rows))
                .setValueInputOption("RAW")
                .setInsertDataOption(insert)
                .execute();
    }

    private static void write(String range, List<List<Object>> rows) throws IOException {
        sheets.client
                .spreadsheets()
                .values()
                .update(sheets.id, range, new ValueRange().setValues(rows))
                .setValueInputOption("RAW")
                .execute();
    }

    private static List<List<Object>> values(String range) throws IOException {
        return sheets.client
                .spreadsheets()
                .values()
                .get(sheets.id, range)
                .execute()
                .getValues();
    }

    private static GridProperties grid() throws IOException {
        return sheets.client
                .spreadsheets()
                .get(sheets.id)
                .execute()
                .getSheets()
                .getFirst()
                .getProperties()
                .getGridProperties();
    }

    private static ExtendedValue userEntered(String cell) throws IOException {
        return sheets.client
                .spreadsheets()
                .get(sheets.id)
                .setRanges(List.of(cell))
                .setIncludeGridData(true)
                .execute()
                .getSheets()
                .getFirst()
                .getData()
                .getFirst()
                .getRowData()
                .getFirst()
                .getValues()
                .getFirst()
                .getUserEnteredValue();
    }

    private static GoogleJsonResponseException refusal(ThrowingCallable call) {
        return catchThrowableOfType(GoogleJsonResponseException.class, call);
    }
}
