package io.orderflow.stripe;

import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.support.component.EndpointUriFactorySupport;

/** Makes a URI of {@code uri: stripe} with the operation among the parameters, which is how Kaoto writes a step. */
public class StripeEndpointUriFactory extends EndpointUriFactorySupport implements EndpointUriFactory {

    private static final String SYNTAX = "stripe:operation";
    private static final Set<String> SECRETS = Set.of("apiKey");
    private static final Set<String> NAMES =
            Set.of("operation", "apiKey", "apiBase", "connectTimeout", "readTimeout", "lazyStartProducer");

    @Override
    public boolean isEnabled(String scheme) {
        return "stripe".equals(scheme);
    }

    @Override
    public String buildUri(String scheme, Map<String, Object> properties, boolean encode) throws URISyntaxException {
        var left = new HashMap<>(properties);
        var uri = buildPathParameter(SYNTAX, SYNTAX, "operation", null, true, left);
        return buildQueryParameters(uri, left, encode);
    }

    @Override
    public Set<String> propertyNames() {
        return NAMES;
    }

    @Override
    public Set<String> secretPropertyNames() {
        return SECRETS;
    }

    @Override
    public Map<String, String> multiValuePrefixes() {
        return Map.of();
    }

    @Override
    public boolean isLenientProperties() {
        return false;
    }
}
