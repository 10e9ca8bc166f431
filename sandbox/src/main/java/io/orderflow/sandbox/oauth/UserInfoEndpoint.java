package io.orderflow.sandbox.oauth;

import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Reply;
import java.util.LinkedHashMap;
import java.util.Set;

/** {@code /userinfo} (OpenID Connect Core, section 5.3). */
final class UserInfoEndpoint {

    private static final String BEARER = "Bearer ";

    private final Tokens tokens;
    private final Users users;

    UserInfoEndpoint(Tokens tokens, Users users) {
        this.tokens = tokens;
        this.users = users;
    }

    Reply tell(Call call) {
        var given = call.header("Authorization")
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).strip());
        if (given.isEmpty()) {
            return Reply.empty(401).with("WWW-Authenticate", "Bearer realm=\"orderflow-sandbox\"");
        }
        var claims = given.flatMap(tokens::valid);
        if (claims.isEmpty()) {
            return refused(401, "invalid_token", "The token is expired, or none of this issuer's access tokens.");
        }
        var scopes = Scopes.parse(String.valueOf(claims.get().getClaim("scope")));
        var user = users.all().stream()
                .filter(one -> one.subject().equals(claims.get().getSubject()))
                .findFirst();
        if (user.isEmpty() || !scopes.contains("openid")) {
            return refused(403, "insufficient_scope", "The token is not for openid.");
        }
        return Reply.json(200, about(user.get(), scopes)).with("Cache-Control", "no-store");
    }

    private static Object about(User user, Set<String> scopes) {
        var about = new LinkedHashMap<String, Object>();
        about.put("sub", user.subject());
        about.putAll(Tokens.about(user, scopes));
        return about;
    }

    private static Reply refused(int status, String error, String description) {
        return OAuthError.body(status, error, description)
                .with(
                        "WWW-Authenticate",
                        "Bearer realm=\"orderflow-sandbox\", error=\"" + error + "\", error_description=\""
                                + description + "\"");
    }
}
