package io.orderflow.monitoring;

import io.quarkus.logging.LoggingFilter;
import java.util.List;
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

    private static final String LOCAL = "[\\p{L}\\p{N}_.!#$%&'*+=?^`{|}~-]";

    private static final PatternFormatter TRACE = new PatternFormatter("%e");

    private record Mask(Pattern pattern, String by) {

        Mask(String pattern, String by) {
            this(Pattern.compile(pattern), by);
        }
    }

    /** Each looks a bounded number of letters ahead: a long line costs no more than its length. */
    private static final List<Mask> MASKS = List.of(
            // A password in a URL.
            new Mask("(://[^\\s:/@]{0,100}:)[^\\s/@]{1,200}@", "$1***@"),
            // jane@example.com as j***@example.com
            new Mask(
                    "(" + LOCAL + ")" + LOCAL
                            + "{0,63}+@((?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}\\p{L}[\\p{L}\\p{N}-]{1,62})",
                    "$1***@$2"),
            new Mask("((?:sk|rk)_(?:live|test)_|whsec_|ofk_|SG\\.)[\\w.-]+", "$1***"),
            new Mask("\\b(pi_\\w{1,250}?_secret_)\\w+", "$1***"),
            new Mask("(?i)\\b((?:Bearer|Basic) )[\\w.~+/=-]{8,}", "$1***"),
            new Mask("\\b(eyJ)[\\w-]{1,2000}\\.[\\w-]+\\.[\\w-]*", "$1***"));

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
            var maskedTrace = masked(trace);
            if (!maskedTrace.equals(trace)) {
                line.setThrown(null);
                line.setMessage(masked + maskedTrace, ExtLogRecord.FormatStyle.NO_FORMAT);
                return;
            }
        }
        if (!masked.equals(text)) {
            line.setMessage(masked, ExtLogRecord.FormatStyle.NO_FORMAT);
        }
    }

    static String masked(String text) {
        var result = text;
        for (var mask : MASKS) {
            result = mask.pattern.matcher(result).replaceAll(mask.by);
        }
        return result;
    }
}
