package io.orderflow.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What is logged while a test looks. */
public final class LogCapture extends Handler implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;

    private LogCapture(Logger logger) {
        this.logger = logger;
    }

    public static LogCapture of(Class<?> type) {
        return of(Logger.getLogger(type.getName()));
    }

    /** What everything logs, at the levels that are switched on. */
    public static LogCapture ofAll() {
        return of(Logger.getLogger(""));
    }

    private static LogCapture of(Logger logger) {
        var capture = new LogCapture(logger);
        logger.addHandler(capture);
        return capture;
    }

    public String text() {
        return String.join("\n", lines);
    }

    @Override
    public void publish(LogRecord logged) {
        lines.add(logged instanceof ExtLogRecord extended ? extended.getFormattedMessage() : logged.getMessage());
        if (logged.getThrown() != null) {
            lines.add(logged.getThrown().toString());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
