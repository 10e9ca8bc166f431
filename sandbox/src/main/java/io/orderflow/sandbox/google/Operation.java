package io.orderflow.sandbox.google;

import io.vertx.core.http.HttpMethod;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The methods of the API, named as in its discovery document without the leading {@code sheets.}. */
enum Operation {
    CREATE("spreadsheets.create", Access.WRITE, Messages.CREATE_SPREADSHEET, Messages.SPREADSHEET, Map.of()),
    GET(
            "spreadsheets.get",
            Access.READ,
            null,
            Messages.SPREADSHEET,
            Map.of("ranges", new Shape.Text(), "includeGridData", new Shape.Flag())),
    BATCH_UPDATE(
            "spreadsheets.batchUpdate", Access.WRITE, Messages.BATCH_UPDATE, Messages.BATCH_UPDATE_ANSWER, Map.of()),
    VALUES_GET("spreadsheets.values.get", Access.READ, null, Messages.VALUE_RANGE, Query.RENDERING),
    VALUES_BATCH_GET(
            "spreadsheets.values.batchGet", Access.READ, null, Messages.BATCH_GET_ANSWER, Query.RENDERING_OF_RANGES),
    VALUES_UPDATE(
            "spreadsheets.values.update", Access.WRITE, Messages.VALUE_RANGE, Messages.UPDATE_ANSWER, Query.INPUT),
    VALUES_APPEND(
            "spreadsheets.values.append", Access.WRITE, Messages.VALUE_RANGE, Messages.APPEND_ANSWER, Query.APPENDING),
    VALUES_BATCH_UPDATE(
            "spreadsheets.values.batchUpdate",
            Access.WRITE,
            Messages.BATCH_UPDATE_VALUES,
            Messages.BATCH_UPDATE_VALUES_ANSWER,
            Map.of()),
    VALUES_CLEAR("spreadsheets.values.clear", Access.WRITE, Messages.NOTHING, Messages.CLEAR_ANSWER, Map.of()),
    VALUES_BATCH_CLEAR(
            "spreadsheets.values.batchClear",
            Access.WRITE,
            Messages.BATCH_CLEAR_VALUES,
            Messages.BATCH_CLEAR_ANSWER,
            Map.of()),
    /** Methods of the real API that the sandbox does not have. */
    UNSUPPORTED("unsupported", Access.WRITE, new Shape.Any(), new Shape.Any(), Map.of()),
    /** Paths that the real API does not have. */
    UNKNOWN("unknown", Access.READ, null, new Shape.Any(), Map.of());

    /** Which quota the method uses up. */
    enum Access {
        READ,
        WRITE
    }

    /** What a request asks for, and of what. */
    record Target(Operation operation, String spreadsheetId, String range) {}

    private static final class Query {
        static final Map<String, Shape> RENDERING = Map.of(
                "majorDimension", Messages.DIMENSION,
                "valueRenderOption", Messages.VALUE_RENDERING,
                "dateTimeRenderOption", Messages.DATE_RENDERING);
        static final Map<String, Shape> RENDERING_OF_RANGES = Map.of(
                "ranges", new Shape.Text(),
                "majorDimension", Messages.DIMENSION,
                "valueRenderOption", Messages.VALUE_RENDERING,
                "dateTimeRenderOption", Messages.DATE_RENDERING);
        static final Map<String, Shape> INPUT = Map.of(
                "valueInputOption", Messages.INPUT_OPTION,
                "includeValuesInResponse", new Shape.Flag(),
                "responseValueRenderOption", Messages.VALUE_RENDERING,
                "responseDateTimeRenderOption", Messages.DATE_RENDERING);
        static final Map<String, Shape> APPENDING = Map.of(
                "valueInputOption", Messages.INPUT_OPTION,
                "insertDataOption", Messages.INSERT_OPTION,
                "includeValuesInResponse", new Shape.Flag(),
                "responseValueRenderOption", Messages.VALUE_RENDERING,
                "responseDateTimeRenderOption", Messages.DATE_RENDERING);
    }

    private static final String ROOT = "/google/v4/spreadsheets";

    final String id;
    final Access access;
    /** The message in the body, or {@code null} where the method takes none. */
    final Shape body;

    final Shape answer;
    /** The query parameters of the method; those of all methods come on top. */
    final Map<String, Shape> query;

    Operation(String id, Access access, Shape body, Shape answer, Map<String, Shape> query) {
        this.id = id;
        this.access = access;
        this.body = body;
        this.answer = answer;
        this.query = query;
    }

    /**
     * Reads the path as it was sent: a colon starts a custom method only where it is not encoded, and a sheet's title
     * may hold an encoded slash.
     */
    static Target target(HttpMethod method, String rawPath) {
        if (!rawPath.startsWith(ROOT)) {
            return new Target(UNKNOWN, null, null);
        }
        var segments = rawPath.substring(ROOT.length()).split("/", -1);
        return switch (segments.length) {
            case 1 ->
                segments[0].isEmpty() && method == HttpMethod.POST
                        ? new Target(CREATE, null, null)
                        : new Target(UNKNOWN, null, null);
            case 2 -> ofSpreadsheet(method, segments[1]);
            case 3 -> ofPart(method, decoded(segments[1]), segments[2]);
            case 4 -> ofRange(method, decoded(segments[1]), segments[2], segments[3]);
            default -> new Target(UNKNOWN, null, null);
        };
    }

    private static Target ofSpreadsheet(HttpMethod method, String segment) {
        var custom = segment.split(":", 2);
        var operation =
                switch (custom.length == 1 ? method.name() : method.name() + ":" + custom[1]) {
                    case "GET" -> GET;
                    case "POST:batchUpdate" -> BATCH_UPDATE;
                    case "POST:getByDataFilter" -> UNSUPPORTED;
                    default -> UNKNOWN;
                };
        return new Target(custom[0].isEmpty() ? UNKNOWN : operation, decoded(custom[0]), null);
    }

    private static Target ofPart(HttpMethod method, String spreadsheetId, String segment) {
        var operation =
                switch (method.name() + " " + segment) {
                    case "GET values:batchGet" -> VALUES_BATCH_GET;
                    case "POST values:batchUpdate" -> VALUES_BATCH_UPDATE;
                    case "POST values:batchClear" -> VALUES_BATCH_CLEAR;
                    case "POST values:batchGetByDataFilter",
                            "POST values:batchUpdateByDataFilter",
                            "POST values:batchClearByDataFilter",
                            "POST developerMetadata:search" -> UNSUPPORTED;
                    default -> UNKNOWN;
                };
        return new Target(operation, spreadsheetId, null);
    }

    private static Target ofRange(HttpMethod method, String spreadsheetId, String collection, String segment) {
        if (!collection.equals("values")) {
            var known = collection.equals("developerMetadata") || collection.equals("sheets");
            return new Target(known ? UNSUPPORTED : UNKNOWN, spreadsheetId, null);
        }
        if (method == HttpMethod.POST) {
            return custom(segment, ":append")
                    .map(range -> new Target(VALUES_APPEND, spreadsheetId, range))
                    .or(() -> custom(segment, ":clear").map(range -> new Target(VALUES_CLEAR, spreadsheetId, range)))
                    .orElse(new Target(UNKNOWN, null, null));
        }
        var operation =
                switch (method.name()) {
                    case "GET" -> VALUES_GET;
                    case "PUT" -> VALUES_UPDATE;
                    default -> UNKNOWN;
                };
        return new Target(operation, spreadsheetId, decoded(segment));
    }

    private static Optional<String> custom(String segment, String verb) {
        return segment.endsWith(verb)
                ? Optional.of(decoded(segment.substring(0, segment.length() - verb.length())))
                : Optional.empty();
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
