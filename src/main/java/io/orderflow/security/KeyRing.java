package io.orderflow.security;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.orderflow.TimeScale;
import io.orderflow.api.Problem;
import io.orderflow.domain.ApiKey;
import io.orderflow.ledger.ApiKeyTable;
import io.orderflow.ledger.LedgerException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Knows API keys again. What the ledger says of an id, also that there is none, is remembered for
 * {@code orderflow.security.key-cache}; so long a change that another instance made may not be seen here.
 */
@ApplicationScoped
class KeyRing {

    private static final Logger LOG = Logger.getLogger(KeyRing.class);

    private static final int MOST_REMEMBERED = 10_000;

    /** Lookups at once: a flood of made-up ids leaves the ledger to the orders. */
    private static final int MOST_LOOKUPS = 32;

    /** With the time that it waits for others. */
    private static final Duration LONGEST_LOOKUP = Duration.ofSeconds(5);

    private static final Duration USE_PERIOD = Duration.ofMinutes(1);

    private final ApiKeyTable table;
    private final KeyHashes hashes;
    private final Clock clock;
    private final AsyncCache<String, Optional<ApiKey>> remembered;
    private final ConcurrentMap<String, Boolean> noted;
    private final ExecutorService lookups;
    private final ExecutorService notes;

    KeyRing(ApiKeyTable table, KeyHashes hashes, SecurityConfig config, TimeScale time, Clock clock) {
        this.table = table;
        this.hashes = hashes;
        this.clock = clock;
        remembered = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(time.scaled(config.keyCache()))
                .buildAsync();
        noted = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(USE_PERIOD)
                .<String, Boolean>build()
                .asMap();
        lookups = Executors.newFixedThreadPool(
                MOST_LOOKUPS, Thread.ofVirtual().name("api-key-", 0).factory());
        notes = Executors.newFixedThreadPool(
                1, Thread.ofVirtual().name("api-key-use-", 0).factory());
    }

    /**
     * Whose key it is: nothing when it is none, or is expired or revoked. Never blocks.
     *
     * @return fails with a {@link Problem} when the ledger cannot be asked
     */
    CompletableFuture<Optional<SecurityIdentity>> identify(String text) {
        var key = KeyText.of(text);
        if (key.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return remembered.get(key.get().id(), (id, executor) -> lookup(id)).handle((found, failure) -> {
            if (failure != null) {
                throw unavailable(failure);
            }
            return found.filter(kept -> hashes.isOne(key.get(), kept.validHashes(clock.instant())))
                    .map(this::used);
        });
    }

    private CompletableFuture<Optional<ApiKey>> lookup(String id) {
        return CompletableFuture.supplyAsync(() -> table.get(id), lookups)
                .orTimeout(LONGEST_LOOKUP.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static RuntimeException unavailable(Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof LedgerException || cause instanceof TimeoutException)) {
            return new IllegalStateException("An API key cannot be looked up", cause);
        }
        LOG.warnf(
                "An API key could not be looked up: %s",
                cause instanceof TimeoutException ? "it takes too long" : cause.getMessage());
        return Problem.unavailable("Whose API key this is cannot be looked up now. Repeat the request.");
    }

    private SecurityIdentity used(ApiKey key) {
        if (noted.putIfAbsent(key.id(), true) == null) {
            notes.execute(() -> note(key.id()));
        }
        return Identities.of(key.client(), Set.copyOf(key.scopes()), "key:" + key.id());
    }

    private void note(String id) {
        try {
            table.noteUse(id, clock.instant(), USE_PERIOD);
        } catch (LedgerException e) {
            noted.remove(id);
            LOG.debugf("That the key %s was used could not be noted: %s", id, e.getMessage());
        }
    }

    /** Has the ledger asked anew for a key that was changed here. */
    void forget(String id) {
        remembered.synchronous().invalidate(id);
    }

    @PreDestroy
    void end() {
        lookups.shutdown();
        notes.shutdown();
    }
}
