package io.orderflow.security;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.orderflow.domain.ApiKey;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;

/**
 * An API key as the API shows it.
 *
 * @param key itself, when it was just made; else null
 * @param prefix by which its holder knows it again
 * @param overlapUntil until when the last of its earlier secrets is valid, or null
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record ApiKeyJson(
        String id,
        String key,
        String prefix,
        String name,
        String client,
        List<String> scopes,
        String status,
        Instant createdAt,
        String createdBy,
        Instant expiresAt,
        Instant lastUsedAt,
        Instant rotatedAt,
        String rotatedBy,
        Instant overlapUntil,
        Instant revokedAt,
        String revokedBy) {

    static ApiKeyJson of(ApiKey key, Instant now) {
        return of(key, null, now);
    }

    /** The one time that the key itself is shown. */
    static ApiKeyJson of(ApiKey key, KeyText text, Instant now) {
        return new ApiKeyJson(
                key.id(),
                text == null ? null : text.text(),
                KeyText.prefix(key.id()),
                key.name(),
                key.client(),
                key.scopes(),
                key.status(now).toString(),
                key.createdAt(),
                key.createdBy(),
                key.expiresAt(),
                key.lastUsedAt(),
                key.rotatedAt(),
                key.rotatedBy(),
                key.status(now) == ApiKey.Status.ACTIVE ? key.overlapUntil(now).orElse(null) : null,
                key.revokedAt(),
                key.revokedBy());
    }

    /** One page of a list. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(List<ApiKeyJson> keys, String nextCursor) {}
}
