package io.orderflow.stripe;

import org.apache.camel.spi.Metadata;

/** The headers that the {@code stripe:} component reads. It removes none of them. */
public final class StripeConstants {

    @Metadata(
            description =
                    "What to do with the operation's objects; which of these Stripe offers depends on the operation",
            javaType = "String",
            enums = "create,retrieve,update,delete,list,search,cancel,capture",
            defaultValue = "create")
    public static final String METHOD_HEADER = "CamelStripeMethod";

    @Metadata(description = "The id of the object to retrieve, update, delete, cancel or capture", javaType = "String")
    public static final String OBJECT_ID = "CamelStripeObjectId";

    @Metadata(
            description =
                    "Stripe does a request once, however often it is sent with the same key, and answers it alike."
                            + " Without this header each attempt has a key of its own.",
            javaType = "String")
    public static final String IDEMPOTENCY_KEY = "CamelStripeIdempotencyKey";

    private StripeConstants() {}
}
