package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.World;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The issuer under {@code /oauth}: discovery, {@code /jwks}, {@code /authorize} with a page to sign in, {@code /token},
 * {@code /revoke}, {@code /userinfo} and {@code /logout}. Clients are in {@link Clients}, people in {@link Users}.
 *
 * <p>Endpoints for tests:
 *
 * <ul>
 *   <li>{@code POST /sandbox/oauth/rotate}: a new key signs from now on, the one before stays published until the next
 *       rotation
 *   <li>{@code GET /sandbox/oauth/clients}: every client, with its secret
 *   <li>{@code POST /sandbox/oauth/clients} {@code {"clientId"?, "clientSecret"?, "scopes"?, "tokenSeconds"?,
 *       "redirectUris"?}}: another client, with {@code redirectUris} a web client; the answer is its registration
 *   <li>{@code POST /sandbox/oauth/mint} {@code {"claims"?, "header"?, "key"?}}: a token as {@link Mint.Wish} says; the
 *       answer is {@code {"token", "header", "claims"}}
 *   <li>{@code GET /oauth/stranger/jwks}: the key of minted tokens with the key {@code stranger}. Whoever asks for it
 *       follows a forged header, and is counted as {@code stranger}
 * </ul>
 */
public final class OAuthIssuer implements Service {

    static final List<String> GRANT_TYPES = List.of("authorization_code", "refresh_token", "client_credentials");

    private final String issuer;
    private final SigningKeys keys;
    private final Clients clients;
    private final Issued issued;
    private final Cors cors;
    private final TokenEndpoint token;
    private final AuthorizationEndpoint authorization;
    private final LogoutEndpoint logout;
    private final UserInfoEndpoint userInfo;
    private final Mint mint;

    public OAuthIssuer(World world) {
        var store = world.store();
        var clock = world.clock();
        issuer = world.settings().base() + "/oauth";
        keys = new SigningKeys(store);
        clients = new Clients(store, world.settings().app());
        issued = new Issued(store);
        cors = new Cors(clients);
        var users = new Users(store);
        var sessions = new Sessions(store, clock);
        var grants = new Grants(store, clock);
        var tokens = new Tokens(issuer, keys, users, issued, clock);
        token = new TokenEndpoint(clients, grants, tokens, issued);
        authorization = new AuthorizationEndpoint(issuer, clients, users, sessions, grants, clock);
        logout = new LogoutEndpoint(clients, users, sessions, grants, tokens);
        userInfo = new UserInfoEndpoint(tokens, users);
        mint = new Mint(keys, clients, tokens);
    }

    @Override
    public String name() {
        return "oauth";
    }

    @Override
    public void mount(Endpoints endpoints) {
        // RFC 8414 puts the well-known part before the issuer's path, OpenID Connect Discovery behind it.
        for (var path : List.of(
                "/oauth/.well-known/openid-configuration",
                "/oauth/.well-known/oauth-authorization-server",
                "/.well-known/oauth-authorization-server/oauth")) {
            shared(endpoints, path, "metadata", call -> Reply.json(200, metadata()), HttpMethod.GET);
        }
        shared(endpoints, "/oauth/jwks", "jwks", call -> Reply.json(200, keys.published()), HttpMethod.GET);
        shared(endpoints, "/oauth/token", "token", token::token, HttpMethod.POST);
        shared(endpoints, "/oauth/revoke", "revoke", token::revoke, HttpMethod.POST);
        shared(endpoints, "/oauth/userinfo", "userinfo", userInfo::tell, HttpMethod.GET, HttpMethod.POST);
        for (var method : List.of(HttpMethod.GET, HttpMethod.POST)) {
            endpoints.on(method, "/oauth/authorize", "authorize", call -> call.answer(authorization.authorize(call)));
            endpoints.on(method, "/oauth/logout", "logout", call -> call.answer(logout.logout(call)));
        }
        endpoints.on(HttpMethod.POST, "/oauth/login", "login", call -> call.answer(authorization.login(call)));
        endpoints.on(
                HttpMethod.GET,
                "/oauth/stranger/jwks",
                "stranger",
                call -> call.answer(Reply.json(200, mint.stranger())));
        endpoints.control(
                HttpMethod.POST,
                "/sandbox/oauth/rotate",
                context -> Reply.json(200, Map.of("kid", keys.rotate().getKeyID())));
        endpoints.control(
                HttpMethod.GET,
                "/sandbox/oauth/clients",
                context -> Reply.json(200, clients.all().map(Client::toJson).toList()));
        endpoints.control(HttpMethod.POST, "/sandbox/oauth/clients", this::register);
        endpoints.control(
                HttpMethod.POST, "/sandbox/oauth/mint", context -> Reply.json(200, mint.mint(Endpoints.body(context))));
    }

    /** What pages of web clients may ask for themselves. */
    private void shared(
            Endpoints endpoints, String path, String operation, Function<Call, Reply> work, HttpMethod... methods) {
        for (var method : methods) {
            endpoints.on(method, path, operation, call -> call.answer(cors.allow(call, work.apply(call))));
        }
        endpoints.on(HttpMethod.OPTIONS, path, "preflight", call -> call.answer(cors.preflight(call)));
    }

    private JsonNode metadata() {
        var metadata = Json.object()
                .put("issuer", issuer)
                .put("authorization_endpoint", issuer + "/authorize")
                .put("token_endpoint", issuer + "/token")
                .put("userinfo_endpoint", issuer + "/userinfo")
                .put("jwks_uri", issuer + "/jwks")
                .put("end_session_endpoint", issuer + "/logout")
                .put("revocation_endpoint", issuer + "/revoke")
                .put("authorization_response_iss_parameter_supported", true)
                .put("request_parameter_supported", false)
                .put("request_uri_parameter_supported", false);
        list(metadata, "scopes_supported", Scopes.both(Scopes.IDENTITY, Scopes.API));
        list(metadata, "response_types_supported", List.of("code"));
        list(metadata, "response_modes_supported", List.of("query"));
        list(metadata, "grant_types_supported", GRANT_TYPES);
        list(metadata, "code_challenge_methods_supported", List.of("S256"));
        var programs = List.of("client_secret_basic", "client_secret_post", "none");
        list(metadata, "token_endpoint_auth_methods_supported", programs);
        list(metadata, "revocation_endpoint_auth_methods_supported", programs);
        list(metadata, "subject_types_supported", List.of("public"));
        list(metadata, "id_token_signing_alg_values_supported", List.of("RS256"));
        list(metadata, "prompt_values_supported", List.of("none", "login", "select_account"));
        list(
                metadata,
                "claims_supported",
                List.of("sub", "auth_time", "sid", "name", "preferred_username", "email", "email_verified"));
        return metadata;
    }

    private static void list(ObjectNode metadata, String name, Iterable<String> values) {
        values.forEach(metadata.putArray(name)::add);
    }

    private Reply register(RoutingContext context) {
        var wish = Endpoints.body(context);
        var isPublic = wish.has("redirectUris");
        var all = isPublic ? Scopes.both(Scopes.IDENTITY, Scopes.API) : Scopes.API;
        var scopes = wish.has("scopes") ? Scopes.from(wish.get("scopes")) : all;
        if (!all.containsAll(scopes)) {
            throw new IllegalArgumentException("scopes: of " + all);
        }
        var redirectUris = Scopes.from(wish.path("redirectUris"));
        if (!redirectUris.stream().map(URI::create).allMatch(OAuthIssuer::isRedirectUri)) {
            throw new IllegalArgumentException("redirectUris: absolute, without a fragment");
        }
        var client = new Client(
                wish.path("clientId").asText("client-" + Secrets.random(6)),
                isPublic
                        ? Optional.empty()
                        : Optional.of(wish.path("clientSecret").asText(Secrets.random(32))),
                scopes,
                redirectUris,
                wish.path("tokenSeconds").asInt(Client.TOKEN_SECONDS));
        return Reply.json(201, clients.register(client).toJson());
    }

    private static boolean isRedirectUri(URI uri) {
        return uri.getRawAuthority() != null && uri.getRawFragment() == null;
    }

    /** How many tokens were issued, and what the last of them allow, without the tokens themselves. */
    @Override
    public Object effects() {
        return issued.effects();
    }

    @Override
    public Map<String, String> environment() {
        var shop = clients.find(Clients.SHOP).orElseThrow();
        return Map.of(
                "OIDC_ISSUER_URL", issuer,
                "OAUTH_CLIENT_ID", shop.id(),
                "OAUTH_CLIENT_SECRET", shop.secret().orElseThrow());
    }

    /** Clients, people, keys and who is signed in stay. */
    @Override
    public void reset() {
        issued.clear();
    }

    @Override
    public Reply failure(int status, String message) {
        return OAuthError.body(status, status < 500 ? "invalid_request" : "server_error", message);
    }
}
