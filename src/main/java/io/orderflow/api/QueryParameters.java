package io.orderflow.api;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.orderflow.domain.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The parameters of a query. Camel's message has them among the headers of the request: they are told apart here. */
public final class QueryParameters {

    private QueryParameters() {}

    /**
     * @param query as it came, or null
     * @param known the parameters that there are
     * @throws Problem naming every one that is not known, or is given twice
     */
    public static Map<String, String> read(String query, List<String> known) {
        var given = new QueryStringDecoder(query == null ? "" : query, false).parameters();
        var violations = new ArrayList<Violation>();
        given.forEach((name, values) -> {
            if (!known.contains(name)) {
                violations.add(new Violation(name, "is not known here; there are " + String.join(", ", known)));
            } else if (values.size() > 1) {
                violations.add(new Violation(name, "is given more than once"));
            }
        });
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations);
        }
        return given.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .getFirst()));
    }

    /**
     * How many elements a page shall have.
     *
     * @param text as given, or null
     * @return nothing when it is no whole number from 1 to 100
     */
    public static OptionalInt limit(String text, int otherwise) {
        if (text == null) {
            return OptionalInt.of(otherwise);
        }
        var number = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
        return number < 1 || number > 100 ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
