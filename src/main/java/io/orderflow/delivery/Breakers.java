package io.orderflow.delivery;

import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.orderflow.TimeScale;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.util.ObjectHelper;

/**
 * The circuit breakers of the routes: each name that a route gives in {@code circuitBreaker} is one. An integration is
 * left alone for a while when half of the last calls failed, or were slow.
 *
 * <p>A call that was not made, for the bulkhead or for what was to be sent, says nothing of the integration; nor does one
 * that it refused for good.
 */
@ApplicationScoped
@Unremovable
public class Breakers implements CamelContextCustomizer {

    /** A call that takes so long counts like a failure. Each third party usually answers in a tenth of it. */
    private static final Duration SLOW = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofSeconds(15);

    private final CircuitBreakerConfig config;
    private final Map<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();

    Breakers(TimeScale time) {
        this.config = CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(20)
                .minimumNumberOfCalls(10)
                .failureRateThreshold(50)
                .slowCallRateThreshold(50)
                .slowCallDurationThreshold(SLOW)
                .waitDurationInOpenState(time.scaled(PAUSE))
                .permittedNumberOfCallsInHalfOpenState(3)
                .ignoreException(Breakers::saysNothing)
                .recordException(failure -> !Failure.of(failure).isFinal())
                .build();
    }

    /** The breaker of this name: the same one when a route file is loaded again. */
    public CircuitBreaker breaker(String name) {
        return breakers.computeIfAbsent(name, missing -> CircuitBreaker.of(missing, config));
    }

    /** Has the routes find breakers by their names, as they find beans. */
    @Override
    public void configure(CamelContext camel) {
        camel.getRegistry(DefaultRegistry.class).addBeanRepository(new ByName());
    }

    private final class ByName implements BeanRepository {

        @Override
        public Object lookupByName(String name) {
            return null;
        }

        @Override
        public <T> T lookupByNameAndType(String name, Class<T> type) {
            return type == CircuitBreaker.class ? type.cast(breaker(name)) : null;
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            return Map.of();
        }

        @Override
        public <T> Set<T> findByType(Class<T> type) {
            return Set.of();
        }
    }

    private static boolean saysNothing(Throwable failure) {
        return ObjectHelper.getException(BulkheadFullException.class, failure) != null
                || ObjectHelper.getException(IllegalArgumentException.class, failure) != null;
    }
}
