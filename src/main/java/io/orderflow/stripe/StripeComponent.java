package io.orderflow.stripe;

import com.stripe.Stripe;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Makes the endpoints of {@code stripe:operation} URIs: with this component's options, where a URI has none. */
@Component("stripe")
public class StripeComponent extends DefaultComponent {

    @Metadata(label = "security", secret = true, description = "The secret API key")
    private String apiKey;

    @Metadata(
            label = "advanced",
            defaultValue = Stripe.LIVE_API_BASE,
            description = "Where Stripe is, without the /v1; may have a path")
    private String apiBase = Stripe.LIVE_API_BASE;

    @Metadata(
            label = "advanced",
            defaultValue = "" + Stripe.DEFAULT_CONNECT_TIMEOUT,
            description = "How long connecting may take, in milliseconds")
    private int connectTimeout = Stripe.DEFAULT_CONNECT_TIMEOUT;

    @Metadata(
            label = "advanced",
            defaultValue = "" + Stripe.DEFAULT_READ_TIMEOUT,
            description =
                    "How long a call may take as a whole, from connecting to the answer's last byte, in milliseconds")
    private int readTimeout = Stripe.DEFAULT_READ_TIMEOUT;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        var endpoint = new StripeEndpoint(uri, this, StripeOperation.named(remaining));
        endpoint.setApiKey(apiKey);
        endpoint.setApiBase(apiBase);
        endpoint.setConnectTimeout(connectTimeout);
        endpoint.setReadTimeout(readTimeout);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    public String getApiKey() {
        return apiKey;
    }

    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
    }

    public String getApiBase() {
        return apiBase;
    }

    public void setApiBase(String apiBase) {
        this.apiBase = apiBase;
    }

    public int getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(int connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public int getReadTimeout() {
        return readTimeout;
    }

    public void setReadTimeout(int readTimeout) {
        this.readTimeout = readTimeout;
    }
}
