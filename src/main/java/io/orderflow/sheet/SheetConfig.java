package io.orderflow.sheet;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Which spreadsheet, and at what pace. Durations are scaled by {@code orderflow.time-scale}. */
@ConfigMapping(prefix = "orderflow.google")
public interface SheetConfig {

    /** The service account's key file. */
    String credentials();

    /** The root of the Sheets API, with a slash at the end. */
    String sheetsApiBase();

    String spreadsheetId();

    /** The sheet (tab) that holds the orders. */
    @WithDefault("Orders")
    String sheetName();

    /** How often the writer looks whether it is time for a flush. Not scaled. */
    Duration tick();

    /** Between two flushes. Google allows 60 reads and 60 writes a minute; a flush takes one of each. */
    @WithDefault("1100ms")
    Duration interval();

    /**
     * How long the one writer may write before it must renew its lease. Longer than any call; and as short as that lets
     * it be, because after a crash nobody writes until it has ended.
     */
    @WithDefault("50s")
    Duration lease();

    /** Between two audits of what the sheet shows. */
    @WithDefault("5m")
    Duration audit();

    /** For how long flushes must have failed before a person is told. */
    @WithDefault("3m")
    Duration alertAfter();

    /** How many orders one flush writes, at most. */
    @WithDefault("500")
    int batch();

    /** How long the row of an order that is being worked may wait for the end of that. As long as a claim lasts. */
    @WithDefault("45s")
    Duration patience();

    /** How long one exchange with Google may take; a call may need four of them. */
    @WithDefault("10s")
    Duration callTimeout();
}
