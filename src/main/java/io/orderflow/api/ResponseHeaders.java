package io.orderflow.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/**
 * Lets only these headers out, and none in that a path parameter is named like. Camel would otherwise send every header of the message back, those of the request among
 * them: the caller's API key, and what third parties sent.
 */
@ApplicationScoped
@Named("responseHeaders")
public class ResponseHeaders extends HttpHeaderFilterStrategy {

    private static final Set<String> ALLOWED = Set.of("content-type", "etag", "location", "retry-after");

    /** Path parameters come as headers too, and a header or query parameter of the same name would be added to them. */
    private static final Set<String> PATH_PARAMETERS = Set.of("id", "paymentintentid");

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return PATH_PARAMETERS.contains(name.toLowerCase(Locale.ROOT))
                || super.applyFilterToExternalHeaders(name, value, exchange);
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !ALLOWED.contains(name.toLowerCase(Locale.ROOT))
                || super.applyFilterToCamelHeaders(name, value, exchange);
    }
}
