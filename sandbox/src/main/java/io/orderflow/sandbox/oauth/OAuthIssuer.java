package io.orderflow.sandbox.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.Store;
import io.orderflow.sandbox.World;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The issuer under {@code /oauth}: discovery, {@code /jwks} and {@code /token} with client credentials. The
 * authorization code grant is not there and not advertised.
 *
 * <p>Endpoints for tests:
 *
 * <ul>
 *   <li>{@code POST /sandbox/oauth/rotate}: a new key signs from now on, the old ones stay published
 *   <li>{@code POST /sandbox/oauth/clients} {@code {"clientId"?, "clientSecret"?, "scopes"?, "tokenSeconds"?}}: another
 *       client; the answer is its registration
 * </ul>
 */
public final class OAuthIssuer implements Service {

    private static final Set<String> SCOPES = Collections.unmodifiableSet(new LinkedHashSet<>(
            List.of("orders:read", "orders:write", "payments:write", "ops:read", "ops:write", "keys:write")));
    private static final String AUDIENCE = "orderflow";
    private static final String GRANT_TYPE = "client_credentials";
    private static final String BASIC = "basic ";

    private final World world;
    private final String issuer;
    private final SigningKeys keys;
    private final Clients clients;
    private final Store.Table issued;

    public OAuthIssuer(World world) {
        this.world = world;
        this.issuer = world.settings().base() + "/oauth";
        this.keys = new SigningKeys(world.store());
        this.clients = new Clients(world.store(), SCOPES);
        this.issued = world.store().table("oauth-tokens");
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
            endpoints.on(HttpMethod.GET, path, "metadata", call -> call.answer(Reply.json(200, metadata())));
        }
        endpoints.on(HttpMethod.GET, "/oauth/jwks", "jwks", call -> call.answer(Reply.json(200, keys.published())));
        endpoints.on(HttpMethod.POST, "/oauth/token", "token", call -> call.answer(token(call)));
        endpoints.control(
                HttpMethod.POST,
                "/sandbox/oauth/rotate",
                context -> Reply.json(200, Map.of("kid", keys.rotate().getKeyID())));
        endpoints.control(HttpMethod.POST, "/sandbox/oauth/clients", this::register);
    }

    private JsonNode metadata() {
        var metadata = Json.object()
                .put("issuer", issuer)
                .put("token_endpoint", issuer + "/token")
                .put("jwks_uri", issuer + "/jwks");
        SCOPES.forEach(metadata.putArray("scopes_supported")::add);
        metadata.putArray("response_types_supported");
        metadata.putArray("grant_types_supported").add(GRANT_TYPE);
        metadata.putArray("token_endpoint_auth_methods_supported")
                .add("client_secret_basic")
                .add("client_secret_post");
        metadata.putArray("subject_types_supported").add("public");
        metadata.putArray("id_token_signing_alg_values_supported").add("RS256");
        return metadata;
    }

    private Reply token(Call call) {
        try {
            var form = call.request().formAttributes();
            for (var name : form.names()) {
                if (form.getAll(name).size() > 1) {
                    throw OAuthError.of("invalid_request", "The parameter " + name + " is given more than once.");
                }
            }
            var grantType = form.get("grant_type");
            if (grantType == null || grantType.isEmpty()) {
                throw OAuthError.of("invalid_request", "The parameter grant_type is missing.");
            }
            var client = authenticate(call, form);
            if (!grantType.equals(GRANT_TYPE)) {
                throw OAuthError.of("unsupported_grant_type", "Only " + GRANT_TYPE + " is supported.");
            }
            return answer(client, scopes(client, form.get("scope")));
        } catch (OAuthError e) {
            return e.reply();
        }
    }

    private Client authenticate(Call call, MultiMap form) {
        var header = call.header("Authorization");
        var posted = form.get("client_secret") != null;
        if (header.isPresent() && posted) {
            throw OAuthError.of("invalid_request", "A client must not authenticate in more than one way.");
        }
        String id;
        String secret;
        if (header.isPresent()) {
            var basic = basic(header.get());
            id = basic[0];
            secret = basic[1];
            if (form.get("client_id") != null && !form.get("client_id").equals(id)) {
                throw OAuthError.of("invalid_request", "The parameter client_id names another client.");
            }
        } else if (posted && form.get("client_id") != null) {
            id = form.get("client_id");
            secret = form.get("client_secret");
        } else {
            throw OAuthError.invalidClient();
        }
        return clients.find(id).filter(client -> client.secret().equals(secret)).orElseThrow(OAuthError::invalidClient);
    }

    /** The id and the secret of the header, each of them form-encoded (RFC 6749, section 2.3.1). */
    private static String[] basic(String header) {
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
            return new String[] {
                URLDecoder.decode(decoded.substring(0, colon), StandardCharsets.UTF_8),
                URLDecoder.decode(decoded.substring(colon + 1), StandardCharsets.UTF_8)
            };
        } catch (IllegalArgumentException e) {
            throw OAuthError.invalidClient();
        }
    }

    /** What was asked for; without a wish all that the client may have. */
    private static Set<String> scopes(Client client, String asked) {
        if (asked == null || asked.isBlank()) {
            return client.scopes();
        }
        var scopes = Clients.split(asked);
        if (!client.scopes().containsAll(scopes)) {
            throw OAuthError.of("invalid_scope", "The client may have: " + String.join(" ", client.scopes()));
        }
        return scopes;
    }

    private Reply answer(Client client, Set<String> scopes) {
        var now = world.clock().instant();
        var scope = String.join(" ", scopes);
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(client.id())
                .audience(AUDIENCE)
                .claim("client_id", client.id())
                .claim("scope", scope)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(client.tokenSeconds())))
                .jwtID(UUID.randomUUID().toString())
                .build();
        issued.append(Json.object()
                .put("clientId", client.id())
                .put("scope", scope)
                .put("jti", claims.getJWTID())
                .put("issuedAt", now.toString()));
        return Reply.json(
                        200,
                        Json.object()
                                .put("access_token", sign(claims))
                                .put("token_type", "Bearer")
                                .put("expires_in", client.tokenSeconds())
                                .put("scope", scope))
                .with("Cache-Control", "no-store")
                .with("Pragma", "no-cache");
    }

    private String sign(JWTClaimsSet claims) {
        var key = keys.newest();
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(key.getKeyID())
                .build();
        try {
            var token = new SignedJWT(header, claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("A token cannot be signed", e);
        }
    }

    private Reply register(RoutingContext context) {
        var wish = Endpoints.body(context);
        var scopes = new LinkedHashSet<String>();
        wish.path("scopes").forEach(scope -> scopes.add(scope.asText()));
        if (!SCOPES.containsAll(scopes)) {
            throw new IllegalArgumentException("scopes: of " + SCOPES);
        }
        var client = new Client(
                wish.path("clientId").asText("client-" + Clients.random(6)),
                wish.path("clientSecret").asText(Clients.random(32)),
                wish.has("scopes") ? scopes : SCOPES,
                wish.path("tokenSeconds").asInt(Client.TOKEN_SECONDS));
        return Reply.json(201, clients.register(client).toJson());
    }

    /** The tokens that were issued, without the tokens themselves. */
    @Override
    public Object effects() {
        return Map.of("tokens", issued.all().toList());
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "OIDC_ISSUER_URL", issuer,
                "OAUTH_CLIENT_ID", clients.first().id(),
                "OAUTH_CLIENT_SECRET", clients.first().secret());
    }

    /** Clients and keys stay. */
    @Override
    public void reset() {
        issued.clear();
    }

    @Override
    public Reply failure(int status, String message) {
        return OAuthError.body(status, status < 500 ? "invalid_request" : "server_error", message);
    }
}
