package io.orderflow.stripe;

import com.stripe.Stripe;
import com.stripe.net.LiveStripeResponseGetter;
import com.stripe.net.StripeResponseGetter;
import java.time.Duration;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Take payments with Stripe: create, read, change and list its objects. */
@UriEndpoint(
        firstVersion = "4.17.0",
        scheme = "stripe",
        title = "Stripe",
        syntax = "stripe:operation",
        category = Category.SAAS,
        producerOnly = true,
        headersClass = StripeConstants.class)
public class StripeEndpoint extends DefaultEndpoint implements EndpointServiceLocation {

    @UriPath(description = "The kind of object to work on")
    @Metadata(required = true)
    private final StripeOperation operation;

    @UriParam(label = "security", secret = true, description = "The secret API key")
    private String apiKey;

    @UriParam(
            label = "advanced",
            defaultValue = Stripe.LIVE_API_BASE,
            description = "Where Stripe is, without the /v1; may have a path")
    private String apiBase = Stripe.LIVE_API_BASE;

    @UriParam(
            label = "advanced",
            defaultValue = "" + Stripe.DEFAULT_CONNECT_TIMEOUT,
            description = "How long connecting may take, in milliseconds")
    private int connectTimeout = Stripe.DEFAULT_CONNECT_TIMEOUT;

    @UriParam(
            label = "advanced",
            defaultValue = "" + Stripe.DEFAULT_READ_TIMEOUT,
            description =
                    "How long a call may take as a whole, from connecting to the answer's last byte, in milliseconds")
    private int readTimeout = Stripe.DEFAULT_READ_TIMEOUT;

    private StripeHttpClient http;
    private volatile StripeResponseGetter stripe;

    StripeEndpoint(String uri, StripeComponent component, StripeOperation operation) {
        super(uri, component);
        this.operation = operation;
    }

    @Override
    public Producer createProducer() {
        return new StripeProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("Nothing can be consumed from stripe:, only sent to it");
    }

    /** @throws IllegalArgumentException if an option is missing or cannot be used; never shows the key */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        var options = new StripeOptions(apiKey, apiBase, connectTimeout, readTimeout);
        http = new StripeHttpClient(Duration.ofMillis(connectTimeout));
        stripe = new LiveStripeResponseGetter(options, http);
    }

    @Override
    protected void doStop() throws Exception {
        if (http != null) {
            http.close();
        }
        super.doStop();
    }

    /** The client of this endpoint alone; there is one once the endpoint was started. */
    StripeResponseGetter stripe() {
        return stripe;
    }

    @Override
    public String getServiceUrl() {
        return apiBase;
    }

    @Override
    public String getServiceProtocol() {
        return "rest";
    }

    public StripeOperation getOperation() {
        return operation;
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
