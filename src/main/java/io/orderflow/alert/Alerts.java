package io.orderflow.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orderflow.TimeScale;
import io.orderflow.ledger.AlertTable;
import io.orderflow.ledger.AlertTable.Owed;
import io.orderflow.ledger.AlertTable.Raised;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/**
 * Alerts operators: of one integration and cause at once, and then every few minutes with how much there was meanwhile.
 * What is raised is owed in the ledger, so that a crash loses none; one between the sending and the write after it may
 * repeat one.
 */
@ApplicationScoped
@Named("alerts")
@RegisterForReflection
public class Alerts {

    private static final int MOST_AT_ONCE = 25;
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_TEXT = 1000;

    private final AlertTable table;
    private final AlertConfig config;
    private final ObjectMapper mapper;
    private final TimeScale time;
    private final Clock clock;

    Alerts(AlertTable table, AlertConfig config, ObjectMapper mapper, TimeScale time, Clock clock) {
        this.table = table;
        this.config = config;
        this.mapper = mapper;
        this.time = time;
        this.clock = clock;
    }

    /** The message on the alerts topic. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Message(
            String integration,
            String cause,
            long count,
            Instant since,
            Instant until,
            String example,
            String orderId,
            Instant at) {}

    /**
     * Owes operators an alert. It is stored when this returns.
     *
     * @param cause a short code, the same for all that belongs into one alert; there must be few of them
     * @param text what happened, for the operator
     * @param orderId the order that it happened to, or null
     * @throws io.orderflow.ledger.LedgerException when it cannot be stored
     */
    public void raise(String integration, String cause, String text, String orderId) {
        table.raise(group(integration, cause), raised(integration, cause, text, orderId));
    }

    /**
     * The same for what counts once, however often it is raised.
     *
     * @param subject what it is about, such as the id of a payment
     */
    public void raiseOnce(String subject, String integration, String cause, String text, String orderId) {
        table.raiseOnce(
                once(subject, integration, cause),
                group(integration, cause),
                raised(integration, cause, text, orderId));
    }

    /** Whether {@link #raiseOnce} was called for this subject before. */
    public boolean isRaised(String subject, String integration, String cause) {
        return table.isRaised(once(subject, integration, cause));
    }

    private Raised raised(String integration, String cause, String text, String orderId) {
        return new Raised(
                plain(integration),
                plain(cause),
                text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…",
                orderId,
                clock.instant());
    }

    private static String group(String integration, String cause) {
        return plain(integration) + "#" + plain(cause);
    }

    private static String once(String subject, String integration, String cause) {
        return group(integration, cause) + "#" + subject;
    }

    /** Causes come from third parties, and go into the subject of a mail, which SNS takes up to 100 characters long. */
    private static String plain(String name) {
        var plain = name.replaceAll("[^A-Za-z0-9_.-]+", "-");
        return plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
    }

    /** The groups of which an alert may be due. */
    public List<String> due() {
        return table.due(clock.instant(), MOST_AT_ONCE);
    }

    /** What to tell of a group; null when nothing is due, or another instance tells it. */
    public Owed take(@Body String group) {
        var now = clock.instant();
        return table.take(group, now, now.plus(time.scaled(config.retry()))).orElse(null);
    }

    /** The alert, as JSON. */
    public String message(@ExchangeProperty("alert") Owed owed) throws JsonProcessingException {
        return mapper.writeValueAsString(new Message(
                owed.integration(),
                owed.cause(),
                owed.count(),
                owed.since(),
                owed.latest(),
                owed.example(),
                owed.orderId(),
                clock.instant()));
    }

    /** Takes note that it was told. */
    public void told(@ExchangeProperty("alert") Owed owed) {
        table.told(owed, clock.instant().plus(time.scaled(config.period())));
    }
}
