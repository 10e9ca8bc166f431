package io.orderflow.sandbox.oauth;

import com.nimbusds.jwt.JWTClaimsSet;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Reply;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /logout} (OpenID Connect RP-Initiated Logout). The client that shows the ID token of this session ends it at
 * once; anybody else has the person asked. With a session end its codes and refresh tokens.
 */
final class LogoutEndpoint {

    private final Clients clients;
    private final Sessions sessions;
    private final Grants grants;
    private final Tokens tokens;
    private final Cookies cookies;
    private final Pages pages;

    LogoutEndpoint(Clients clients, Users users, Sessions sessions, Grants grants, Tokens tokens) {
        this.clients = clients;
        this.sessions = sessions;
        this.grants = grants;
        this.tokens = tokens;
        this.cookies = new Cookies(sessions);
        this.pages = new Pages(users);
    }

    Reply logout(Call call) {
        var asked = new Parameters(call.request().params());
        var hint = asked.text("id_token_hint").map(tokens::hinted).orElse(Optional.empty());
        var redirectUri = asked.text("post_logout_redirect_uri");
        if (!isAllowed(asked, hint, redirectUri)) {
            return pages.message(
                    400,
                    "This link cannot be followed",
                    "Its id_token_hint is none of ours, or its post_logout_redirect_uri is not registered for the"
                            + " client. You are still signed in.");
        }
        var session = cookies.session(call);
        if (session.isPresent() && !isHinted(hint, session.get()) && !isConfirmed(call)) {
            var csrf = Cookies.csrf(call);
            return Cookies.withCsrf(
                    pages.confirmLogout(session.get().userId(), asked.query(), csrf, redirectUri), csrf);
        }
        session.ifPresent(ended -> {
            sessions.end(ended);
            grants.endSession(ended.sid());
        });
        hint.map(LogoutEndpoint::sid).ifPresent(grants::endSession);
        return redirectUri
                .map(uri -> ReturnTo.redirect(
                        uri,
                        asked.text("state").map(state -> Map.of("state", state)).orElse(Map.of())))
                .orElseGet(() -> pages.message(200, "You are signed out", "You can close this page."));
    }

    private boolean isAllowed(Parameters asked, Optional<JWTClaimsSet> hint, Optional<String> redirectUri) {
        if (asked.text("id_token_hint").isPresent() && hint.isEmpty()) {
            return false;
        }
        var hinted = hint.map(claims -> claims.getAudience().getFirst());
        var named = asked.text("client_id");
        if (hinted.isPresent() && named.isPresent() && !hinted.equals(named)) {
            return false;
        }
        var client = named.or(() -> hinted).flatMap(clients::find);
        return redirectUri.isEmpty()
                || client.filter(known -> known.redirectUris().contains(redirectUri.get()))
                        .isPresent();
    }

    private static boolean isHinted(Optional<JWTClaimsSet> hint, Sessions.Session session) {
        return hint.map(LogoutEndpoint::sid).filter(session.sid()::equals).isPresent();
    }

    private static boolean isConfirmed(Call call) {
        return Cookies.isOurForm(call, new Parameters(call.request().formAttributes()));
    }

    private static String sid(JWTClaimsSet claims) {
        return String.valueOf(claims.getClaim("sid"));
    }
}
