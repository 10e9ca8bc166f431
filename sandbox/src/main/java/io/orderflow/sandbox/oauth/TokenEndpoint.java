package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code /token} (RFC 6749) and {@code /revoke} (RFC 7009). */
final class TokenEndpoint {

    private static final String BASIC = "basic ";

    /** What a client shows of itself. */
    private record Credentials(String id, Optional<String> secret) {}

    private final Clients clients;
    private final Grants grants;
    private final Tokens tokens;
    private final Issued issued;

    TokenEndpoint(Clients clients, Grants grants, Tokens tokens, Issued issued) {
        this.clients = clients;
        this.grants = grants;
        this.tokens = tokens;
        this.issued = issued;
    }

    Reply token(Call call) {
        try {
            var form = form(call);
            var grantType = form.required("grant_type");
            var client = authenticated(call, form);
            var answer =
                    switch (grantType) {
                        case "client_credentials" -> forItself(allowed(client, grantType), form);
                        case "authorization_code" -> forCode(allowed(client, grantType), form);
                        case "refresh_token" -> again(allowed(client, grantType), form);
                        default ->
                            throw OAuthError.of(
                                    "unsupported_grant_type",
                                    "Supported are: " + String.join(", ", OAuthIssuer.GRANT_TYPES));
                    };
            return noStore(Reply.json(200, answer));
        } catch (OAuthError e) {
            return e.reply();
        }
    }

    /** A token that is unknown, or cannot be revoked because nobody is asked about it, is answered the same. */
    Reply revoke(Call call) {
        try {
            var form = form(call);
            var client = authenticated(call, form);
            grants.revoke(form.required("token"), client.id());
            return noStore(Reply.empty(200));
        } catch (OAuthError e) {
            return e.reply();
        }
    }

    private static Parameters form(Call call) {
        var form = new Parameters(call.request().formAttributes());
        form.checkNoneIsRepeated();
        return form;
    }

    private static Reply noStore(Reply reply) {
        return reply.with("Cache-Control", "no-store").with("Pragma", "no-cache");
    }

    private static Client allowed(Client client, String grantType) {
        if (!client.grantTypes().contains(grantType)) {
            throw OAuthError.of("unauthorized_client", "This client may not use " + grantType + ".");
        }
        return client;
    }

    private ObjectNode forItself(Client client, Parameters form) {
        var scopes = narrowed(form, client.scopes());
        return answer(client, scopes, tokens.access(client, scopes));
    }

    private ObjectNode forCode(Client client, Parameters form) {
        var redeemed = grants.redeem(
                form.required("code"), client.id(), form.required("redirect_uri"), form.required("code_verifier"));
        var grant = redeemed.grant();
        return forPerson(client, grant, grant.scopes(), redeemed.refreshToken());
    }

    private ObjectNode again(Client client, Parameters form) {
        var refreshToken = form.required("refresh_token");
        var grant = grants.shown(refreshToken, client.id());
        var scopes = narrowed(form, grant.scopes());
        return forPerson(client, grant.withoutNonce(), scopes, grants.rotate(refreshToken));
    }

    private ObjectNode forPerson(Client client, Grant grant, Set<String> scopes, String refreshToken) {
        var answer =
                answer(client, scopes, tokens.access(client, grant, scopes)).put("refresh_token", refreshToken);
        issued.count(client.id(), "refreshTokens");
        return scopes.contains("openid") ? answer.put("id_token", tokens.identity(client, grant)) : answer;
    }

    private static ObjectNode answer(Client client, Set<String> scopes, String accessToken) {
        return Json.object()
                .put("access_token", accessToken)
                .put("token_type", "Bearer")
                .put("expires_in", client.tokenSeconds())
                .put("scope", Scopes.text(scopes));
    }

    /** What is asked for; without a wish all that is allowed. */
    private static Set<String> narrowed(Parameters form, Set<String> allowed) {
        var scopes = form.text("scope").map(Scopes::parse).orElse(allowed);
        if (!allowed.containsAll(scopes)) {
            throw OAuthError.invalidScope(allowed);
        }
        return scopes;
    }

    private Client authenticated(Call call, Parameters form) {
        var header = call.header("Authorization");
        if (header.isPresent() && form.text("client_secret").isPresent()) {
            throw OAuthError.invalidRequest("A client must not authenticate in more than one way.");
        }
        var posted = form.text("client_id");
        var shown = header.map(TokenEndpoint::basic)
                .or(() -> posted.map(id -> new Credentials(id, form.text("client_secret"))))
                .orElseThrow(OAuthError::invalidClient);
        if (posted.filter(id -> !id.equals(shown.id())).isPresent()) {
            throw OAuthError.invalidRequest("The parameter client_id names another client.");
        }
        return clients.find(shown.id()).filter(client -> isRight(client, shown)).orElseThrow(OAuthError::invalidClient);
    }

    private static boolean isRight(Client client, Credentials shown) {
        return client.secret()
                .map(secret -> shown.secret()
                        .filter(given -> Secrets.same(secret, given))
                        .isPresent())
                .orElse(shown.secret().isEmpty());
    }

    /** The id and the secret of the header, each of them form-encoded (RFC 6749, section 2.3.1). */
    private static Credentials basic(String header) {
        if (!header.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            throw OAuthError.invalidClient();
        }
        try {
            var encoded = header.substring(BASIC.length()).strip();
            var decoded = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            var colon = decoded.indexOf(':');
            if (colon < 0) {
                throw OAuthError.invalidClient();
            }
            return new Credentials(
                    URLDecoder.decode(decoded.substring(0, colon), StandardCharsets.UTF_8),
                    Optional.of(URLDecoder.decode(decoded.substring(colon + 1), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw OAuthError.invalidClient();
        }
    }
}
