package io.orderflow.sandbox.google;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.sandbox.testing.RunningSandbox;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lasts, and what a person at the sheet does to it. */
class SheetsStateTest {

    private static final String SORTED = "[[\"Id\",\"Total\"],[\"o-1\",9],[\"o-2\",7],[\"o-3\",8]]";

    @TempDir
    Path data;

    @Test
    void shouldKeepTheSheetOverARestart() {
        // Given
        String id;
        try (var first = RunningSandbox.start(data)) {
            var sheets = new SheetsFixture(first);
            id = sheets.id;
            sheets.write("A1", "[[\"Id\", \"Total\", \"Paid\"], [\"o-1\", 19.99, true], [], [\"=1+1\", \"\", 5]]");
            sheets.put("/values/D1?valueInputOption=USER_ENTERED", "{\"values\": [[\"=NOW()\", \"2026-01-31\"]]}");
            sheets.post(
                    ":batchUpdate",
                    "{\"requests\": [{\"deleteDimension\": {\"range\": {\"dimension\": \"ROWS\", \"startIndex\": 2,"
                            + " \"endIndex\": 3}}}, {\"addSheet\": {\"properties\": {\"title\": \"More\"}}}]}");
        }

        // When
        try (var second = RunningSandbox.start(data)) {
            var sheets = new SheetsFixture(second);

            // Then
            assertThat(sheets.id).isEqualTo(id);
            assertThat(sheets.read("A1:C").toString())
                    .isEqualTo("[[\"Id\",\"Total\",\"Paid\"],[\"o-1\",19.99,true],[\"=1+1\",\"\",5]]");
            assertThat(sheets.get("/values/D1:E1?valueRenderOption=FORMULA&dateTimeRenderOption=FORMATTED_STRING")
                            .json()
                            .get("values")
                            .toString())
                    .isEqualTo("[[\"=NOW()\",\"2026-01-31\"]]");
            assertThat(sheets.get("?fields=sheets.properties(title,gridProperties.rowCount)")
                            .body())
                    .isEqualTo(
                            "{\"sheets\":[{\"properties\":{\"title\":\"Orders\",\"gridProperties\":{\"rowCount\":999}}},"
                                    + "{\"properties\":{\"title\":\"More\",\"gridProperties\":{\"rowCount\":1000}}}]}");
        }
    }

    @Test
    void shouldForgetRowsButNotTheIdOnAReset() {
        // Given
        try (var sandbox = RunningSandbox.start(data)) {
            var sheets = new SheetsFixture(sandbox);
            sheets.write("A1", "[[1], [2]]");
            sheets.post(":batchUpdate", "{\"requests\": [{\"addSheet\": {\"properties\": {\"title\": \"More\"}}}]}");

            // When
            sandbox.reset();

            // Then
            assertThat(sheets.effects("Orders")).isEmpty();
            assertThat(sheets.get("?fields=sheets.properties.title").body())
                    .isEqualTo("{\"sheets\":[{\"properties\":{\"title\":\"Orders\"}}]}");
        }
        try (var again = RunningSandbox.start(data)) {
            assertThat(new SheetsFixture(again).effects("Orders")).isEmpty();
        }
    }

    @Test
    void shouldSortBelowTheHeaderAsAPersonDoes() {
        // Given
        try (var sandbox = RunningSandbox.start(data)) {
            var sheets = new SheetsFixture(sandbox);
            sheets.write("A1", "[[\"Id\",\"Total\"],[\"o-3\",8],[\"o-1\",9],[\"o-2\",7]]");
            sandbox.fault("{\"service\": \"google-sheets\", \"kind\": \"status\"}");

            // When
            var ascending = sandbox.post(
                    "/sandbox/google-sheets/" + sheets.id + "/Orders/sort", "{\"column\": 0, \"descending\": false}");
            var afterFirst = sheets.effects("Orders").toString();
            var descending = sandbox.post(
                    "/sandbox/google-sheets/" + sheets.id + "/Orders/sort", "{\"column\": 1, \"descending\": true}");

            // Then
            assertThat(ascending.status()).isEqualTo(204);
            assertThat(afterFirst).isEqualTo(SORTED);
            assertThat(descending.status()).isEqualTo(204);
            assertThat(sheets.effects("Orders").toString())
                    .isEqualTo("[[\"Id\",\"Total\"],[\"o-1\",9],[\"o-3\",8],[\"o-2\",7]]");
            assertThat(sandbox.get("/sandbox/calls").json().get("google-sheets").toString())
                    .isEqualTo("{\"spreadsheets.values.update\":1}");
        }
    }

    @Test
    void shouldDeleteARowAndSetACellAsAPersonDoes() {
        // Given
        try (var sandbox = RunningSandbox.start(data)) {
            var sheets = new SheetsFixture(sandbox);
            sheets.write("A1", SORTED);
            var sheet = "/sandbox/google-sheets/" + sheets.id + "/Orders/";

            // When
            var deleted = sandbox.post(sheet + "delete-row", "{\"row\": 2}");
            var set = sandbox.post(sheet + "cell", "{\"cell\": \"B3\", \"value\": \"paid in cash\"}");

            // Then
            assertThat(deleted.status()).isEqualTo(204);
            assertThat(set.status()).isEqualTo(204);
            assertThat(sheets.effects("Orders").toString())
                    .isEqualTo("[[\"Id\",\"Total\"],[\"o-2\",7],[\"o-3\",\"paid in cash\"]]");
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAnEdit() {
        // Given
        try (var sandbox = RunningSandbox.start(data)) {
            var sheet = "/sandbox/google-sheets/" + sandbox.environment("GOOGLE_SHEETS_SPREADSHEET_ID") + "/";

            // When
            var unknown = sandbox.post(sheet + "Nowhere/sort", "{\"column\": 0}");
            var column = sandbox.post(sheet + "Orders/sort", "{\"column\": 26}");
            var row = sandbox.post(sheet + "Orders/delete-row", "{\"row\": 0}");
            var cell = sandbox.post(sheet + "Orders/cell", "{\"cell\": \"A1001\", \"value\": 1}");

            // Then
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(column.status()).isEqualTo(400);
            assertThat(row.status()).isEqualTo(400);
            assertThat(cell.status()).isEqualTo(400);
        }
    }

    @Test
    void shouldHaveDoneTheWorkWhenOnlyTheAnswerIsLost() {
        // Given
        try (var sandbox = RunningSandbox.start(data)) {
            var sheets = new SheetsFixture(sandbox);
            sandbox.fault(
                    "{\"service\": \"google-sheets\", \"kind\": \"status-after\", \"status\": 500, \"times\": 1}");

            // When
            var answer = sheets.write("A1", "[[1]]");

            // Then
            assertThat(answer.status()).isEqualTo(500);
            assertThat(sheets.effects("Orders").toString()).isEqualTo("[[1]]");
        }
    }
}
