package io.orderflow.stripe;

import com.stripe.net.ApiResource.RequestMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** What can be done with the objects of an operation, as the header {@code CamelStripeMethod} names it. */
enum StripeMethod {
    CREATE(RequestMethod.POST, ""),
    RETRIEVE(RequestMethod.GET, "/{id}"),
    UPDATE(RequestMethod.POST, "/{id}"),
    DELETE(RequestMethod.DELETE, "/{id}"),
    LIST(RequestMethod.GET, ""),
    SEARCH(RequestMethod.GET, "/search"),
    CANCEL(RequestMethod.POST, "/{id}/cancel"),
    CAPTURE(RequestMethod.POST, "/{id}/capture");

    private static final String ID = "{id}";

    private final RequestMethod verb;
    private final String path;

    StripeMethod(RequestMethod verb, String path) {
        this.verb = verb;
        this.path = path;
    }

    RequestMethod verb() {
        return verb;
    }

    boolean needsId() {
        return path.contains(ID);
    }

    /** The path below the operation's own. */
    String path(String id) {
        if (!needsId()) {
            return path;
        }
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException("Stripe's method " + this + " needs the header "
                    + StripeConstants.OBJECT_ID + ": without an id the request would be another one");
        }
        if (Set.of(".", "..").contains(id)) {
            throw new IllegalArgumentException(
                    StripeConstants.OBJECT_ID + " is " + id + ", which would lead to another path");
        }
        return path.replace(ID, URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    /** As the header spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
