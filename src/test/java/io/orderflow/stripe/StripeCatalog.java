package io.orderflow.stripe;

import java.io.InputStream;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.DefaultVersionManager;

/** Camel's catalog with this {@code stripe:} in place of Camel's own, which adding another does not replace. */
public final class StripeCatalog {

    private StripeCatalog() {}

    public static CamelCatalog create() {
        var catalog = new DefaultCamelCatalog();
        catalog.setVersionManager(new DefaultVersionManager(catalog) {
            @Override
            public InputStream getResourceAsStream(String name) {
                return name.endsWith("/components/stripe.json")
                        ? StripeComponent.class.getResourceAsStream("/META-INF/io/orderflow/stripe/stripe.json")
                        : super.getResourceAsStream(name);
            }
        });
        return catalog;
    }
}
