package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.testing.RunningSandbox;
import io.orderflow.sandbox.testing.RunningSandbox.Answer;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person's browser: it keeps cookies and sends forms back, and follows no redirect. */
final class Browser {

    private static final Pattern ACTION = Pattern.compile("<form method=\"post\" action=\"([^\"]*)\">");
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

    private final RunningSandbox sandbox;
    private final Map<String, String> cookies = new HashMap<>();

    Browser(RunningSandbox sandbox) {
        this.sandbox = sandbox;
    }

    Answer open(String path) {
        return send(sandbox.request(path));
    }

    /** Sends the page's form with what was typed, as the browser does after a click on its button. */
    Answer submit(Answer page, Map<String, String> typed) {
        var action = first(ACTION, page.body()).group(1).replace("&amp;", "&");
        var fields = new HashMap<>(typed);
        HIDDEN.matcher(page.body()).results().forEach(field -> fields.putIfAbsent(field.group(1), field.group(2)));
        return send(sandbox.request(action)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(fields))));
    }

    Answer signIn(Answer page, String username) {
        return submit(page, Map.of("username", username, "password", password(page, username)));
    }

    void forget(String cookie) {
        cookies.remove(cookie);
    }

    Map<String, String> cookies() {
        return cookies;
    }

    /** As the page shows it. */
    static String password(Answer page, String username) {
        return first(Pattern.compile("<strong>" + username + "</strong>, password <code>([^<]*)</code>"), page.body())
                .group(1);
    }

    /** The parameters that a redirect carries back to the client. */
    static Map<String, String> parameters(Answer redirect) {
        return Arrays.stream(
                        URI.create(redirect.header("Location")).getRawQuery().split("&"))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(
                        parameter -> parameter[0],
                        parameter -> URLDecoder.decode(parameter[1], StandardCharsets.UTF_8)));
    }

    static String form(Map<String, String> fields) {
        return Parameters.query(fields.entrySet().stream());
    }

    private Answer send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        var answer = sandbox.send(request);
        answer.headers().allValues("Set-Cookie").forEach(cookie -> {
            var pair = cookie.split(";")[0].split("=", 2);
            cookies.put(pair[0], pair[1]);
        });
        return answer;
    }

    private static MatchResult first(Pattern pattern, String text) {
        return pattern.matcher(text).results().findFirst().orElseThrow(() -> new AssertionError("Not found: " + text));
    }
}
