package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A search for payment intents, in Stripe's search query language (its page "Search"): clauses such as
 * {@code status:'succeeded'} or {@code -metadata['order_id']:null}, joined by AND or by OR, not by both.
 */
final class SearchQuery implements Predicate<ObjectNode> {

    private static final Set<String> NUMBERS = Set.of("amount", "created");
    private static final Set<String> TOKENS = Set.of("currency", "customer", "status");
    private static final int MIN_SUBSTRING = 3;

    private static final Pattern CLAUSE = Pattern.compile("\\s*(?<not>-)?"
            + "(?:metadata\\[(?<q>['\"])(?<key>(?:\\\\.|(?!\\k<q>).)+)\\k<q>]|(?<field>[a-z_.]+))"
            + "\\s*(?<op>:|~|>=|<=|>|<)\\s*"
            + "(?:(?<p>['\"])(?<text>(?:\\\\.|(?!\\k<p>).)*)\\k<p>|(?<bare>[^\\s'\"]+))\\s*");

    private static final Pattern JOIN = Pattern.compile("\\s*(?<join>AND|and|OR|or)\\b\\s*");

    private final List<Predicate<ObjectNode>> clauses;
    private final boolean any;

    private SearchQuery(List<Predicate<ObjectNode>> clauses, boolean any) {
        this.clauses = clauses;
        this.any = any;
    }

    static SearchQuery parse(String query) {
        var clauses = new ArrayList<Predicate<ObjectNode>>();
        var joins = new ArrayList<String>();
        var clause = CLAUSE.matcher(query);
        var join = JOIN.matcher(query);
        int at = 0;
        do {
            if (!clause.region(at, query.length()).lookingAt()) {
                throw unreadable();
            }
            clauses.add(clause(clause));
            at = clause.end();
            if (at < query.length() && join.region(at, query.length()).lookingAt()) {
                joins.add(join.group("join").toUpperCase(Locale.ROOT));
                at = join.end();
                if (at == query.length()) {
                    throw unreadable();
                }
            } else if (at < query.length()) {
                joins.add("AND");
            }
        } while (at < query.length());
        if (joins.stream().distinct().count() > 1) {
            throw ApiError.invalid("You cannot use `AND` and `OR` in the same query.")
                    .param("query");
        }
        return new SearchQuery(clauses, joins.contains("OR"));
    }

    @Override
    public boolean test(ObjectNode intent) {
        return any
                ? clauses.stream().anyMatch(clause -> clause.test(intent))
                : clauses.stream().allMatch(clause -> clause.test(intent));
    }

    private static Predicate<ObjectNode> clause(Matcher found) {
        var key = found.group("key");
        var field = found.group("field");
        var value = found.group("text") == null ? found.group("bare") : unescaped(found.group("text"));
        var bare = found.group("text") == null;
        Predicate<ObjectNode> matches;
        if (key != null) {
            var name = unescaped(key);
            matches = text(
                    found.group("op"),
                    value,
                    bare,
                    intent -> intent.get("metadata").get(name),
                    "metadata");
        } else if (TOKENS.contains(field)) {
            matches = text(found.group("op"), value, bare, intent -> intent.get(field), field);
        } else if (NUMBERS.contains(field)) {
            matches = number(found.group("op"), value, field);
        } else {
            throw ApiError.invalid("Field `" + field + "` is an unsupported search field for resource"
                            + " `payment_intents`. See https://stripe.com/docs/search#query-fields-for-payment-intents"
                            + " for a list of supported fields.")
                    .param("query");
        }
        return found.group("not") == null ? matches : matches.negate();
    }

    private static Predicate<ObjectNode> text(
            String operator, String value, boolean bare, Function<ObjectNode, JsonNode> field, String name) {
        if (bare) {
            if (!value.equalsIgnoreCase("null") || !operator.equals(":")) {
                throw unreadable();
            }
            return intent -> field.apply(intent) == null || field.apply(intent).isNull();
        }
        var wanted = value.toLowerCase(Locale.ROOT);
        Predicate<String> matches =
                switch (operator) {
                    case ":" -> wanted::equals;
                    case "~" -> {
                        if (!name.equals("metadata")) {
                            throw ApiError.invalid("Field `" + name + "` does not support the `~` operator.")
                                    .param("query");
                        }
                        if (wanted.length() < MIN_SUBSTRING) {
                            throw ApiError.invalid("Substring search values must be at least " + MIN_SUBSTRING
                                            + " characters long.")
                                    .param("query");
                        }
                        yield actual -> actual.contains(wanted);
                    }
                    default ->
                        throw ApiError.invalid("Field `" + name + "` does not support the `" + operator + "` operator.")
                                .param("query");
                };
        return intent -> {
            var actual = field.apply(intent);
            return actual != null
                    && !actual.isNull()
                    && matches.test(actual.asText().toLowerCase(Locale.ROOT));
        };
    }

    private static Predicate<ObjectNode> number(String operator, String value, String field) {
        long wanted;
        try {
            wanted = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw ApiError.invalid("Field `" + field + "` takes a number, not `" + value + "`.")
                    .param("query");
        }
        return switch (operator) {
            case ":" -> intent -> Document.amount(intent, field) == wanted;
            case ">" -> intent -> Document.amount(intent, field) > wanted;
            case ">=" -> intent -> Document.amount(intent, field) >= wanted;
            case "<" -> intent -> Document.amount(intent, field) < wanted;
            case "<=" -> intent -> Document.amount(intent, field) <= wanted;
            default ->
                throw ApiError.invalid("Field `" + field + "` does not support the `" + operator + "` operator.")
                        .param("query");
        };
    }

    private static String unescaped(String text) {
        return text.replaceAll("\\\\(.)", "$1");
    }

    private static ApiError unreadable() {
        return ApiError.invalid("We were unable to parse your search query. Try using the format"
                        + " `metadata[\"key\"]:\"value\"` to query for metadata or key:\"value\" to query for other"
                        + " fields.")
                .param("query");
    }
}
