package io.orderflow.security;

import io.orderflow.api.HttpProblems;
import io.orderflow.api.Problem;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Authenticates by an API key ({@code X-API-Key}) or an OAuth 2.0 token ({@code Authorization: Bearer}), whichever the
 * request shows. It stands for both mechanisms, so that whoever is refused is told of both, in the form of every other
 * problem.
 */
@Alternative
@Priority(1)
@ApplicationScoped
public class CallerMechanism implements HttpAuthenticationMechanism {

    private static final String CHALLENGE = "ApiKey realm=\"orderflow\", Bearer realm=\"orderflow\"";

    /** RFC 6750, section 3.1: with it clients know that a new token helps. */
    private static final String INVALID_TOKEN = CHALLENGE + ", error=\"invalid_token\"";

    /** RFC 6750, with a token as RFC 7515 has it. */
    private static final Pattern BEARER =
            Pattern.compile("(?i)bearer +[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Supplier<Throwable> ISSUER_AWAY = () ->
            Problem.unavailable("Tokens cannot be verified now, as their issuer does not answer. Repeat the request.");

    private final AtomicLong issuerMissed = new AtomicLong(System.nanoTime() - PAUSE.toNanos());
    private final ApiKeyMechanism keys;
    private final OidcAuthenticationMechanism tokens;
    private final HttpProblems problems;

    CallerMechanism(ApiKeyMechanism keys, OidcAuthenticationMechanism tokens, HttpProblems problems) {
        this.keys = keys;
        this.tokens = tokens;
        this.problems = problems;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        var showsKey = context.request().getHeader(ApiKeyMechanism.HEADER) != null;
        var authorization = context.request().getHeader("Authorization");
        if (showsKey && authorization == null) {
            answerFor(context);
            return keys.authenticate(context);
        }
        if (!showsKey && (authorization == null || BEARER.matcher(authorization).matches())) {
            return authorization == null
                    ? tokens.authenticate(context, providers).onTermination().invoke(() -> answerFor(context))
                    : verified(context, providers);
        }
        answerFor(context);
        return Uni.createFrom()
                .failure(new AuthenticationFailedException(
                        "A request shows an API key or a JSON Web Token, one of them"));
    }

    /** While the issuer has never been reached, every token would have it asked anew. */
    private Uni<SecurityIdentity> verified(RoutingContext context, IdentityProviderManager providers) {
        if (System.nanoTime() - issuerMissed.get() < PAUSE.toNanos()) {
            return Uni.createFrom().failure(ISSUER_AWAY);
        }
        return tokens.authenticate(context, providers)
                .onTermination()
                .invoke(() -> answerFor(context))
                .onFailure(OIDCException.class)
                .transform(failure -> {
                    issuerMissed.set(System.nanoTime());
                    return ISSUER_AWAY.get();
                });
    }

    /** The mechanism of the tokens would send its own challenge. */
    private void answerFor(RoutingContext context) {
        context.put(HttpAuthenticationMechanism.class.getName(), this);
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return tokens.getCredentialTypes();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", CHALLENGE));
    }

    @Override
    public Uni<Boolean> sendChallenge(RoutingContext context) {
        var showsToken = context.request().getHeader("Authorization") != null;
        context.response().putHeader("WWW-Authenticate", showsToken ? INVALID_TOKEN : CHALLENGE);
        problems.send(context, Problem.unauthorized());
        return Uni.createFrom().item(true);
    }
}
