package io.orderflow.monitoring;

import io.quarkus.logging.LoggingFilter;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * Masks mail addresses and secrets in every line of the log, whoever writes it: libraries and third parties repeat what
 * they were given. Names and streets bear no mark by which they could be known; our own lines do not have them.
 */
@LoggingFilter(name = "privacy")
public final class LogPrivacy implements Filter {

    private static final PatternFormatter TRACE = new PatternFormatter("%e");

    private static final Map<Pattern, String> MASKS = Map.of(
            // jane@example.com as j***@example.com
            Pattern.compile("([\\w.!#$%&'*+/=?^`{|}~-])[\\w.!#$%&'*+/=?^`{|}~-]*@((?:[A-Za-z0-9-]+\\.)+[A-Za-z]{2,})"),
            "$1***@$2",
            Pattern.compile("\\b((?:sk|rk)_(?:live|test)_|whsec_|ofk_|SG\\.)[\\w.-]+"),
            "$1***",
            Pattern.compile("\\b(pi_\\w+_secret_)\\w+"),
            "$1***",
            Pattern.compile("(?i)\\b(Bearer )[\\w.~+/=-]{8,}"),
            "$1***");

    @Override
    public boolean isLoggable(LogRecord line) {
        if (line instanceof ExtLogRecord extended) {
            mask(extended);
        }
        return true;
    }

    private static void mask(ExtLogRecord line) {
        var text = line.getFormattedMessage();
        var masked = text == null ? "" : masked(text);
        if (line.getThrown() != null) {
            var trace = TRACE.format(line);
            if (!masked(trace).equals(trace)) {
                line.setThrown(null);
                line.setMessage(masked + masked(trace), ExtLogRecord.FormatStyle.NO_FORMAT);
                return;
            }
        }
        if (!masked.equals(text)) {
            line.setMessage(masked, ExtLogRecord.FormatStyle.NO_FORMAT);
        }
    }

    static String masked(String text) {
        var result = text;
        for (var mask : MASKS.entrySet()) {
            result = mask.getKey().matcher(result).replaceAll(mask.getValue());
        }
        return result;
    }
}
