package io.orderflow.sandbox.google;

import static io.orderflow.sandbox.google.SheetsFixture.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.sandbox.testing.RunningSandbox;
import io.orderflow.sandbox.testing.RunningSandbox.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SheetsRefusalsTest {

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
    void shouldAnswerInGooglesErrorFormat() {
        // When
        var answer = sheets.get("/values/Nowhere!A1");

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=UTF-8");
        assertThat(answer.body())
                .isEqualTo("{\"error\":{\"code\":400,\"message\":\"Unable to parse range: Nowhere!A1\",\"errors\":["
                        + "{\"message\":\"Unable to parse range: Nowhere!A1\",\"domain\":\"global\","
                        + "\"reason\":\"badRequest\"}],\"status\":\"INVALID_ARGUMENT\"}}");
    }

    @Test
    void shouldRefuseAnUnknownToken() {
        // When
        var answer = sandbox.send(
                sandbox.request("/google/v4/spreadsheets/" + sheets.id).header("Authorization", "Bearer ya29.unknown"));

        // Then
        shouldBeRefused(answer, 401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
        assertThat(answer.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"");
    }

    @Test
    void shouldRefuseACallWithoutIdentity() {
        // When
        var answer = sandbox.get("/google/v4/spreadsheets/" + sheets.id);

        // Then
        shouldBeRefused(answer, 403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers");
    }

    @Test
    void shouldRefuseAWriteWithAReadOnlyToken() {
        // Given
        var token = SheetsFixture.token(sandbox, SheetsFixture.SCOPE + ".readonly");
        var path = "/google/v4/spreadsheets/" + sheets.id + "/values/A1";

        // When
        var read = sandbox.send(sandbox.request(path).header("Authorization", "Bearer " + token));
        var write = sandbox.send(sandbox.request(path + "?valueInputOption=RAW")
                .header("Authorization", "Bearer " + token)
                .PUT(HttpRequest.BodyPublishers.ofString("{\"values\": [[1]]}")));

        // Then
        assertThat(read.status()).isEqualTo(200);
        shouldBeRefused(write, 403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.");
        assertThat(write.body()).contains("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
        assertThat(write.header("WWW-Authenticate")).contains("error=\"insufficient_scope\"");
    }

    @Test
    void shouldNotFindAnotherSpreadsheet() {
        // When
        var answer = sandbox.send(sheets.request("x/values/A1").GET());

        // Then
        shouldBeRefused(answer, 404, "NOT_FOUND", "Requested entity was not found.");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, ''",
        "DELETE, /values/A1",
        "GET, /values:batchUpdate",
        "POST, /values/A1",
        "GET, /nothing/else/here"
    })
    void shouldAnswerAnUnknownMethodWithAPage(String method, String path) {
        // When
        var answer = sandbox.send(sheets.request(path).method(method, HttpRequest.BodyPublishers.noBody()));

        // Then
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    }

    @Test
    void shouldSayThatItDoesNotHaveAMethodOfTheRealApi() {
        // When
        var answer = sheets.post("/values:batchGetByDataFilter", "{}");

        // Then
        shouldBeRefused(answer, 501, "UNIMPLEMENTED", "The sandbox does not have this method");
    }

    @ParameterizedTest
    @CsvSource({
        "Nowhere, Unable to parse range: Nowhere",
        "Orders!, Unable to parse range: Orders!",
        "Orders!A0, Unable to parse range: Orders!A0",
        "Orders!A1:B2:C3, Unable to parse range: Orders!A1:B2:C3",
        "Orders!R1C1, Unable to parse range: Orders!R1C1",
        "Orders!A, Unable to parse range: Orders!A",
        "'Orders!A1001', 'Range (Orders!A1001) exceeds grid limits. Max rows: 1000, max columns: 26'",
        "'Orders!AA1:AB2', 'Range (Orders!AA1:AB2) exceeds grid limits. Max rows: 1000, max columns: 26'",
        "'A1001:B', 'Range (Orders!A1001:B) exceeds grid limits. Max rows: 1000, max columns: 26'",
        "'1001:1002', 'Range (Orders!1001:1002) exceeds grid limits. Max rows: 1000, max columns: 26'",
    })
    void shouldRefuseToReadSuchARange(String range, String message) {
        // When
        var answer = sheets.get("/values/" + encoded(range));

        // Then
        shouldBeRefused(answer, 400, "INVALID_ARGUMENT", message);
    }

    @Test
    void shouldEndARangeWithTheGridWhenItBeginsInside() {
        // When
        var answer = sheets.get("/values/" + encoded("Orders!Y999:AC2000"));

        // Then
        assertThat(answer.json().get("range").textValue()).isEqualTo("Orders!Y999:Z1000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Orders!A1:B1 | [[1,2,3]] | Requested writing within range [Orders!A1:B1], but tried writing to column [C]",
                "Orders!A1:B1 | [[1],[2]] | Requested writing within range [Orders!A1:B1], but tried writing to row [2]",
                "Orders!B:B | [[1,2]] | Requested writing within range [Orders!B:B], but tried writing to column [C]",
                "Orders!A1001 | [[1]] | Range (Orders!A1001) exceeds grid limits. Max rows: 1000, max columns: 26",
                "Orders!A1000 | [[1],[2]] | Range (Orders!A1000:A1001) exceeds grid limits. Max rows: 1000, max columns: 26",
                "Orders!A1000:B2000 | [[1],[2]] | Range (Orders!A1000:A1001) exceeds grid limits.",
                "Orders!Z1 | [[1,2]] | Range (Orders!Z1:AA1) exceeds grid limits. Max rows: 1000, max columns: 26",
                "Orders!A1 | [[[1]]] | Invalid values[0][0]: list_value [1]",
                "Orders!A1 | [[1],[2,{\"a\":1}]] | Invalid values[1][1]: struct_value",
                "Orders!A1 | [\"x\"] | Invalid value at 'data.values[0]' (type.googleapis.com/google.protobuf.ListValue), \"x\"",
            })
    void shouldRefuseToWriteSuchValues(String range, String rows, String message) {
        // When
        var answer = sheets.write(range, rows);

        // Then
        shouldBeRefused(answer, 400, "INVALID_ARGUMENT", message);
        assertThat(sheets.effects("Orders")).isEmpty();
    }

    @Test
    void shouldRefuseACellOfMoreThan50000Characters() {
        // Given
        var longest = "x".repeat(50_000);

        // When
        var fits = sheets.write("Orders!A1", "[[\"" + longest + "\"]]");
        var tooLong = sheets.write("Orders!A2", "[[\"" + longest + "x\"]]");

        // Then
        assertThat(fits.status()).isEqualTo(200);
        shouldBeRefused(
                tooLong,
                400,
                "INVALID_ARGUMENT",
                "Your input contains more than the maximum of 50000 characters in a single cell.");
    }

    @Test
    void shouldRequireAnInputOption() {
        // When
        var update = sheets.put("/values/A1", "{\"values\": [[1]]}");
        var append = sheets.post("/values/A1:append", "{\"values\": [[1]]}");
        var batch = sheets.post("/values:batchUpdate", "{\"data\": [{\"range\": \"A1\", \"values\": [[1]]}]}");

        // Then
        for (var answer : new Answer[] {update, append, batch}) {
            shouldBeRefused(answer, 400, "INVALID_ARGUMENT", "'valueInputOption' is required but not specified");
        }
    }

    @Test
    void shouldRefuseAnUnknownOption() {
        // When
        var input = sheets.put("/values/A1?valueInputOption=COOKED", "{\"values\": [[1]]}");
        var rendering = sheets.get("/values/A1?valueRenderOption=NICE");

        // Then
        shouldBeRefused(
                input,
                400,
                "INVALID_ARGUMENT",
                "Invalid value at 'value_input_option' (type.googleapis.com/google.apps.sheets.v4.ValueInputOption), \"COOKED\"");
        shouldBeRefused(rendering, 400, "INVALID_ARGUMENT", "Invalid value at 'value_render_option'");
    }

    @Test
    void shouldRefuseAnotherRangeInTheBodyThanInThePath() {
        // When
        var answer =
                sheets.put("/values/Orders!A1?valueInputOption=RAW", "{\"range\": \"Orders!A2\", \"values\": [[1]]}");

        // Then
        shouldBeRefused(
                answer, 400, "INVALID_ARGUMENT", "Request range[Orders!A1] does not match value's range[Orders!A2]");
    }

    @Test
    void shouldRefuseFieldsAndParametersThatDoNotExist() {
        // When
        var field = sheets.put("/values/A1?valueInputOption=RAW", "{\"values\": [[1]], \"rows\": 1}");
        var nested =
                sheets.post("/values:batchUpdate", "{\"valueInputOption\": \"RAW\", \"data\": [{\"ranges\": \"A1\"}]}");
        var parameter = sheets.get("/values/A1?render=x");

        // Then
        shouldBeRefused(
                field,
                400,
                "INVALID_ARGUMENT",
                "Invalid JSON payload received. Unknown name \"rows\" at 'data': Cannot find field.");
        shouldBeRefused(
                nested,
                400,
                "INVALID_ARGUMENT",
                "Invalid JSON payload received. Unknown name \"ranges\" at 'data[0]': Cannot find field.");
        shouldBeRefused(
                parameter,
                400,
                "INVALID_ARGUMENT",
                "Invalid JSON payload received. Unknown name \"render\": Cannot bind query parameter.");
        assertThat(field.body()).contains("type.googleapis.com/google.rpc.BadRequest");
    }

    @Test
    void shouldRefuseABodyThatIsNoMessage() {
        // When
        var broken = sheets.put("/values/A1?valueInputOption=RAW", "{\"values\": [[");
        var list = sheets.put("/values/A1?valueInputOption=RAW", "[]");

        // Then
        shouldBeRefused(broken, 400, "INVALID_ARGUMENT", "Invalid JSON payload received.");
        shouldBeRefused(
                list,
                400,
                "INVALID_ARGUMENT",
                "Invalid JSON payload received. Unknown name \"\": Root element must be a message.");
    }

    @Test
    void shouldTakeACompressedBody() throws IOException {
        // Given
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write("{\"values\": [[\"small\"]]}".getBytes());
        }

        // When
        var answer = sandbox.send(sheets.request("/values/A1?valueInputOption=RAW")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(compressed.toByteArray())));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(sheets.read("A1").toString()).isEqualTo("[[\"small\"]]");
    }

    @Test
    void shouldRefuseAMaskThatSelectsNothingThatIsThere() {
        // When
        var unknown = sandbox.send(sheets.request("?fields=sheets.properties.name"));
        var broken = sandbox.send(sheets.request("?fields=" + encoded("sheets(properties")));
        var beforeTheWrite = sheets.put("/values/A1?valueInputOption=RAW&fields=nothing", "{\"values\": [[1]]}");

        // Then
        shouldBeRefused(unknown, 400, "INVALID_ARGUMENT", "Request contains an invalid argument.");
        assertThat(unknown.body()).contains("Cannot find matching fields for path 'sheets.properties.name'");
        shouldBeRefused(broken, 400, "INVALID_ARGUMENT", "Request contains an invalid argument.");
        shouldBeRefused(beforeTheWrite, 400, "INVALID_ARGUMENT", "Request contains an invalid argument.");
        assertThat(sheets.effects("Orders")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'requests': []} | Must specify at least one request.",
                "{} | Must specify at least one request.",
                "{'requests': [{}]} | Invalid requests[0]: No request set.",
                "{'requests': [{'frobnicate': {}}]} | Invalid JSON payload received. Unknown name \"frobnicate\" at 'requests[0]': Cannot find field.",
                "{'requests': [{'repeatCell': {}}]} | The sandbox does not act on 'requests[0].repeat_cell'",
                "{'requests': ['repeatCell']} | Invalid value at 'requests[0]' (type.googleapis.com/google.apps.sheets.v4.BatchUpdateSpreadsheetRequest.Request), \"repeatCell\"",
                "{'requests': [{'addSheet': {'properties': {'title': 'ORDERS'}}}]} | Invalid requests[0].addSheet: A sheet with the name \"ORDERS\" already exists. Please enter another name.",
                "{'requests': [{'addSheet': {'properties': {'sheetId': 0}}}]} | Invalid requests[0].addSheet: A sheet with the ID 0 already exists.",
                "{'requests': [{'addSheet': {'properties': {'gridProperties': {'rowCount': 10000000}}}}]} | Invalid requests[0].addSheet: This action would increase the number of cells in the workbook above the limit of 10000000 cells.",
                "{'requests': [{'updateSheetProperties': {'properties': {'title': 'x'}}}]} | Invalid requests[0].updateSheetProperties: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
                "{'requests': [{'updateSheetProperties': {'properties': {'sheetId': 7}, 'fields': 'title'}}]} | Invalid requests[0].updateSheetProperties: No sheet with id: 7",
                "{'requests': [{'updateSheetProperties': {'properties': {}, 'fields': 'title'}}]} | Invalid requests[0].updateSheetProperties: The sheet name cannot be empty.",
                "{'requests': [{'updateSheetProperties': {'properties': {'gridProperties': {'frozenRowCount': 1000}}, 'fields': 'gridProperties.frozenRowCount'}}]} | Invalid requests[0].updateSheetProperties: You can't freeze all visible rows on the sheet.",
                "{'requests': [{'appendDimension': {'sheetId': 5, 'dimension': 'ROWS', 'length': 1}}]} | Invalid requests[0].appendDimension: No grid with id: 5",
                "{'requests': [{'appendDimension': {'dimension': 'ROWS', 'length': 384000}}]} | Invalid requests[0].appendDimension: This action would increase the number of cells",
                "{'requests': [{'appendDimension': {'dimension': 'ROWS', 'length': 2147483647}}]} | Invalid requests[0].appendDimension: This action would increase the number of cells",
                "{'requests': [{'appendDimension': {'dimension': 'ROWS', 'length': 'many'}}]} | Invalid value at 'requests[0].append_dimension.length' (TYPE_INT32), \"many\"",
                "{'requests': [{'insertDimension': {'range': {'dimension': 'ROWS', 'startIndex': 1001, 'endIndex': 1002}}}]} | Invalid requests[0].insertDimension: range.startIndex is larger than current grid size (1000)",
                "{'requests': [{'insertDimension': {'range': {'dimension': 'ROWS', 'startIndex': 1000, 'endIndex': 1001}}}]} | Invalid requests[0].insertDimension: range.startIndex must be less than the grid size if inheritFromBefore is false.",
                "{'requests': [{'deleteDimension': {'range': {'dimension': 'ROWS', 'startIndex': 1000, 'endIndex': 1001}}}]} | Invalid requests[0].deleteDimension: Cannot delete a row that doesn't exist. Tried to delete row index 1000 but there are only 1000 rows.",
                "{'requests': [{'deleteDimension': {'range': {'dimension': 'ROWS'}}}]} | Invalid requests[0].deleteDimension: Sorry, it is not possible to delete all non-frozen rows.",
                "{'requests': [{'sortRange': {'range': {'startRowIndex': 1000}, 'sortSpecs': [{}]}}]} | Invalid requests[0].sortRange: range.startRowIndex is larger than current grid size (1000)",
            })
    void shouldRefuseSuchABatch(String body, String message) {
        // When
        var answer = sheets.post(":batchUpdate", body.replace('\'', '"').replace("can\"t", "can't"));

        // Then
        shouldBeRefused(answer, 400, "INVALID_ARGUMENT", message);
    }

    @Test
    void shouldCountTheCellsOfAllSheets() {
        // Given
        var rows = 10_000_000 / 26 - 1000;
        var grow = "{\"requests\": [{\"appendDimension\": {\"dimension\": \"ROWS\", \"length\": %d}}]}";

        // When
        var full = sheets.post(":batchUpdate", grow.formatted(rows));
        var another = sheets.post(":batchUpdate", "{\"requests\": [{\"addSheet\": {}}]}");
        sheets.write("A384615", "[[\"last\"]]");
        var append = sheets.post("/values/A1:append?valueInputOption=RAW", "{\"values\": [[1],[2]]}");

        // Then
        assertThat(full.status()).isEqualTo(200);
        assertThat(another.json().get("error").get("message").textValue())
                .startsWith("Invalid requests[0].addSheet: This action would increase the number of cells");
        assertThat(append.status()).isEqualTo(200);
        var beyond = sheets.post("/values/A384615:append?valueInputOption=RAW", "{\"values\": [[1],[2]]}");
        shouldBeRefused(
                beyond,
                400,
                "INVALID_ARGUMENT",
                "This action would increase the number of cells in the workbook above the limit of 10000000 cells.");
    }

    @Test
    void shouldReportAFaultInGooglesFormat() {
        // Given
        sandbox.fault("{\"service\": \"google-sheets\", \"operation\": \"spreadsheets.values.update\","
                + " \"kind\": \"status\", \"status\": 503, \"times\": 1}");

        // When
        var answer = sheets.write("A1", "[[1]]");

        // Then
        shouldBeRefused(answer, 503, "UNAVAILABLE", "Injected fault");
        assertThat(sheets.effects("Orders")).isEmpty();
        assertThat(sandbox.get("/sandbox/calls")
                        .json()
                        .get("google-sheets")
                        .get("spreadsheets.values.update")
                        .intValue())
                .isEqualTo(1);
    }

    private static void shouldBeRefused(Answer answer, int code, String status, String message) {
        var error = answer.json().get("error");
        assertThat(error.get("message").textValue()).startsWith(message);
        assertThat(answer.status()).isEqualTo(code);
        assertThat(error.get("code").intValue()).isEqualTo(code);
        assertThat(error.get("status").textValue()).isEqualTo(status);
        assertThat(error.get("errors").get(0).get("message")).isEqualTo(error.get("message"));
    }
}
