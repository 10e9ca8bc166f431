package io.orderflow.sandbox.aws;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a request in the AWS query protocol, where {@code Attributes.entry.1.key} and
 * {@code Entries.member.2.Id} stand for maps and lists, numbered from 1.
 */
final class QueryForm {

    private final MultiMap parameters;
    private final String prefix;

    QueryForm(MultiMap parameters) {
        this(parameters, "");
    }

    private QueryForm(MultiMap parameters, String prefix) {
        this.parameters = parameters;
        this.prefix = prefix;
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(parameters.get(prefix + name));
    }

    /** The value; one that is missing or empty is refused. */
    String required(String name) {
        return get(name).filter(value -> !value.isEmpty()).orElseThrow(() -> Rejection.invalidParameter(name));
    }

    boolean flag(String name) {
        return get(name).map(Boolean::parseBoolean).orElse(false);
    }

    /** A map of strings, in the order of the request. */
    Map<String, String> map(String name) {
        var all = new LinkedHashMap<String, String>();
        for (var entry : structures(name + ".entry")) {
            all.put(entry.required("key"), entry.get("value").orElse(""));
        }
        return all;
    }

    /** The structures {@code name.1}, {@code name.2} and so on. */
    List<QueryForm> structures(String name) {
        var all = new ArrayList<QueryForm>();
        for (int i = 1; has(name + "." + i + "."); i++) {
            all.add(new QueryForm(parameters, prefix + name + "." + i + "."));
        }
        return all;
    }

    private boolean has(String start) {
        return parameters.names().stream().anyMatch(name -> name.startsWith(prefix + start));
    }
}
