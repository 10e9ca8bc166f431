package io.orderflow.stripe;

import com.stripe.net.Authenticator;
import com.stripe.net.BearerTokenAuthenticator;
import com.stripe.net.StripeResponseGetterOptions;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * All that stripe-java may ask about how to call, so that none of it comes from its static fields. What an answer's
 * model calls later (the next page of a list, say) goes the same way.
 */
final class StripeOptions extends StripeResponseGetterOptions {

    private final Authenticator authenticator;
    private final String apiBase;
    private final int connectTimeout;
    private final int readTimeout;

    /** @throws IllegalArgumentException if an option is missing or cannot be used; does not show the key */
    StripeOptions(String apiKey, String apiBase, int connectTimeout, int readTimeout) {
        if (apiKey == null || apiKey.isBlank()) {
            throw new IllegalArgumentException("The option apiKey of stripe: is not set");
        }
        // The client would otherwise refuse the header and show it.
        if (!apiKey.strip().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("The option apiKey of stripe: has a character that no key has");
        }
        if (connectTimeout <= 0 || readTimeout <= 0) {
            throw new IllegalArgumentException(
                    "The options connectTimeout and readTimeout of stripe: must be more than 0 ms, but are "
                            + connectTimeout + " and " + readTimeout);
        }
        this.authenticator = new BearerTokenAuthenticator(apiKey.strip());
        this.apiBase = base(apiBase);
        this.connectTimeout = connectTimeout;
        this.readTimeout = readTimeout;
    }

    private static String base(String apiBase) {
        var base = apiBase == null ? "" : apiBase.strip().replaceAll("/+$", "");
        if (!isBase(base)) {
            throw new IllegalArgumentException(
                    "The option apiBase of stripe: must be a http or https URL without a query, but is '" + apiBase
                            + "'");
        }
        return base;
    }

    private static boolean isBase(String base) {
        try {
            var uri = new URI(base);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    @Override
    public Authenticator getAuthenticator() {
        return authenticator;
    }

    @Override
    public int getConnectTimeout() {
        return connectTimeout;
    }

    @Override
    public int getReadTimeout() {
        return readTimeout;
    }

    /** None: only the route's redelivery policy decides whether and when a call is made again. */
    @Override
    public int getMaxNetworkRetries() {
        return 0;
    }

    @Override
    public String getApiBase() {
        return apiBase;
    }

    @Override
    public String getFilesBase() {
        return apiBase;
    }

    @Override
    public String getConnectBase() {
        return apiBase;
    }

    @Override
    public String getMeterEventsBase() {
        return apiBase;
    }

    @Override
    public String getClientId() {
        return null;
    }

    @Override
    public Proxy getConnectionProxy() {
        return null;
    }

    @Override
    public PasswordAuthentication getProxyCredential() {
        return null;
    }

    @Override
    public String getStripeAccount() {
        return null;
    }

    @Override
    public String getStripeContext() {
        return null;
    }
}
