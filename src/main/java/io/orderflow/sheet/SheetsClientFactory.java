package io.orderflow.sheet;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sheets.v4.Sheets;
import com.google.api.services.sheets.v4.SheetsScopes;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.ServiceAccountCredentials;
import io.orderflow.TimeScale;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.google.sheets.GoogleSheetsClientFactory;

/**
 * Makes the Sheets client with the service account of {@code GOOGLE_APPLICATION_CREDENTIALS}, whose {@code token_uri} it
 * honours, and the root URL of {@code GOOGLE_SHEETS_API_BASE}.
 */
@ApplicationScoped
@Named("sheetsClientFactory")
public class SheetsClientFactory implements GoogleSheetsClientFactory {

    /**
     * How many exchanges one call can take until it can have no more effect: a token and the call, and after a 401 both
     * of them once more. Each lasts {@link SheetConfig#callTimeout} at most.
     */
    static final int MOST_EXCHANGES = 4;

    private final SheetConfig config;
    private final TimeScale time;

    SheetsClientFactory(SheetConfig config, TimeScale time) {
        this.config = config;
        this.time = time;
    }

    @Override
    public Sheets makeClient(
            String clientId,
            String clientSecret,
            Collection<String> scopes,
            String applicationName,
            String refreshToken,
            String accessToken) {
        return client(applicationName);
    }

    @Override
    public Sheets makeClient(
            CamelContext camelContext,
            String serviceAccountKey,
            Collection<String> scopes,
            String applicationName,
            String delegate) {
        return client(applicationName);
    }

    private Sheets client(String applicationName) {
        try (var key = Files.newInputStream(Path.of(config.credentials()))) {
            var timeout = time.scaled(config.callTimeout());
            var transport = BoundedTransport.of(timeout);
            var credentials = ServiceAccountCredentials.fromStream(key, () -> transport)
                    .createWithCustomRetryStrategy(false)
                    .createScoped(List.of(SheetsScopes.SPREADSHEETS));
            var authorize = new HttpCredentialsAdapter(credentials);
            HttpRequestInitializer initializer = request -> {
                authorize.initialize(request);
                request.setNumberOfRetries(1);
                request.setConnectTimeout((int) timeout.toMillis());
                request.setReadTimeout((int) timeout.toMillis());
            };
            return new Sheets.Builder(transport, GsonFactory.getDefaultInstance(), initializer)
                    .setRootUrl(config.sheetsApiBase())
                    .setApplicationName(applicationName == null ? "Orderflow" : applicationName)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "GOOGLE_APPLICATION_CREDENTIALS: " + config.credentials() + " is no readable key file", e);
        }
    }
}
