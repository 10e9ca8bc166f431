package io.orderflow.deadletter;

import io.orderflow.TimeScale;
import io.orderflow.api.Answer;
import io.orderflow.api.Caller;
import io.orderflow.api.Contract;
import io.orderflow.api.Problem;
import io.orderflow.delivery.Integrations;
import io.orderflow.domain.Action;
import io.orderflow.domain.DeadLetterRules;
import io.orderflow.domain.DeadLetterRules.Progress;
import io.orderflow.domain.DeadLetterRules.Verdict;
import io.orderflow.domain.Order;
import io.orderflow.domain.ReplayJob;
import io.orderflow.ledger.LedgerException;
import io.orderflow.ledger.MessageTable;
import io.orderflow.ledger.OrderId;
import io.orderflow.ledger.OrderTable;
import io.orderflow.ledger.ReplayTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jboss.logging.Logger;

/**
 * Replays of dead letters. A letter bears the id of the replay that sent it, so whoever takes over from an instance that
 * ended sends nothing twice.
 */
@ApplicationScoped
@Named("replays")
@RegisterForReflection
public class Replays {

    private static final Logger LOG = Logger.getLogger(Replays.class);

    private static final int MOST_AT_ONCE = 10;
    private static final int MOST_LISTED = 50;

    private final ReplayTable table;
    private final OrderTable orders;
    private final MessageTable messages;
    private final DeadLetterQueries queries;
    private final Integrations integrations;
    private final Contract contract;
    private final ReplayConfig config;
    private final TimeScale time;
    private final Clock clock;

    Replays(
            ReplayTable table,
            OrderTable orders,
            MessageTable messages,
            DeadLetterQueries queries,
            Integrations integrations,
            Contract contract,
            ReplayConfig config,
            TimeScale time,
            Clock clock) {
        this.table = table;
        this.orders = orders;
        this.messages = messages;
        this.queries = queries;
        this.integrations = integrations;
        this.contract = contract;
        this.config = config;
        this.time = time;
        this.clock = clock;
    }

    /**
     * Begins a replay of the letters that are selected now.
     *
     * @throws Problem when there are none, or too many
     */
    public Answer create(
            @Body byte[] body, @Header("Idempotency-Key") String key, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var checked = contract.read(body, "ReplayRequest", Selection.class);
        var violations = new ArrayList<>(checked.violations());
        contract.requiredKey(key).ifPresent(violations::add);
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations);
        }
        var selection = checked.value().checked();
        var id = OrderId.ofReplay(Caller.client(caller), key);
        var earlier = table.get(id);
        if (earlier.isPresent()) {
            return repeated(earlier.get(), selection);
        }
        var letters = queries.frozen(selection);
        if (letters.isEmpty()) {
            throw Problem.unprocessable(
                    "nothing-to-replay", "There are no dead letters of this integration and cause.", List.of());
        }
        var request = new ReplayJob.Request(
                Caller.actor(caller), selection.reason(), selection.fingerprint(), clock.instant());
        var job = ReplayJob.accepted(id, request, UUID.randomUUID().toString(), letters.size());
        var stored = table.create(job, letters);
        return stored.frozen().equals(job.frozen())
                ? Answer.of(201, ReplayJson.of(stored)).withLocation("/api/dead-letters/replays/" + id)
                : repeated(stored, selection);
    }

    private static Answer repeated(ReplayJob job, Selection selection) {
        if (!job.request().fingerprint().equals(selection.fingerprint())) {
            throw Problem.keyReused("replay");
        }
        return Answer.ok(ReplayJson.of(job));
    }

    public Answer get(@Header("id") String id) {
        return Answer.ok(ReplayJson.of(find(id)));
    }

    private ReplayJob find(String id) {
        return Optional.of(id).filter(OrderId::isOne).flatMap(table::get).orElseThrow(() -> Problem.notFound("replay"));
    }

    /** The latest replays. */
    public Answer list() {
        return Answer.ok(new ReplayJson.Page(
                table.latest(MOST_LISTED).stream().map(ReplayJson::of).toList()));
    }

    /** Sends nothing more of a replay. */
    public Answer stop(@Body byte[] body, @Header("id") String id, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var request = contract.readValid(body, "DeadLetterReason", DeadLetterActions.Reason.class);
        var found = find(id);
        return Answer.ok(ReplayJson.of(
                table.update(id, job -> job.stopped(Caller.actor(caller), request.reason(), clock.instant()))
                        .orElse(found)));
    }

    /** The replays that may have something to do. */
    public List<String> due() {
        return table.due(clock.instant(), MOST_AT_ONCE);
    }

    /**
     * Takes a replay on.
     *
     * @return what is to be sent now; null when there is nothing to do, or another instance has it
     */
    public ReplayStep begin(@Body String id) {
        var now = clock.instant();
        var found = table.get(id)
                .filter(job -> job.nextAt() != null && !job.nextAt().isAfter(now));
        if (found.isEmpty()) {
            return null;
        }
        var held = table.replace(
                found.get(), found.get().heldBy(UUID.randomUUID().toString(), now.plus(time.scaled(config.lease()))));
        if (held.isEmpty()) {
            return null;
        }
        var observed = observed(isCutShort(found.get()) ? withWhatWasSent(held.get()) : held.get());
        var room = observed.room(config.atOnce(), config.mostOpen());
        return new ReplayStep(
                held.get(), observed, table.letters(observed, observed.tally().position(), room));
    }

    /** Whether it was stopped while one looked at it who has not written down since what came of the look. */
    private static boolean isCutShort(ReplayJob job) {
        return job.state() == ReplayJob.State.STOPPED && job.holder() != null;
    }

    /** With the letters that the one before has sent: nobody sends the next of a stopped replay, and so would see them. */
    private ReplayJob withWhatWasSent(ReplayJob job) {
        var result = job;
        for (var text : table.letters(job, job.tally().position(), config.atOnce())) {
            var letter = letter(text);
            if (letter.isMessage()) {
                result = messages.get(letter.subject())
                                .filter(message -> job.id().equals(message.replayId()))
                                .isPresent()
                        ? result.sentAndDone()
                        : result;
            } else if (orders.get(List.of(letter.orderId())).stream()
                    .anyMatch(order -> DeadLetterRules.wasReplayedBy(order, letter.task(), job.id()))) {
                result = result.sent(text);
            }
        }
        return result;
    }

    private ReplayJob observed(ReplayJob job) {
        var open = job.tally().open();
        var found = orders
                .get(open.stream()
                        .map(Replays::letter)
                        .map(LetterId::orderId)
                        .distinct()
                        .toList())
                .stream()
                .collect(Collectors.toMap(Order::id, Function.identity()));
        var result = job;
        for (var text : open) {
            var letter = letter(text);
            var order = found.get(letter.orderId());
            result = result.observed(
                    text,
                    order == null
                            ? new Progress.Left("The order cannot be read.")
                            : DeadLetterRules.progress(
                                    order, letter.task(), job.id(), time.scaled(config.patience()), clock.instant()));
        }
        return result;
    }

    private static LetterId letter(String id) {
        return LetterId.of(id).orElseThrow();
    }

    /**
     * Has one letter delivered again, unless the replay was stopped, or passed to another, since it was taken on.
     *
     * @return the message that is to be sent to the order queue, when the letter is one; else null
     */
    public String replay(@ExchangeProperty("step") ReplayStep step, @Body String id) {
        if (step.isOver() || !isStillOurs(step.held())) {
            step.end();
            return null;
        }
        try {
            var letter = letter(id);
            return letter.isMessage() ? message(step, letter) : delivery(step, letter);
        } catch (LedgerException.NewerSchema e) {
            step.skipped(id, e.getMessage());
        } catch (LedgerException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            step.failed(id, e.getMessage());
        } catch (IllegalStateException e) {
            LOG.warnf(e, "%s cannot be replayed", id);
            step.failed(id, e.getMessage());
        }
        return null;
    }

    private boolean isStillOurs(ReplayJob held) {
        return clock.instant().isBefore(held.nextAt())
                && table.get(held.id())
                        .filter(job -> job.state() == ReplayJob.State.RUNNING)
                        .filter(job -> held.holder().equals(job.holder()))
                        .isPresent();
    }

    private String delivery(ReplayStep step, LetterId letter) {
        var verdict = new AtomicReference<Verdict>(new Verdict.Refused("There is no such dead letter."));
        if (OrderId.isOne(letter.orderId())) {
            orders.update(letter.orderId(), order -> {
                verdict.set(verdict(order, step.job(), letter));
                return verdict.get() instanceof Verdict.Replayable
                        ? DeadLetterRules.replayed(order, action(step.job(), letter))
                        : order;
            });
        }
        switch (verdict.get()) {
            case Verdict.Replayable replayable -> step.sent(letter.toString());
            case Verdict.Refused(var reason) -> step.skipped(letter.toString(), reason);
        }
        return null;
    }

    /** One that this replay has sent already is sent, whatever became of it since. */
    private Verdict verdict(Order order, ReplayJob job, LetterId letter) {
        return DeadLetterRules.wasReplayedBy(order, letter.task(), job.id())
                ? new Verdict.Replayable(List.of())
                : DeadLetterRules.verdict(order, letter.task(), integrations.subscriptions());
    }

    private String message(ReplayStep step, LetterId letter) {
        var message = messages.get(letter.subject());
        if (message.isEmpty()) {
            step.skipped(letter.toString(), "There is no such dead letter.");
            return null;
        }
        if (step.job().id().equals(message.get().replayId())) {
            step.sentAndDone();
            return null;
        }
        return switch (message.get().verdict()) {
            case Verdict.Replayable replayable -> message.get().text();
            case Verdict.Refused(var reason) -> {
                step.skipped(letter.toString(), reason);
                yield null;
            }
        };
    }

    /** Takes note that a message was sent to the queue again. */
    public void messageSent(@ExchangeProperty("step") ReplayStep step, @ExchangeProperty("letter") String id) {
        var letter = letter(id);
        messages.update(
                letter.subject(),
                message -> step.job().id().equals(message.replayId())
                        ? message
                        : message.replayed(action(step.job(), letter)));
        step.sentAndDone();
    }

    private Action action(ReplayJob job, LetterId letter) {
        return new Action(
                job.id(),
                Action.Kind.REPLAYED,
                clock.instant(),
                job.request().by(),
                job.request().reason(),
                letter.subject(),
                letter.integration(),
                Map.of());
    }

    /** Writes down what came of a look. A person may have stopped the replay meanwhile. */
    public void finish(@ExchangeProperty("step") ReplayStep step) {
        table.update(
                step.held().id(),
                job -> step.held().holder().equals(job.holder())
                        ? job.counted(step.job().tally())
                                .settled(clock.instant().plus(time.scaled(config.pause())), clock.instant())
                        : job);
    }
}
