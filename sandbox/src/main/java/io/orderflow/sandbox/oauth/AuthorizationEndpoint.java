package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Reply;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code /authorize} and the sign-in behind it. A person may have less than the client asks for: then the code is for what
 * the person may have, and the token's answer names it.
 */
final class AuthorizationEndpoint {

    private final String issuer;
    private final Clients clients;
    private final Users users;
    private final Sessions sessions;
    private final Grants grants;
    private final Clock clock;
    private final Cookies cookies;
    private final Pages pages;

    AuthorizationEndpoint(String issuer, Clients clients, Users users, Sessions sessions, Grants grants, Clock clock) {
        this.issuer = issuer;
        this.clients = clients;
        this.users = users;
        this.sessions = sessions;
        this.grants = grants;
        this.clock = clock;
        this.cookies = new Cookies(sessions);
        this.pages = new Pages(users);
    }

    Reply authorize(Call call) {
        var parameters = new Parameters(call.request().params());
        return asked(parameters, request -> {
            var session = cookies.session(call).filter(found -> request.isContentWith(found, clock.instant()));
            if (session.isPresent()) {
                return code(request, session.get());
            }
            if (!request.mayAsk()) {
                throw OAuthError.of("login_required", "Nobody is signed in.");
            }
            return login(call, request, parameters, Optional.empty());
        });
    }

    /** Takes the form of the page; the authorization request is in the query. */
    Reply login(Call call) {
        var parameters = new Parameters(call.context().queryParams());
        return asked(parameters, request -> {
            var form = new Parameters(call.request().formAttributes());
            var username = form.text("username").orElse("").strip();
            if (!Cookies.isOurForm(call, form)) {
                var failure = new Pages.Failure(
                        403,
                        "The cookie of this page did not come back. Please allow cookies and sign in again.",
                        username);
                return login(call, request, parameters, Optional.of(failure));
            }
            return users.find(username)
                    .filter(user ->
                            Secrets.same(user.password(), form.text("password").orElse("")))
                    .map(user -> {
                        cookies.session(call).ifPresent(sessions::end);
                        var session = sessions.begin(user);
                        return Cookies.withSession(code(request, session), session);
                    })
                    .orElseGet(() -> login(
                            call,
                            request,
                            parameters,
                            Optional.of(new Pages.Failure(
                                    400, "The user name or the password is wrong. Please try again.", username))));
        });
    }

    private Reply asked(Parameters parameters, Function<AuthorizationRequest, Reply> work) {
        return ReturnTo.read(clients, parameters, issuer)
                .map(returnTo -> {
                    try {
                        return work.apply(AuthorizationRequest.read(returnTo, parameters));
                    } catch (OAuthError e) {
                        return returnTo.error(e);
                    }
                })
                .orElseGet(() -> pages.message(
                        400,
                        "This link cannot be followed",
                        "Its client_id is unknown, or its redirect_uri is not registered for that client. Nothing was"
                                + " sent to either."));
    }

    private Reply login(
            Call call, AuthorizationRequest request, Parameters parameters, Optional<Pages.Failure> failure) {
        var csrf = Cookies.csrf(call);
        return Cookies.withCsrf(pages.login(request.returnTo(), parameters, csrf, failure), csrf);
    }

    private Reply code(AuthorizationRequest request, Sessions.Session session) {
        var may = Scopes.both(
                Scopes.IDENTITY, users.find(session.userId()).orElseThrow().scopes());
        var scopes = Scopes.common(request.scopes(), may);
        if (scopes.isEmpty()) {
            throw OAuthError.of("invalid_scope", session.userId() + " may have none of these scopes.");
        }
        var grant = new Grant(
                request.returnTo().client().id(),
                session.userId(),
                scopes,
                session.sid(),
                session.authenticatedAt(),
                request.nonce());
        return request.returnTo().code(grants.code(grant, request.returnTo().redirectUri(), request.challenge()));
    }
}
