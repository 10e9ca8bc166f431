package io.orderflow.sandbox.oauth;

import io.vertx.core.MultiMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parameters of a request, from its query or its form. An empty one counts as not given (RFC 6749, section 3.1). */
record Parameters(MultiMap all) {

    Optional<String> text(String name) {
        return Optional.ofNullable(all.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * The value.
     *
     * @throws OAuthError when it is missing
     */
    String required(String name) {
        return text(name).orElseThrow(() -> OAuthError.invalidRequest("The parameter " + name + " is missing."));
    }

    boolean isRepeated(String name) {
        return all.getAll(name).size() > 1;
    }

    /**
     * Does nothing when every parameter is given once.
     *
     * @throws OAuthError when one is not
     */
    void checkNoneIsRepeated() {
        for (var name : all.names()) {
            if (isRepeated(name)) {
                throw OAuthError.invalidRequest("The parameter " + name + " is given more than once.");
            }
        }
    }

    /** As a query, with one value changed. */
    String queryWith(String name, String value) {
        return query(Stream.concat(
                all.entries().stream().filter(entry -> !entry.getKey().equals(name)),
                Stream.of(Map.entry(name, value))));
    }

    String query() {
        return query(all.entries().stream());
    }

    static String query(Stream<Map.Entry<String, String>> parameters) {
        return parameters
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
