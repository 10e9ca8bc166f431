package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Reply;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;

/** The pages that people see. They work without a script, and let none run. */
final class Pages {

    private static final String STYLE = """
            :root { color-scheme: light dark; --page: #f5f6f8; --card: #fff; --line: #dde1e7; --field: #858d99;
              --text: #1b1f26; --quiet: #59616e; --accent: #0b5cad; --on-accent: #fff; --bad: #a8201a; }
            @media (prefers-color-scheme: dark) {
              :root { --page: #14171c; --card: #1d2129; --line: #343a45; --field: #788292;
                --text: #e7eaf0; --quiet: #a0a9b8; --accent: #7cb7ff; --on-accent: #10151c; --bad: #ff9b94; }
            }
            * { box-sizing: border-box; }
            body { margin: 0; padding: 16px; background: var(--page); color: var(--text);
              font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
            main { max-width: 26rem; margin: 6vh auto 0; }
            .card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 24px; }
            .quiet { color: var(--quiet); margin: 0; font-size: .9rem; }
            h1 { font-size: 1.5rem; line-height: 1.2; margin: 4px 0 8px; }
            h2 { font-size: 1rem; margin: 24px 0 8px; }
            p { margin: 0 0 16px; }
            label { display: block; font-weight: 600; margin: 16px 0 4px; }
            input { width: 100%; font: inherit; color: inherit; background: var(--card); padding: 10px 12px;
              border: 1px solid var(--field); border-radius: 8px; }
            input[aria-invalid] { border-color: var(--bad); }
            button { width: 100%; margin-top: 24px; padding: 12px; font: inherit; font-weight: 600; border: 0;
              border-radius: 8px; background: var(--accent); color: var(--on-accent); cursor: pointer; }
            :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
            .error { border: 1px solid var(--bad); border-radius: 8px; padding: 10px 12px; color: var(--bad); }
            ul { list-style: none; margin: 0; padding: 0; }
            li { border-top: 1px solid var(--line); padding: 10px 0; display: grid; gap: 0 12px;
              grid-template-columns: 1fr auto; align-items: center; }
            li p { grid-column: 1; margin: 0; }
            li a { grid-column: 2; grid-row: 1 / span 2; padding: 10px 0 10px 12px; }
            a { color: var(--accent); }
            code { font: .95em ui-monospace, monospace; }
            """;

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s · Orderflow sandbox</title>
            <link rel="icon" href="data:,">
            <style>%s</style>
            </head>
            <body>
            <main>
            %s
            </main>
            </body>
            </html>
            """;

    private static final String LOGIN = """
            <div class="card">
            <p class="quiet">Orderflow sandbox</p>
            <h1>Sign in</h1>
            <p>to go on to <strong>%s</strong> at %s</p>
            %s
            <form method="post" action="%s">
            <input type="hidden" name="csrf" value="%s">
            <label for="username">User name</label>
            <input id="username" name="username" value="%s" autocomplete="username" autocapitalize="none"
              spellcheck="false" required%s>
            <label for="password">Password</label>
            <input id="password" name="password" type="password" value="%s" autocomplete="current-password" required%s>
            <button>Sign in</button>
            </form>
            </div>
            <h2>Who can sign in here</h2>
            <ul>
            %s
            </ul>
            <p class="quiet">A sandbox has nothing to hide: these people and passwords are of this machine only.</p>""";

    private static final String USER = """
            <li><p><strong>%1$s</strong>, password <code>%2$s</code></p>
            <p class="quiet">%3$s</p>
            <a href="%4$s" aria-label="Fill in %1$s">Fill in</a></li>""";

    private static final String MESSAGE = """
            <div class="card">
            <p class="quiet">Orderflow sandbox</p>
            <h1>%s</h1>
            <p>%s</p>
            </div>""";

    private static final String LOGOUT = """
            <div class="card">
            <p class="quiet">Orderflow sandbox</p>
            <h1>Sign out?</h1>
            <p>You are signed in as <strong>%s</strong>.</p>
            <form method="post" action="%s">
            <input type="hidden" name="csrf" value="%s">
            <button>Sign out</button>
            </form>
            </div>""";

    private static final String POLICY = "default-src 'none'; style-src 'sha256-"
            + Base64.getEncoder().encodeToString(Secrets.sha256(STYLE))
            + "'; img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ";

    /** Why a sign-in was not accepted, and what was typed. */
    record Failure(int status, String message, String username) {}

    private final Users users;

    Pages(Users users) {
        this.users = users;
    }

    Reply login(ReturnTo returnTo, Parameters asked, String csrf, Optional<Failure> failure) {
        var hinted = asked.text("login_hint").flatMap(users::find);
        var username =
                failure.map(Failure::username).or(() -> hinted.map(User::id)).orElse("");
        var invalid = failure.isPresent() ? " aria-invalid=\"true\" aria-describedby=\"error\"" : "";
        var list = users.all().stream()
                .map(user -> USER.formatted(
                        user.id(),
                        user.password(),
                        user.name() + " " + user.mayDo(),
                        escape("/oauth/authorize?" + asked.queryWith("login_hint", user.id()))))
                .collect(Collectors.joining("\n"));
        var origin = Clients.origin(returnTo.redirectUri());
        return page(
                failure.map(Failure::status).orElse(200),
                failure.isPresent() ? "Error: sign in" : "Sign in",
                LOGIN.formatted(
                        escape(returnTo.client().id()),
                        escape(origin),
                        failure.map(why -> "<p class=\"error\" id=\"error\" role=\"alert\">" + escape(why.message())
                                        + "</p>")
                                .orElse(""),
                        escape("/oauth/login?" + asked.query()),
                        csrf,
                        escape(username),
                        username.isEmpty() ? " autofocus" : invalid,
                        failure.isPresent() ? "" : hinted.map(User::password).orElse(""),
                        username.isEmpty() ? "" : invalid + " autofocus",
                        list),
                origin);
    }

    Reply confirmLogout(String userId, String query, String csrf, Optional<String> redirectUri) {
        return page(
                200,
                "Sign out",
                LOGOUT.formatted(escape(userId), escape("/oauth/logout?" + query), csrf),
                redirectUri.map(Clients::origin).orElse(""));
    }

    Reply message(int status, String title, String message) {
        return page(status, title, MESSAGE.formatted(escape(title), escape(message)), "");
    }

    /** @param origin where the answer to the page's form may send the browser: browsers hold redirects to the policy too */
    private static Reply page(int status, String title, String body, String origin) {
        return Reply.text(status, "text/html; charset=utf-8", PAGE.formatted(title, STYLE, body))
                .with("Content-Security-Policy", POLICY + origin)
                .with("Cache-Control", "no-store")
                .with("Referrer-Policy", "no-referrer")
                .with("X-Content-Type-Options", "nosniff");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
