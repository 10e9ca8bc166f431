package io.orderflow.sandbox.google;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The access tokens that were issued and are not expired. They outlive a restart, as the real ones do. */
final class AccessTokens {

    static final Duration LIFETIME = Duration.ofSeconds(3599);

    /** What a token allows, and to whom. */
    record Grant(String email, Set<String> scopes, Instant issuedAt, Instant expiresAt) {}

    private final World world;
    private final io.orderflow.sandbox.Store.Table table;

    AccessTokens(World world) {
        this.world = world;
        this.table = world.store().table("google-tokens");
    }

    String issue(String email, Set<String> scopes) {
        var now = world.clock().instant();
        table.all()
                .filter(token -> !read(token).expiresAt().isAfter(now))
                .map(token -> token.get("token").textValue())
                .toList()
                .forEach(table::remove);
        var token = Secrets.accessToken();
        var entry = Json.object()
                .put("token", token)
                .put("email", email)
                .put("issuedAt", now.toString())
                .put("expiresAt", now.plus(LIFETIME).toString());
        scopes.forEach(entry.putArray("scopes")::add);
        table.put(token, entry);
        return token;
    }

    Optional<Grant> find(String token) {
        return table.get(token).map(AccessTokens::read).filter(grant -> grant.expiresAt()
                .isAfter(world.clock().instant()));
    }

    List<Grant> all() {
        return table.all().map(AccessTokens::read).toList();
    }

    private static Grant read(JsonNode token) {
        var scopes = new TreeSet<String>();
        token.get("scopes").forEach(scope -> scopes.add(scope.textValue()));
        return new Grant(
                token.get("email").textValue(),
                scopes,
                Instant.parse(token.get("issuedAt").textValue()),
                Instant.parse(token.get("expiresAt").textValue()));
    }
}
