package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.World;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The Sheets API v4 under {@code /google/v4/spreadsheets}. Operations are counted, and struck by faults, under the
 * names of the discovery document: {@code spreadsheets.get}, {@code spreadsheets.values.batchUpdate} and so on.
 *
 * <p>A request passes what it passes at Google, in this order: the path, the access token, its scopes, the quota, the
 * form of parameters and body, the spreadsheet, the method. A change is made to a copy and kept only as a whole.
 */
public final class GoogleSheets implements Service {

    private static final String SCOPE = "https://www.googleapis.com/auth/spreadsheets";
    private static final String DRIVE_SCOPE = "https://www.googleapis.com/auth/drive";
    private static final Set<String> WRITING = Set.of(SCOPE, DRIVE_SCOPE, DRIVE_SCOPE + ".file");
    private static final Set<String> READING =
            Set.of(SCOPE, DRIVE_SCOPE, DRIVE_SCOPE + ".file", SCOPE + ".readonly", DRIVE_SCOPE + ".readonly");
    private static final String REALM = "Bearer realm=\"https://accounts.google.com/\"";
    private static final String BEARER = "Bearer ";

    private final World world;
    private final AccessTokens tokens;
    private final Spreadsheets spreadsheets;
    private final Quota quota;
    private final String first;

    GoogleSheets(World world, ServiceAccount account, AccessTokens tokens) {
        this.world = world;
        this.tokens = tokens;
        this.spreadsheets = new Spreadsheets(world.store());
        this.quota = new Quota(world.clock(), world.scaled(Duration.ofMinutes(1)), account.project());
        this.first = spreadsheets.first();
    }

    @Override
    public String name() {
        return "google-sheets";
    }

    @Override
    public void mount(Endpoints endpoints) {
        for (var method :
                List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE)) {
            endpoints.on(
                    method,
                    "/google/v4/*",
                    context -> Operation.target(
                                    Asked.method(context.request()),
                                    context.request().path())
                            .operation()
                            .id,
                    call -> call.answer(answer(call)));
        }
        new PersonAtTheSheet(spreadsheets, quota).mount(endpoints);
    }

    private Reply answer(Call call) {
        var target =
                Operation.target(Asked.method(call.request()), call.request().path());
        if (target.operation() == Operation.UNKNOWN) {
            return Reply.text(
                    404,
                    "text/html; charset=UTF-8",
                    "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title>");
        }
        try {
            var user = authorize(call, target.operation());
            quota.use(user, target.operation().access);
            if (target.operation() == Operation.UNSUPPORTED) {
                throw new GoogleError(
                        GoogleError.Code.UNIMPLEMENTED, "The sandbox does not have this method of the Sheets API.");
            }
            var asked = Asked.read(call, target);
            return GoogleError.answer(200, asked.mask().of(perform(asked)));
        } catch (GoogleError e) {
            return e.reply();
        }
    }

    private String authorize(Call call, Operation operation) {
        var header = call.header("Authorization");
        if (header.isEmpty()) {
            // The API takes API keys too, so that a call with nothing at all lacks an identity, not a credential.
            throw new GoogleError(
                    GoogleError.Code.PERMISSION_DENIED,
                    "Method doesn't allow unregistered callers (callers without established identity). Please use API"
                            + " Key or other form of API consumer identity to call this API.");
        }
        var grant = header.filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .flatMap(value -> tokens.find(value.substring(BEARER.length()).strip()))
                .orElseThrow(() -> new GoogleError(
                                GoogleError.Code.UNAUTHENTICATED,
                                "Request had invalid authentication credentials. Expected OAuth 2 access token, login"
                                        + " cookie or other valid authentication credential. See"
                                        + " https://developers.google.com/identity/sign-in/web/devconsole-project.")
                        .authenticate(REALM + ", error=\"invalid_token\""));
        var enough = operation.access == Operation.Access.READ ? READING : WRITING;
        if (grant.scopes().stream().noneMatch(enough::contains)) {
            throw new GoogleError(GoogleError.Code.PERMISSION_DENIED, "Request had insufficient authentication scopes.")
                    .info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", Map.of("service", "sheets.googleapis.com"))
                    .authenticate(REALM + ", error=\"insufficient_scope\", scope=\"" + SCOPE + "\"");
        }
        return grant.email();
    }

    private JsonNode perform(Asked asked) {
        return switch (asked.target().operation()) {
            case CREATE -> create(asked.body());
            case GET -> describe(spreadsheet(asked), asked.ranges(), asked.flag("includeGridData"), asked.mask());
            case BATCH_UPDATE -> batchUpdate(asked);
            case VALUES_GET -> values(spreadsheet(asked), asked.target().range(), asked);
            case VALUES_BATCH_GET -> batchGet(asked);
            case VALUES_UPDATE -> change(asked, draft -> update(draft, asked));
            case VALUES_APPEND -> change(asked, draft -> append(draft, asked));
            case VALUES_BATCH_UPDATE -> change(asked, draft -> batchUpdateValues(draft, asked.body()));
            case VALUES_CLEAR -> change(asked, draft -> clear(draft, asked));
            case VALUES_BATCH_CLEAR -> change(asked, draft -> batchClear(draft, asked.body()));
            case UNSUPPORTED, UNKNOWN -> throw new IllegalStateException("Answered before");
        };
    }

    private Spreadsheet spreadsheet(Asked asked) {
        return spreadsheets
                .find(asked.target().spreadsheetId())
                .orElseThrow(() -> new GoogleError(GoogleError.Code.NOT_FOUND, "Requested entity was not found."));
    }

    private JsonNode change(Asked asked, Function<Spreadsheet, JsonNode> work) {
        var draft = spreadsheet(asked).copy();
        var answer = work.apply(draft);
        spreadsheets.save(draft);
        return answer;
    }

    private JsonNode create(JsonNode body) {
        var spreadsheet = NewSpreadsheet.of(Secrets.id(), body);
        spreadsheets.save(spreadsheet);
        return spreadsheet.toJson();
    }

    /** {@code Spreadsheet}; with its cells if they are asked for, which a mask does by naming them. */
    private static JsonNode describe(Spreadsheet spreadsheet, List<String> ranges, boolean gridData, FieldMask mask) {
        var json = spreadsheet.toJson();
        var regions = ranges.stream().map(spreadsheet::region).toList();
        regions.forEach(Region::bounded);
        var masked = !mask.equals(FieldMask.EVERYTHING);
        var withData = masked ? mask.selects("sheets", "data") : gridData;
        var sheets = Json.array();
        for (int i = 0; i < spreadsheet.tabs().size(); i++) {
            var tab = spreadsheet.tabs().get(i);
            var here = regions.isEmpty()
                    ? List.of(new Region(tab, A1.of(new Box(0, 0, tab.rowCount(), tab.columnCount()))))
                    : regions.stream().filter(region -> region.tab() == tab).toList();
            if (!here.isEmpty()) {
                var sheet = (ObjectNode) json.get("sheets").get(i);
                if (withData) {
                    var data = sheet.putArray("data");
                    here.forEach(region -> data.add(GridData.of(tab, region.bounded())));
                }
                sheets.add(sheet);
            }
        }
        return json.set("sheets", sheets);
    }

    private JsonNode batchUpdate(Asked asked) {
        var draft = spreadsheet(asked).copy();
        var replies = new BatchUpdate(draft).apply(asked.body().path("requests"));
        var answer = Json.object().put("spreadsheetId", draft.id);
        answer.set("replies", replies);
        if (asked.body().path("includeSpreadsheetInResponse").asBoolean()) {
            var ranges = new ArrayList<String>();
            asked.body().path("responseRanges").forEach(range -> ranges.add(range.textValue()));
            var gridData = asked.body().path("responseIncludeGridData").asBoolean();
            answer.set("updatedSpreadsheet", describe(draft, ranges, gridData, FieldMask.EVERYTHING));
        }
        spreadsheets.save(draft);
        return answer;
    }

    private static ObjectNode values(Spreadsheet spreadsheet, String range, Asked asked) {
        var region = spreadsheet.region(range);
        var byColumns = asked.parameter("majorDimension").orElse("").equals("COLUMNS");
        return Values.read(
                region, region.bounded(), byColumns, asked.rendering("valueRenderOption", "dateTimeRenderOption"));
    }

    private JsonNode batchGet(Asked asked) {
        var spreadsheet = spreadsheet(asked);
        if (asked.ranges().isEmpty()) {
            throw GoogleError.invalid("Must specify at least one range.");
        }
        var answer = Json.object().put("spreadsheetId", spreadsheet.id);
        var all = answer.putArray("valueRanges");
        asked.ranges().forEach(range -> all.add(values(spreadsheet, range, asked)));
        return answer;
    }

    private static JsonNode update(Spreadsheet draft, Asked asked) {
        checkSameRange(asked);
        var region = draft.region(asked.target().range());
        var input = input(asked.parameter("valueInputOption").orElse(null));
        var written = Values.write(region, asked.body(), input);
        return withData(written, draft.id, region, asked);
    }

    private static void checkSameRange(Asked asked) {
        var inBody = asked.body().path("range").asText("");
        if (!inBody.isEmpty() && !inBody.equals(asked.target().range())) {
            throw GoogleError.invalid(
                    "Request range[" + asked.target().range() + "] does not match value's range[" + inBody + "]");
        }
    }

    private static InputOption input(String option) {
        if (option == null || option.equals("INPUT_VALUE_OPTION_UNSPECIFIED")) {
            throw GoogleError.invalid("'valueInputOption' is required but not specified");
        }
        return InputOption.valueOf(option);
    }

    private static ObjectNode withData(Values.Written written, String id, Region shown, Asked asked) {
        var json = written.toJson(id);
        if (asked.flag("includeValuesInResponse")) {
            var byColumns = asked.body().path("majorDimension").asText().equals("COLUMNS");
            var rendering = asked.rendering("responseValueRenderOption", "responseDateTimeRenderOption");
            var box = shown.range().isAnchor() ? written.box() : shown.bounded();
            json.set("updatedData", Values.read(shown, box, byColumns, rendering));
        }
        return json;
    }

    private static JsonNode append(Spreadsheet draft, Asked asked) {
        checkSameRange(asked);
        var region = draft.region(asked.target().range());
        var input = input(asked.parameter("valueInputOption").orElse(null));
        var insert = asked.parameter("insertDataOption").orElse("").equals("INSERT_ROWS");
        var table = Append.table(region);
        var written = Append.write(draft, region, table, asked.body(), input, insert);
        var answer = Json.object().put("spreadsheetId", draft.id);
        table.ifPresent(box -> answer.put("tableRange", region.name(box)));
        var place = new Region(region.tab(), A1.of(written.box()));
        return answer.set("updates", withData(written, draft.id, place, asked));
    }

    private static JsonNode batchUpdateValues(Spreadsheet draft, JsonNode body) {
        var input = input(body.path("valueInputOption").textValue());
        var all = new ArrayList<Values.Written>();
        var data = body.path("data");
        for (int i = 0; i < data.size(); i++) {
            try {
                var region = draft.region(data.get(i).path("range").asText(""));
                all.add(Values.write(region, data.get(i), input));
            } catch (GoogleError e) {
                throw e.in("data[" + i + "]");
            }
        }
        return summary(draft, all, body);
    }

    private static JsonNode summary(Spreadsheet draft, List<Values.Written> all, JsonNode body) {
        var answer = Json.object().put("spreadsheetId", draft.id);
        var cells = 0;
        var rows = 0;
        var columns = 0;
        var tabs = new HashSet<Tab>();
        var responses = Json.array();
        var rendering = Asked.renderingOf(
                body.path("responseValueRenderOption").textValue(),
                body.path("responseDateTimeRenderOption").textValue());
        for (int i = 0; i < all.size(); i++) {
            var written = all.get(i);
            cells += written.cells();
            rows += written.rows();
            columns += written.columns();
            if (written.cells() > 0) {
                tabs.add(written.region().tab());
            }
            var response = written.toJson(draft.id);
            if (body.path("includeValuesInResponse").asBoolean()) {
                var byColumns =
                        body.path("data").get(i).path("majorDimension").asText().equals("COLUMNS");
                var box = written.region().range().isAnchor()
                        ? written.box()
                        : written.region().bounded();
                response.set("updatedData", Values.read(written.region(), box, byColumns, rendering));
            }
            responses.add(response);
        }
        Values.putCount(answer, "totalUpdatedRows", rows);
        Values.putCount(answer, "totalUpdatedColumns", columns);
        Values.putCount(answer, "totalUpdatedCells", cells);
        Values.putCount(answer, "totalUpdatedSheets", tabs.size());
        return responses.isEmpty() ? answer : answer.set("responses", responses);
    }

    private static JsonNode clear(Spreadsheet draft, Asked asked) {
        return Json.object()
                .put("spreadsheetId", draft.id)
                .put("clearedRange", clear(draft.region(asked.target().range())));
    }

    private static String clear(Region region) {
        var box = region.bounded();
        region.tab().clear(box);
        return region.name(box);
    }

    private static JsonNode batchClear(Spreadsheet draft, JsonNode body) {
        var answer = Json.object().put("spreadsheetId", draft.id);
        var cleared = answer.putArray("clearedRanges");
        var ranges = body.path("ranges");
        for (int i = 0; i < ranges.size(); i++) {
            try {
                cleared.add(clear(draft.region(ranges.get(i).textValue())));
            } catch (GoogleError e) {
                throw e.in("range[" + i + "]");
            }
        }
        return answer;
    }

    @Override
    public Object effects() {
        var all = Json.object();
        for (var spreadsheet : spreadsheets.all()) {
            var sheets = Json.object();
            for (var tab : spreadsheet.tabs()) {
                sheets.set(tab.title(), rows(tab));
            }
            all.putObject(spreadsheet.id).put("title", spreadsheet.title()).set("sheets", sheets);
        }
        return Json.object().set("spreadsheets", all);
    }

    private static ArrayNode rows(Tab tab) {
        var rows = Json.array();
        for (int row = 0; row < tab.usedRows(); row++) {
            var cells = rows.addArray();
            for (var cell : tab.row(row)) {
                cells.add(Cell.toJson(cell));
            }
        }
        return rows;
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "GOOGLE_SHEETS_API_BASE", world.settings().base() + "/google/", "GOOGLE_SHEETS_SPREADSHEET_ID", first);
    }

    @Override
    public void reset() {
        spreadsheets.reset();
        quota.reset();
    }

    @Override
    public Reply failure(int status, String message) {
        return new GoogleError(GoogleError.Code.of(status), message).reply(status);
    }
}
