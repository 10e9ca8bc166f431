package io.orderflow.stripe;

import static io.orderflow.stripe.StripeMethod.CANCEL;
import static io.orderflow.stripe.StripeMethod.CAPTURE;
import static io.orderflow.stripe.StripeMethod.CREATE;
import static io.orderflow.stripe.StripeMethod.DELETE;
import static io.orderflow.stripe.StripeMethod.LIST;
import static io.orderflow.stripe.StripeMethod.RETRIEVE;
import static io.orderflow.stripe.StripeMethod.SEARCH;
import static io.orderflow.stripe.StripeMethod.UPDATE;

import com.stripe.model.BalanceTransaction;
import com.stripe.model.BalanceTransactionCollection;
import com.stripe.model.Charge;
import com.stripe.model.ChargeCollection;
import com.stripe.model.ChargeSearchResult;
import com.stripe.model.Customer;
import com.stripe.model.CustomerCollection;
import com.stripe.model.CustomerSearchResult;
import com.stripe.model.Invoice;
import com.stripe.model.InvoiceCollection;
import com.stripe.model.InvoiceSearchResult;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentIntentCollection;
import com.stripe.model.PaymentIntentSearchResult;
import com.stripe.model.PaymentMethod;
import com.stripe.model.PaymentMethodCollection;
import com.stripe.model.Price;
import com.stripe.model.PriceCollection;
import com.stripe.model.PriceSearchResult;
import com.stripe.model.Product;
import com.stripe.model.ProductCollection;
import com.stripe.model.ProductSearchResult;
import com.stripe.model.Refund;
import com.stripe.model.RefundCollection;
import com.stripe.model.StripeObject;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionCollection;
import com.stripe.model.SubscriptionSearchResult;
import com.stripe.net.ApiRequest;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.BaseAddress;
import com.stripe.net.RequestOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One kind of Stripe's objects: the operation of a {@code stripe:operation} URI, with the methods that Stripe offers.
 * The constants have the names of the paths in Stripe's API.
 */
public enum StripeOperation {
    CHARGES(
            "charges",
            List.of(CREATE, RETRIEVE, UPDATE, LIST, SEARCH, CAPTURE),
            Charge.class,
            ChargeCollection.class,
            ChargeSearchResult.class),
    CUSTOMERS(
            "customers",
            List.of(CREATE, RETRIEVE, UPDATE, DELETE, LIST, SEARCH),
            Customer.class,
            CustomerCollection.class,
            CustomerSearchResult.class),
    PAYMENT_INTENTS(
            "paymentIntents",
            List.of(CREATE, RETRIEVE, UPDATE, LIST, SEARCH, CANCEL, CAPTURE),
            PaymentIntent.class,
            PaymentIntentCollection.class,
            PaymentIntentSearchResult.class),
    PAYMENT_METHODS(
            "paymentMethods",
            List.of(CREATE, RETRIEVE, UPDATE, LIST),
            PaymentMethod.class,
            PaymentMethodCollection.class,
            null),
    REFUNDS("refunds", List.of(CREATE, RETRIEVE, UPDATE, LIST, CANCEL), Refund.class, RefundCollection.class, null),
    SUBSCRIPTIONS(
            "subscriptions",
            List.of(CREATE, RETRIEVE, UPDATE, LIST, SEARCH, CANCEL),
            Subscription.class,
            SubscriptionCollection.class,
            SubscriptionSearchResult.class),
    INVOICES(
            "invoices",
            List.of(CREATE, RETRIEVE, UPDATE, DELETE, LIST, SEARCH),
            Invoice.class,
            InvoiceCollection.class,
            InvoiceSearchResult.class),
    PRODUCTS(
            "products",
            List.of(CREATE, RETRIEVE, UPDATE, DELETE, LIST, SEARCH),
            Product.class,
            ProductCollection.class,
            ProductSearchResult.class),
    PRICES(
            "prices",
            List.of(CREATE, RETRIEVE, UPDATE, LIST, SEARCH),
            Price.class,
            PriceCollection.class,
            PriceSearchResult.class),
    BALANCE_TRANSACTIONS(
            "balanceTransactions",
            List.of(RETRIEVE, LIST),
            BalanceTransaction.class,
            BalanceTransactionCollection.class,
            null);

    private final String uriName;
    private final List<StripeMethod> methods;
    private final Class<? extends StripeObject> object;
    private final Class<? extends StripeObject> collection;
    private final Class<? extends StripeObject> searchResult;

    StripeOperation(
            String uriName,
            List<StripeMethod> methods,
            Class<? extends StripeObject> object,
            Class<? extends StripeObject> collection,
            Class<? extends StripeObject> searchResult) {
        this.uriName = uriName;
        this.methods = methods;
        this.object = object;
        this.collection = collection;
        this.searchResult = searchResult;
    }

    /**
     * @param uriName as after {@code stripe:} in the URI
     * @throws IllegalArgumentException if there is no such operation; names those that there are
     */
    static StripeOperation named(String uriName) {
        return Arrays.stream(values())
                .filter(operation -> operation.uriName.equals(uriName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Stripe has no operation '" + uriName + "' here; it is one of " + names(List.of(values()))));
    }

    /**
     * @param name as in the header
     * @throws IllegalArgumentException if Stripe offers no such method for these objects; names those that it does
     */
    StripeMethod method(String name) {
        return methods.stream()
                .filter(method -> method.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Stripe offers no '" + name + "' for " + this + "; "
                        + StripeConstants.METHOD_HEADER + " is one of " + names(methods)));
    }

    List<StripeMethod> methods() {
        return methods;
    }

    /** The request, for the answer of the type that {@link #answer} tells. */
    ApiRequest request(StripeMethod method, String id, Map<String, Object> params, RequestOptions options) {
        // Of all cancellations this one alone is a DELETE of the object itself.
        if (this == SUBSCRIPTIONS && method == CANCEL) {
            return request(DELETE.verb(), DELETE.path(id), params, options);
        }
        return request(method.verb(), method.path(id), params, options);
    }

    private ApiRequest request(RequestMethod verb, String path, Map<String, Object> params, RequestOptions options) {
        return new ApiRequest(BaseAddress.API, verb, "/v1/" + name().toLowerCase(Locale.ROOT) + path, params, options);
    }

    Class<? extends StripeObject> answer(StripeMethod method) {
        return switch (method) {
            case LIST -> collection;
            case SEARCH -> searchResult;
            default -> object;
        };
    }

    /** As the URI spells it. */
    @Override
    public String toString() {
        return uriName;
    }

    private static String names(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
