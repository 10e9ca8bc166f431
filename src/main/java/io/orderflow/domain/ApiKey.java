package io.orderflow.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An API key as it is kept: all but the key itself, of which there are hashes.
 *
 * @param id part of the key; it is no secret
 * @param name what people call it
 * @param client whose orders it places and sees
 * @param scopes what it may do
 * @param secrets the hashes of its secrets, the latest first
 * @param expiresAt from when on it is refused, or null
 * @param createdBy who made it: the client, and which of its API keys or users
 * @param lastUsedAt when it was last used, to the minute, or null; it is written beside the rest, and no rev counts it
 * @param rotatedAt when it last got another secret, or null
 * @param revokedAt from when on it is refused for good, or null
 * @param rev counts every write, from 1; the condition of the next one
 */
public record ApiKey(
        String id,
        String name,
        String client,
        List<String> scopes,
        List<Secret> secrets,
        Instant expiresAt,
        Instant createdAt,
        String createdBy,
        Instant lastUsedAt,
        Instant rotatedAt,
        String rotatedBy,
        Instant revokedAt,
        String revokedBy,
        long rev) {

    /** How many secrets are valid at a time, while one after the other is replaced. */
    public static final int MOST_SECRETS = 5;

    /**
     * One secret.
     *
     * @param until from when on it is refused, or null while it is the latest
     */
    public record Secret(String hash, Instant until) {

        private boolean isValid(Instant now) {
            return until == null || now.isBefore(until);
        }
    }

    /** Whether a key is taken. */
    public enum Status {
        ACTIVE,
        EXPIRED,
        REVOKED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What came of giving it another secret. */
    public sealed interface Rotation {
        /** It has it. */
        record Rotated(ApiKey key) implements Rotation {}

        /** It stays as it is, and why. */
        record Refused(String reason) implements Rotation {}
    }

    public ApiKey {
        scopes = scopes == null ? List.of() : List.copyOf(scopes);
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
    }

    public Status status(Instant now) {
        if (revokedAt != null) {
            return Status.REVOKED;
        }
        return expiresAt == null || now.isBefore(expiresAt) ? Status.ACTIVE : Status.EXPIRED;
    }

    /** The hashes of the secrets that it is known by now; none unless it is active. */
    public List<String> validHashes(Instant now) {
        return status(now) == Status.ACTIVE
                ? secrets.stream()
                        .filter(secret -> secret.isValid(now))
                        .map(Secret::hash)
                        .toList()
                : List.of();
    }

    /** When the last of its earlier secrets ends, while there are any. */
    public Optional<Instant> overlapUntil(Instant now) {
        return secrets.stream()
                .filter(secret -> secret.until() != null && secret.isValid(now))
                .map(Secret::until)
                .max(Instant::compareTo);
    }

    /**
     * With another secret; no earlier one is valid for longer than {@code overlap}, nor longer than it was to be. A repeat
     * changes nothing.
     */
    public Rotation rotated(String hash, Duration overlap, String by, Instant now) {
        var status = status(now);
        if (status != Status.ACTIVE) {
            return new Rotation.Refused("The key is " + status + ". Make another one.");
        }
        if (secrets.stream().anyMatch(secret -> secret.hash().equals(hash))) {
            return new Rotation.Rotated(this);
        }
        var end = now.plus(overlap);
        var earlier = secrets.stream()
                .map(secret -> secret.until() == null || end.isBefore(secret.until())
                        ? new Secret(secret.hash(), end)
                        : secret)
                .filter(secret -> secret.isValid(now))
                .toList();
        if (earlier.size() >= MOST_SECRETS) {
            return new Rotation.Refused("It has " + MOST_SECRETS
                    + " valid secrets. Wait until one of them ends, or end them with overlapHours 0.");
        }
        var all = Stream.concat(Stream.of(new Secret(hash, null)), earlier.stream())
                .toList();
        return new Rotation.Rotated(new ApiKey(
                id, name, client, scopes, all, expiresAt, createdAt, createdBy, lastUsedAt, now, by, null, null, rev));
    }

    /** Refused from now on. What was revoked before stays as it is. */
    public ApiKey revoked(String by, Instant now) {
        return revokedAt != null
                ? this
                : new ApiKey(
                        id,
                        name,
                        client,
                        scopes,
                        secrets,
                        expiresAt,
                        createdAt,
                        createdBy,
                        lastUsedAt,
                        rotatedAt,
                        rotatedBy,
                        now,
                        by,
                        rev);
    }

    /** The same key, as write number {@code number} holds it. */
    public ApiKey withRev(long number) {
        return new ApiKey(
                id,
                name,
                client,
                scopes,
                secrets,
                expiresAt,
                createdAt,
                createdBy,
                lastUsedAt,
                rotatedAt,
                rotatedBy,
                revokedAt,
                revokedBy,
                number);
    }
}
