package io.orderflow.security;

import io.orderflow.api.Answer;
import io.orderflow.api.Caller;
import io.orderflow.api.Contract;
import io.orderflow.api.Problem;
import io.orderflow.api.QueryParameters;
import io.orderflow.domain.ApiKey;
import io.orderflow.domain.Violation;
import io.orderflow.ledger.ApiKeyTable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;

/**
 * Makes, shows, rotates and revokes API keys. Nobody hands out more than it has: a key's scopes are among those of who
 * makes or rotates it, and its client is the same; with {@code ops:read} keys of all clients are seen, with
 * {@code ops:write} they are changed.
 */
@ApplicationScoped
@Named("apiKeys")
@RegisterForReflection
public class ApiKeys {

    private static final Duration LONGEST_LIFE = Duration.ofDays(730);
    private static final int DEFAULT_OVERLAP_HOURS = 24;
    private static final int DEFAULT_LIMIT = 20;
    private static final int TRIES = 5;
    private static final List<String> PARAMETERS = List.of("client", "limit", "cursor");

    private final Contract contract;
    private final ApiKeyTable table;
    private final KeyHashes hashes;
    private final KeyRing ring;
    private final Clock clock;

    ApiKeys(Contract contract, ApiKeyTable table, KeyHashes hashes, KeyRing ring, Clock clock) {
        this.contract = contract;
        this.table = table;
        this.hashes = hashes;
        this.ring = ring;
        this.clock = clock;
    }

    /** What is asked for; all but name and scopes may be null. */
    @RegisterForReflection
    record NewKey(String name, String client, List<String> scopes, String expiresAt) {}

    /** How a key is to be rotated; the hours may be null. */
    @RegisterForReflection
    record Rotation(Integer overlapHours) {}

    /**
     * Makes a key.
     *
     * @throws Problem when it breaks the contract, or would have more than its maker
     */
    public Answer create(@Body byte[] body, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var now = clock.instant();
        var checked = contract.read(body, "NewApiKey", NewKey.class);
        var violations = new ArrayList<>(checked.violations());
        var wanted = checked.value();
        var expiresAt = Optional.ofNullable(wanted.expiresAt()).flatMap(text -> expiry(text, now, violations));
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations);
        }
        var client = wanted.client() == null ? Caller.client(caller) : wanted.client();
        refuseMoreThanOwn(client, wanted.scopes(), caller);
        for (int tries = 0; tries < TRIES; tries++) {
            var text = KeyText.random();
            var key = new ApiKey(
                    text.id(),
                    wanted.name(),
                    client,
                    wanted.scopes(),
                    List.of(new ApiKey.Secret(hashes.hash(text), null)),
                    expiresAt.orElse(null),
                    now,
                    Caller.actor(caller),
                    null,
                    null,
                    null,
                    null,
                    null,
                    1);
            if (table.create(key)) {
                return Answer.of(201, ApiKeyJson.of(key, text, now)).withLocation("/api/keys/" + key.id());
            }
        }
        throw new IllegalStateException("No id was free; that many are not made");
    }

    private static Optional<Instant> expiry(String text, Instant now, List<Violation> violations) {
        try {
            var at = OffsetDateTime.parse(text).toInstant();
            if (!at.isAfter(now)) {
                violations.add(new Violation("/expiresAt", "must be in the future"));
            } else if (at.isAfter(now.plus(LONGEST_LIFE))) {
                violations.add(
                        new Violation("/expiresAt", "must be at most " + LONGEST_LIFE.toDays() + " days from now"));
            }
            return Optional.of(at);
        } catch (DateTimeParseException e) {
            violations.add(new Violation("/expiresAt", "must be a date-time, such as 2030-01-31T12:00:00Z"));
            return Optional.empty();
        }
    }

    private static void refuseMoreThanOwn(String client, List<String> scopes, QuarkusHttpUser caller) {
        var violations = new ArrayList<Violation>();
        if (!Caller.mayChange(caller, client)) {
            violations.add(new Violation("/client", "is another client, whose keys need the scope ops:write too"));
        }
        for (int i = 0; i < scopes.size(); i++) {
            if (!scopesOf(caller).contains(scopes.get(i))) {
                violations.add(new Violation("/scopes/" + i, scopes.get(i) + " is none of your own scopes"));
            }
        }
        if (!violations.isEmpty()) {
            throw Problem.forbidden(violations);
        }
    }

    private static Set<String> scopesOf(QuarkusHttpUser caller) {
        return caller.getSecurityIdentity().getRoles();
    }

    /** A page of the keys of the caller's client, or of all clients, the newest first. */
    public Answer list(@Header(Exchange.HTTP_RAW_QUERY) String query, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var parameters = QueryParameters.read(query, PARAMETERS);
        var violations = new ArrayList<Violation>();
        var limit = QueryParameters.limit(parameters.get("limit"), DEFAULT_LIMIT);
        if (limit.isEmpty()) {
            violations.add(new Violation("limit", "must be a whole number from 1 to 100"));
        }
        var cursor = parameters.get("cursor");
        var before = Optional.ofNullable(cursor).map(ApiKeys::position).orElse("");
        if (cursor != null && !ApiKeyTable.Page.isKey(before)) {
            violations.add(new Violation("cursor", "is no cursor that was given here; start again without one"));
        }
        var client = parameters.get("client");
        if (client != null) {
            contract.parameter("client", client, "Client").ifPresent(violations::add);
        }
        if (!violations.isEmpty()) {
            throw Problem.invalid(violations);
        }
        if (client != null && !Caller.maySee(caller, client)) {
            throw Problem.forbidden(
                    List.of(new Violation("client", "is another client, whose keys need the scope ops:read too")));
        }
        var own = scopesOf(caller).contains("ops:read") ? null : Caller.client(caller);
        var page = table.list(client == null ? own : client, cursor == null ? null : before, limit.getAsInt());
        var now = clock.instant();
        return Answer.ok(new ApiKeyJson.Page(
                page.keys().stream().map(key -> ApiKeyJson.of(key, now)).toList(),
                page.last() == null ? null : cursor(page.last())));
    }

    private static String position(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String cursor(String last) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }

    public Answer get(@Header("id") String id, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        return Answer.ok(ApiKeyJson.of(find(id, caller), clock.instant()));
    }

    /** @throws Problem when there is no such key that the caller may see */
    private ApiKey find(String id, QuarkusHttpUser caller) {
        return Optional.of(id)
                .filter(KeyText::isId)
                .flatMap(table::get)
                .filter(key -> Caller.maySee(caller, key.client()))
                .orElseThrow(() -> Problem.notFound("API key"));
    }

    /**
     * Gives a key another secret; the one before is valid for some hours more.
     *
     * @throws Problem when the key has more scopes than who asks, or is not active
     */
    public Answer rotate(@Body byte[] body, @Header("id") String id, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var wanted = contract.readValid(body, "ApiKeyRotation", Rotation.class);
        var found = find(id, caller);
        refuseMoreThanOwn(found.client(), found.scopes(), caller);
        var hours = Optional.ofNullable(wanted.overlapHours()).orElse(DEFAULT_OVERLAP_HOURS);
        var text = KeyText.random(id);
        var now = clock.instant();
        var rotated = changed(
                found,
                key -> rotated(key.rotated(hashes.hash(text), Duration.ofHours(hours), Caller.actor(caller), now)));
        return Answer.ok(ApiKeyJson.of(rotated, text, now));
    }

    private static ApiKey rotated(ApiKey.Rotation rotation) {
        return switch (rotation) {
            case ApiKey.Rotation.Rotated(var key) -> key;
            case ApiKey.Rotation.Refused(var reason) -> throw Problem.conflict("key", reason);
        };
    }

    /** Has a key refused from now on. */
    public Answer revoke(@Header("id") String id, @Header(Caller.HEADER) QuarkusHttpUser caller) {
        var found = find(id, caller);
        refuseMoreThanOwn(found.client(), List.of(), caller);
        changed(found, key -> key.revoked(Caller.actor(caller), clock.instant()));
        return Answer.noContent();
    }

    /** As it is after the change. A write whose answer was lost may have been made, too. */
    private ApiKey changed(ApiKey found, UnaryOperator<ApiKey> change) {
        try {
            return table.update(found.id(), change).orElse(found);
        } finally {
            ring.forget(found.id());
        }
    }
}
