package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Reply;
import java.util.Optional;
import java.util.regex.Pattern;

/** The cookies of the pages: who is signed in, and the secret that a form of ours repeats and another site's cannot. */
final class Cookies {

    private static final String SESSION = "sandbox_session";
    private static final String CSRF = "sandbox_csrf";
    private static final Pattern RANDOM = Pattern.compile("[A-Za-z0-9_-]{20,60}");

    private final Sessions sessions;

    Cookies(Sessions sessions) {
        this.sessions = sessions;
    }

    Optional<Sessions.Session> session(Call call) {
        return value(call, SESSION).flatMap(sessions::find);
    }

    static Reply withSession(Reply reply, Sessions.Session session) {
        return reply.with("Set-Cookie", cookie(SESSION, session.cookie()));
    }

    /** The same for all forms of one browser, so that the form of another tab stays good. */
    static String csrf(Call call) {
        return value(call, CSRF).orElseGet(() -> Secrets.random(16));
    }

    static Reply withCsrf(Reply reply, String csrf) {
        return reply.with("Set-Cookie", cookie(CSRF, csrf));
    }

    /** Whether the form that was sent is one of our pages'. */
    static boolean isOurForm(Call call, Parameters form) {
        return value(call, CSRF)
                .filter(csrf -> form.text("csrf")
                        .filter(given -> Secrets.same(csrf, given))
                        .isPresent())
                .isPresent();
    }

    private static Optional<String> value(Call call, String name) {
        return Optional.ofNullable(call.request().getCookie(name))
                .map(cookie -> cookie.getValue())
                .filter(value -> RANDOM.matcher(value).matches());
    }

    private static String cookie(String name, String value) {
        return name + "=" + value + "; Path=/oauth; HttpOnly; SameSite=Lax";
    }
}
