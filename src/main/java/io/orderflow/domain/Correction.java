package io.orderflow.domain;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a person corrects on an order; what is null is left as it is.
 *
 * @param customerEmail by the rules of a new order
 * @param shippingAddress by the rules of a new order
 */
public record Correction(String customerEmail, Address shippingAddress) {

    /** By field what it was and what it is, for the audit: enough to tell one from the other, and no more. */
    Map<String, String> changes(OrderDetails before) {
        var changes = new TreeMap<String, String>();
        if (customerEmail != null && !customerEmail.equals(before.customer().email())) {
            changes.put("customerEmail", masked(before.customer().email()) + " → " + masked(customerEmail));
        }
        if (shippingAddress != null && !shippingAddress.equals(before.shippingAddress())) {
            changes.put("shippingAddress", masked(before.shippingAddress()) + " → " + masked(shippingAddress));
        }
        return changes;
    }

    /** {@code jane@example.com} as {@code j***@example.com}. */
    private static String masked(String email) {
        return email.replaceFirst("(?s)^(.)[^@]*", "$1***");
    }

    private static String masked(Address address) {
        var street = address.street();
        var start = street.substring(
                0, street.offsetByCodePoints(0, Math.min(2, street.codePointCount(0, street.length()))));
        var zip = address.zipCode() == null ? "" : address.zipCode() + " ";
        return start + "***, " + zip + address.city() + ", " + address.country();
    }
}
