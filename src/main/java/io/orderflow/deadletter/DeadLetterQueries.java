package io.orderflow.deadletter;

import io.orderflow.api.Answer;
import io.orderflow.api.Contract;
import io.orderflow.api.Problem;
import io.orderflow.api.QueryParameters;
import io.orderflow.delivery.Integrations;
import io.orderflow.domain.Violation;
import io.orderflow.ledger.DeadLetterIndex;
import io.orderflow.ledger.OrderTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;

/** Shows dead letters to operators, of all clients. */
@ApplicationScoped
@Named("deadLetterQueries")
@RegisterForReflection
public class DeadLetterQueries {

    private static final List<String> PARAMETERS = List.of("integration", "cause", "limit", "cursor");
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,4})\n(.*)", Pattern.DOTALL);
    private static final int DEFAULT_LIMIT = 20;

    /** How many orders one request looks at: each is read as a whole. */
    private static final int MOST_ENTRIES_A_PAGE = 1000;

    private static final int MOST_ENTRIES = 2000;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_CURSOR = 1000;
    private static final int MOST_SHOWN = 100;

    private final Letters letters;
    private final Integrations integrations;
    private final ReplayConfig config;
    private final Contract contract;

    DeadLetterQueries(Letters letters, Integrations integrations, ReplayConfig config, Contract contract) {
        this.letters = letters;
        this.integrations = integrations;
        this.config = config;
        this.contract = contract;
    }

    private static final class Sum {
        private int count;
        private Instant oldest = Instant.MAX;
        private Letter newest;

        void add(Letter letter) {
            count++;
            oldest = letter.at().isBefore(oldest) ? letter.at() : oldest;
            newest = newest == null || letter.at().isAfter(newest.at()) ? letter : newest;
        }

        LetterJson.GroupJson json(Letter.Group group) {
            return new LetterJson.GroupJson(
                    group.integration(), group.cause(), count, oldest, newest.at(), LetterJson.Summary.of(newest));
        }
    }

    /** All dead letters by integration and cause, the largest group first. */
    public Answer groups(@Header(Exchange.HTTP_RAW_QUERY) String query) {
        QueryParameters.read(query, List.of());
        var sums = new HashMap<Letter.Group, Sum>();
        var complete = letters.walkAll(
                MOST_ENTRIES,
                found -> found.forEach(letter ->
                        sums.computeIfAbsent(letter.group(), group -> new Sum()).add(letter)));
        var groups = sums.entrySet().stream()
                .map(entry -> entry.getValue().json(entry.getKey()))
                .sorted(Comparator.comparingInt(LetterJson.GroupJson::count)
                        .reversed()
                        .thenComparing(LetterJson.GroupJson::integration)
                        .thenComparing(LetterJson.GroupJson::cause))
                .toList();
        return Answer.ok(new LetterJson.Groups(groups, complete));
    }

    /** A page of dead letters, of one group or of all. */
    public Answer list(@Header(Exchange.HTTP_RAW_QUERY) String query) {
        var parameters = QueryParameters.read(query, PARAMETERS);
        var violations = new ArrayList<Violation>();
        var group = group(parameters, violations);
        var limit = QueryParameters.limit(parameters.get("limit"), DEFAULT_LIMIT);
        if (limit.isEmpty()) {
            violations.add(new Violation("limit", "must be a whole number from 1 to 100"));
        }
        var cursor = parameters.get("cursor");
        var start = cursor == null ? Optional.of(Letters.Position.START) : position(cursor);
        if (start.isEmpty()) {
            violations.add(new Violation("cursor", "is no cursor that was given here; start again without one"));
        }
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations);
        }
        var page = new ArrayList<LetterJson.Summary>();
        var end = letters.walk(start.get(), group, MOST_ENTRIES_A_PAGE, found -> {
            found.stream().map(LetterJson.Summary::of).forEach(page::add);
            return page.size() < limit.getAsInt();
        });
        return Answer.ok(new LetterJson.Page(page, end == null ? null : cursor(end)));
    }

    private static Letter.Group group(Map<String, String> parameters, List<Violation> violations) {
        var integration = parameters.get("integration");
        var cause = parameters.get("cause");
        List.of("integration", "cause").forEach(name -> {
            if (parameters.getOrDefault(name, "").length() > LONGEST_NAME) {
                violations.add(new Violation(name, "must have at most " + LONGEST_NAME + " characters"));
            }
        });
        if (integration == null && cause == null) {
            return null;
        }
        if (integration == null) {
            violations.add(new Violation("integration", "is missing; cause goes with it"));
        }
        if (cause == null) {
            violations.add(new Violation("cause", "is missing; integration goes with it"));
        }
        return new Letter.Group(integration, cause);
    }

    private static Optional<Letters.Position> position(String cursor) {
        if (cursor.length() > LONGEST_CURSOR) {
            return Optional.empty();
        }
        try {
            var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            return Optional.of(CURSOR.matcher(text))
                    .filter(java.util.regex.Matcher::matches)
                    .map(matcher -> new Letters.Position(
                            Integer.parseInt(matcher.group(1)), matcher.group(2).isEmpty() ? null : matcher.group(2)))
                    .filter(at -> at.shard() < OrderTable.shards())
                    .filter(at -> at.after() == null || at.after().compareTo(DeadLetterIndex.LAST) < 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String cursor(Letters.Position at) {
        var text = at.shard() + "\n" + (at.after() == null ? "" : at.after());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** All that is known of one dead letter, also when it is not dead any more. */
    public Answer get(@Header("id") String id) {
        return shown(find(id));
    }

    Answer shown(Letter letter) {
        return Answer.ok(LetterJson.Full.of(letter, integrations.subscriptions()));
    }

    /** @throws Problem when there never was such a letter */
    Letter find(String id) {
        return LetterId.of(id).flatMap(letters::find).orElseThrow(() -> Problem.notFound("dead letter"));
    }

    /** What a replay would do. */
    public Answer preview(@Body byte[] body) {
        var selection =
                contract.readValid(body, "DeadLetterSelection", Selection.class).checked();
        var shown = selection.ids() == null
                ? selected(selection, letter -> LetterJson.Replay.of(letter, integrations.subscriptions()))
                : named(selection.ids());
        var sent = (int) shown.stream().filter(LetterJson.Replay::willBeSent).count();
        return Answer.ok(new LetterJson.Preview(
                shown.size(), sent, shown.size() - sent, shown.subList(0, Math.min(shown.size(), MOST_SHOWN))));
    }

    private List<LetterJson.Replay> named(List<String> ids) {
        var found = letters
                .find(ids.stream()
                        .map(LetterId::of)
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList())
                .stream()
                .collect(Collectors.toMap(letter -> letter.id().toString(), Function.identity()));
        return ids.stream()
                .distinct()
                .map(id -> found.containsKey(id)
                        ? LetterJson.Replay.of(found.get(id), integrations.subscriptions())
                        : LetterJson.Replay.unknown(id))
                .toList();
    }

    /** What is kept of a letter while a group is selected: an order is too large for thousands of them. */
    private record Picked<T>(Instant at, T what) {}

    /**
     * Something of each letter of a group, the oldest first.
     *
     * @throws Problem when there are more than one replay takes, and no limit is given
     */
    private <T> List<T> selected(Selection selection, Function<Letter, T> what) {
        var found = new ArrayList<Picked<T>>();
        var limit = Optional.ofNullable(selection.limit());
        var most = Math.min(limit.orElse(Integer.MAX_VALUE), config.mostLetters());
        var complete = letters.walkGroup(
                selection.group().orElseThrow(),
                MOST_ENTRIES,
                some -> some.forEach(letter -> found.add(new Picked<>(letter.at(), what.apply(letter)))));
        if (limit.isEmpty() && !found.isEmpty() && (!complete || found.size() > most)) {
            throw Problem.unprocessable(
                    "too-many-dead-letters",
                    "There are more dead letters than one request looks through, or than one replay takes. Give a limit,"
                            + " and replay the rest afterwards.",
                    List.of(new Violation("/limit", "is missing; give " + config.mostLetters() + " or less")));
        }
        if (!complete && found.isEmpty()) {
            throw Problem.unprocessable(
                    "too-many-dead-letters",
                    "None was found among as many dead letters as one request looks through. List those that you mean,"
                            + " and name them.",
                    List.of(new Violation("/ids", "is missing; give those that GET /api/dead-letters lists")));
        }
        return found.stream()
                .sorted(Comparator.comparing(Picked::at))
                .limit(most)
                .map(Picked::what)
                .toList();
    }

    /** The ids of the letters that a replay is to take, as they are now. */
    List<String> frozen(Selection selection) {
        return selection.ids() == null
                ? selected(selection, letter -> letter.id().toString())
                : selection.ids().stream().distinct().toList();
    }
}
