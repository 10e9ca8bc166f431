package io.orderflow.sandbox.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a web client asks of the authorization endpoint.
 *
 * @param prompts of {@code none}, {@code login} and others
 * @param maxAge how long ago the password may have been given
 */
record AuthorizationRequest(
        ReturnTo returnTo,
        Set<String> scopes,
        String challenge,
        Optional<String> nonce,
        Set<String> prompts,
        Optional<Duration> maxAge) {

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    /**
     * Reads it.
     *
     * @throws OAuthError when it is not one that can be answered with a code
     */
    static AuthorizationRequest read(ReturnTo returnTo, Parameters parameters) {
        parameters.checkNoneIsRepeated();
        if (parameters.text("request").isPresent()) {
            throw OAuthError.of("request_not_supported", "Request objects are not supported.");
        }
        if (parameters.text("request_uri").isPresent()) {
            throw OAuthError.of("request_uri_not_supported", "Request objects are not supported.");
        }
        if (!parameters.required("response_type").equals("code")) {
            throw OAuthError.of("unsupported_response_type", "Only code is supported.");
        }
        if (!parameters.text("response_mode").orElse("query").equals("query")) {
            throw OAuthError.invalidRequest("response_mode: only query is supported.");
        }
        var challenge = parameters.required("code_challenge");
        if (!parameters.text("code_challenge_method").orElse("plain").equals("S256")) {
            throw OAuthError.invalidRequest("code_challenge_method: S256 is required.");
        }
        if (!CHALLENGE.matcher(challenge).matches()) {
            throw OAuthError.invalidRequest("code_challenge: not a SHA-256 in base64url.");
        }
        var allowed = returnTo.client().scopes();
        var scopes = parameters.text("scope").map(Scopes::parse).orElse(allowed);
        if (!allowed.containsAll(scopes)) {
            throw OAuthError.invalidScope(allowed);
        }
        var prompts = parameters.text("prompt").map(Scopes::parse).orElse(Set.of());
        if (prompts.contains("none") && prompts.size() > 1) {
            throw OAuthError.invalidRequest("prompt: none stands alone.");
        }
        var maxAge = parameters.text("max_age");
        if (maxAge.filter(age -> !SECONDS.matcher(age).matches()).isPresent()) {
            throw OAuthError.invalidRequest("max_age: not a number of seconds.");
        }
        return new AuthorizationRequest(
                returnTo,
                scopes,
                challenge,
                parameters.text("nonce"),
                prompts,
                maxAge.map(Long::valueOf).map(Duration::ofSeconds));
    }

    /** Whether who is signed in need not sign in again. */
    boolean isContentWith(Sessions.Session session, Instant now) {
        return !prompts.contains("login")
                && !prompts.contains("select_account")
                && maxAge.filter(age -> !session.authenticatedAt().plus(age).isAfter(now))
                        .isEmpty();
    }

    boolean mayAsk() {
        return !prompts.contains("none");
    }
}
