package io.orderflow.limit;

import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.MeterRegistry;
import io.orderflow.api.Caller;
import io.orderflow.api.HttpOrder;
import io.orderflow.api.HttpProblems;
import io.orderflow.api.Problem;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Set;

/**
 * Bounds how often an address, a caller and a webhook are heard. A webhook's senders have buckets of their own, so that
 * neither they nor the callers can use up what is the others'. Wrong API keys have one too: who has a right one is not
 * kept out by whoever guesses at the same address. Health is told without limit, to whoever shows no key.
 */
@ApplicationScoped
public class RateLimits {

    private static final String COUNTED = RateLimits.class.getName();
    private static final Set<String> WEBHOOKS = Set.of("/webhooks/stripe", "/webhooks/sendgrid", "/webhooks/sns");
    private static final Future<Boolean> REFUSED = Future.succeededFuture(false);

    private final Buckets buckets;
    private final HttpProblems problems;
    private final MeterRegistry registry;
    private final Limit caller;
    private final Limit address;
    private final Limit webhookSender;
    private final Limit webhook;
    private final Limit wrongKey;

    RateLimits(LimitConfig config, Buckets buckets, HttpProblems problems, MeterRegistry registry) {
        this.buckets = buckets;
        this.problems = problems;
        this.registry = registry;
        caller = new Limit("caller", config.caller());
        address = new Limit("address", config.address());
        webhookSender = new Limit("webhook-sender", config.webhookSender());
        webhook = new Limit("webhook", config.webhook());
        wrongKey = new Limit("wrong-key", config.wrongKey());
    }

    void install(@Observes Router router) {
        router.route().order(HttpOrder.BEFORE_AUTHENTICATION).handler(this::beforeAuthentication);
        router.route().order(HttpOrder.AFTER_AUTHENTICATION).handler(this::afterAuthentication);
    }

    private void beforeAuthentication(RoutingContext context) {
        // A request that is routed anew has been counted.
        if (context.get(COUNTED) != null) {
            context.next();
            return;
        }
        context.put(COUNTED, true);
        var showsKey = showsKey(context.request());
        var path = path(context);
        var from = Address.of(context.request().remoteAddress());
        if (WEBHOOKS.contains(path)) {
            // The sender's first: whoever has used up its own takes nothing of the others'.
            admit(context, webhookSender, path + " " + from)
                    .compose(isAdmitted -> isAdmitted ? admit(context, webhook, path) : REFUSED)
                    .compose(isAdmitted -> isAdmitted && showsKey ? admit(context, address, from) : told(isAdmitted))
                    .onSuccess(answerOrGoOn(context));
        } else if (showsKey || !isHealth(path)) {
            admit(context, address, from).onSuccess(answerOrGoOn(context));
        } else {
            context.next();
        }
    }

    private void afterAuthentication(RoutingContext context) {
        var request = context.request();
        if (WEBHOOKS.contains(path(context))) {
            context.next();
        } else if (context.user() instanceof QuarkusHttpUser user
                && !user.getSecurityIdentity().isAnonymous()) {
            admit(context, caller, Caller.actor(user)).onSuccess(answerOrGoOn(context));
        } else if (showsKey(request)) {
            admit(context, wrongKey, Address.of(request.remoteAddress())).onSuccess(answerOrGoOn(context));
        } else {
            context.next();
        }
    }

    /** As routes find it: with or without a slash at its end. */
    private static String path(RoutingContext context) {
        var path = context.normalizedPath();
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static Future<Boolean> told(boolean isAdmitted) {
        return Future.succeededFuture(isAdmitted);
    }

    private static Handler<Boolean> answerOrGoOn(RoutingContext context) {
        return isAdmitted -> {
            if (isAdmitted) {
                context.next();
            }
        };
    }

    /** Takes a token and says in the answer what is left, or answers that there is none. */
    private Future<Boolean> admit(RoutingContext context, Limit limit, String who) {
        return buckets.take(limit, who).map(probe -> {
            tell(context.response(), limit, probe);
            if (!probe.isConsumed()) {
                registry.counter("orderflow.requests.limited", "limit", limit.name())
                        .increment();
                problems.send(context, Problem.tooManyRequests(atLeastOneSecond(probe.getNanosToWaitForRefill())));
            }
            return probe.isConsumed();
        });
    }

    /**
     * The header fields of draft-ietf-httpapi-ratelimit-headers: the two of its present version, and the three of the
     * versions up to 07, which most clients know.
     */
    private static void tell(HttpServerResponse response, Limit limit, ConsumptionProbe probe) {
        var remaining = Math.max(0, probe.getRemainingTokens());
        var reset = seconds(probe.getNanosToWaitForReset());
        response.putHeader(
                        "RateLimit-Policy", "\"%s\";q=%d;w=%d".formatted(limit.name(), limit.burst(), limit.window()))
                .putHeader("RateLimit", "\"%s\";r=%d;t=%d".formatted(limit.name(), remaining, reset))
                .putHeader("RateLimit-Limit", Long.toString(limit.burst()))
                .putHeader("RateLimit-Remaining", Long.toString(remaining))
                .putHeader("RateLimit-Reset", Long.toString(reset));
    }

    private static Duration atLeastOneSecond(long nanos) {
        return Duration.ofSeconds(Math.max(1, seconds(nanos)));
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, Duration.ofSeconds(1).toNanos());
    }

    private static boolean showsKey(HttpServerRequest request) {
        return request.headers().contains("X-API-Key") || request.headers().contains("Authorization");
    }

    private static boolean isHealth(String path) {
        return path.equals("/q/health") || path.startsWith("/q/health/");
    }
}
