package io.orderflow.sheet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.services.sheets.v4.model.GridProperties;
import com.google.api.services.sheets.v4.model.Spreadsheet;
import io.orderflow.TimeScale;
import io.orderflow.ledger.LedgerException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/**
 * Decides when a person must be told of the spreadsheet: once when it cannot be written to, and once when it is nearly
 * full; again only after that was over.
 */
@ApplicationScoped
@Named("sheetAlarm")
@RegisterForReflection
public class SheetAlarm {

    /** "Google Sheets: Up to 10 million cells": Google's page "Files you can store in Google Drive". */
    private static final long MOST_CELLS = 10_000_000;

    private static final long MANY_CELLS = MOST_CELLS / 10 * 9;

    /** Between two tries to send an alert. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final SheetConfig config;
    private final ObjectMapper mapper;
    private final TimeScale time;
    private final Clock clock;

    private final Map<Problem, String> untold = new EnumMap<>(Problem.class);
    private final Set<Problem> told = EnumSet.noneOf(Problem.class);
    private Instant nextTry = Instant.MIN;

    private Instant failingSince;
    private boolean wasRefused;

    SheetAlarm(SheetConfig config, ObjectMapper mapper, TimeScale time, Clock clock) {
        this.config = config;
        this.mapper = mapper;
        this.time = time;
        this.clock = clock;
    }

    private enum Problem {
        UNUSABLE,
        NEARLY_FULL
    }

    /** The message on the alerts topic. */
    @RegisterForReflection
    record Notice(String spreadsheetId, String sheet, String problem, Instant at) {}

    /**
     * Takes note that a flush failed. A refusal that a person must deal with is told of when it is repeated; what may
     * heal by itself, when it has lasted for some minutes. The ledger's failures are not the spreadsheet's.
     */
    public synchronized void failed(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        if (causes(failure).anyMatch(LedgerException.class::isInstance)) {
            return;
        }
        var now = clock.instant();
        if (failingSince == null) {
            failingSince = now;
        }
        var isRefused = isRefusal(failure);
        if ((isRefused && wasRefused) || !now.isBefore(failingSince.plus(time.scaled(config.alertAfter())))) {
            raise(Problem.UNUSABLE, "Orders do not get into the spreadsheet: " + text(failure));
        }
        wasRefused = isRefused;
    }

    /** Takes note that a flush was written. */
    public synchronized void worked() {
        failingSince = null;
        wasRefused = false;
        settle(Problem.UNUSABLE);
    }

    /** Takes note of how large the spreadsheet is, with all its sheets. */
    public synchronized void measured(@ExchangeProperty("spreadsheet") Spreadsheet spreadsheet) {
        var cells = spreadsheet.getSheets().stream()
                .map(sheet -> sheet.getProperties().getGridProperties())
                .mapToLong(SheetAlarm::cells)
                .sum();
        if (cells < MANY_CELLS) {
            settle(Problem.NEARLY_FULL);
        } else {
            raise(
                    Problem.NEARLY_FULL,
                    "The spreadsheet has %,d of at most %,d cells; remove rows and columns, or take another"
                            .formatted(cells, MOST_CELLS));
        }
    }

    /** A chart on a sheet of its own has no grid. */
    private static long cells(GridProperties grid) {
        return grid == null || grid.getRowCount() == null || grid.getColumnCount() == null
                ? 0
                : (long) grid.getRowCount() * grid.getColumnCount();
    }

    private void raise(Problem problem, String text) {
        if (!told.contains(problem)) {
            untold.put(problem, text);
        }
    }

    private void settle(Problem problem) {
        untold.remove(problem);
        told.remove(problem);
    }

    /** Whether there is something to tell. */
    public synchronized boolean isDue() {
        return !untold.isEmpty() && !clock.instant().isBefore(nextTry);
    }

    /** What there is to tell, as JSON. */
    public synchronized String notice() throws JsonProcessingException {
        nextTry = clock.instant().plus(time.scaled(PAUSE));
        return mapper.writeValueAsString(new Notice(
                config.spreadsheetId(), config.sheetName(), String.join("; ", untold.values()), clock.instant()));
    }

    /** Takes note that it was told. */
    public synchronized void sent() {
        told.addAll(untold.keySet());
        untold.clear();
    }

    /** Whether it stays so until a person does something: 4xx, but for a timeout and too many calls. */
    private static boolean isRefusal(Exception failure) {
        return causes(failure).anyMatch(cause -> switch (cause) {
            case SheetException own -> own.isFinal();
            case HttpResponseException http -> isRefusal(http);
            default -> false;
        });
    }

    /** When Google asks to be called again; the distant past when it does not say. */
    static Instant retryAt(Exception failure, Instant now) {
        return causes(failure)
                .filter(HttpResponseException.class::isInstance)
                .map(http -> ((HttpResponseException) http).getHeaders().getRetryAfter())
                .filter(header -> header != null && header.matches("\\d{1,4}"))
                .map(header -> now.plusSeconds(Long.parseLong(header)))
                .findFirst()
                .orElse(Instant.MIN);
    }

    private static boolean isRefusal(HttpResponseException http) {
        var status = http.getStatusCode();
        return status >= 400 && status < 500 && status != 408 && status != 429;
    }

    private static String text(Exception failure) {
        return causes(failure)
                .flatMap(cause -> said(cause).stream())
                .findFirst()
                .orElse(String.valueOf(failure.getMessage()));
    }

    private static Optional<String> said(Throwable cause) {
        return switch (cause) {
            case SheetException own -> Optional.of(own.getMessage());
            case GoogleJsonResponseException google
            when google.getDetails() != null ->
                Optional.of(google.getStatusCode() + " " + google.getDetails().getMessage());
            case HttpResponseException http -> Optional.of(http.getStatusCode() + " " + http.getStatusMessage());
            default -> Optional.empty();
        };
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
