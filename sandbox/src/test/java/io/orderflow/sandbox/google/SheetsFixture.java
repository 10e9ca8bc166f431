package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sheets.v4.Sheets;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import io.orderflow.sandbox.testing.RunningSandbox;
import io.orderflow.sandbox.testing.RunningSandbox.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sheets of one sandbox, by Google's own client and by bare HTTP. */
final class SheetsFixture {

    static final String SCOPE = "https://www.googleapis.com/auth/spreadsheets";

    final RunningSandbox sandbox;
    final Sheets client;
    final String id;
    private final String token;

    SheetsFixture(RunningSandbox sandbox) {
        this.sandbox = sandbox;
        this.id = sandbox.environment("GOOGLE_SHEETS_SPREADSHEET_ID");
        this.token = token(sandbox, SCOPE);
        try {
            client = new Sheets.Builder(
                            new NetHttpTransport(),
                            GsonFactory.getDefaultInstance(),
                            new HttpCredentialsAdapter(credentials(sandbox).createScoped(SCOPE)))
                    .setRootUrl(sandbox.environment("GOOGLE_SHEETS_API_BASE"))
                    .setApplicationName("test")
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GoogleCredentials credentials(RunningSandbox sandbox) throws IOException {
        try (var file = Files.newInputStream(Path.of(sandbox.environment("GOOGLE_APPLICATION_CREDENTIALS")))) {
            return GoogleCredentials.fromStream(file);
        }
    }

    static String token(RunningSandbox sandbox, String scope) {
        try {
            return credentials(sandbox).createScoped(scope).refreshAccessToken().getTokenValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request to a path below the first spreadsheet, with a token. */
    HttpRequest.Builder request(String path) {
        return sandbox.request("/google/v4/spreadsheets/" + id + path).header("Authorization", "Bearer " + token);
    }

    Answer get(String path) {
        return sandbox.send(request(path).GET());
    }

    Answer post(String path, String json) {
        return sandbox.send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer put(String path, String json) {
        return sandbox.send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Writes rows, given as JSON, as they are. */
    Answer write(String range, String rows) {
        return put("/values/" + encoded(range) + "?valueInputOption=RAW", "{\"values\": " + rows + "}");
    }

    /** The values of a range as JSON, numbers as numbers; a missing node when it is empty. */
    JsonNode read(String range) {
        return get("/values/" + encoded(range) + "?valueRenderOption=UNFORMATTED_VALUE")
                .json()
                .path("values");
    }

    /** What the sheet holds, of the first spreadsheet. */
    JsonNode effects(String sheet) {
        return sandbox.effects("google-sheets")
                .get("spreadsheets")
                .get(id)
                .get("sheets")
                .get(sheet);
    }

    void lift(int calls) {
        sandbox.post("/sandbox/google-sheets/quota", "{\"reads\": " + calls + ", \"writes\": " + calls + "}");
    }

    static String encoded(String range) {
        return URLEncoder.encode(range, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
