package io.orderflow.testing;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;

/** The API as its callers use it. */
public final class Api {

    private Api() {}

    /** A request with the bootstrap key. */
    public static RequestSpecification caller() {
        return given().header("X-API-Key", SandboxResource.API_KEY);
    }

    /** A key that was not used before. */
    public static String newKey() {
        return UUID.randomUUID().toString();
    }

    /** An order of 25.00 USD. */
    public static String order() {
        return order("customer-1", "jane@example.com");
    }

    public static String order(String customerId, String email) {
        return """
                {"customerId": "%s", "customerEmail": "%s", "customerName": "Jane Doe",
                 "items": [{"id": "sku-1", "name": "Coffee beans", "quantity": 2, "price": 12.50}],
                 "totalAmount": 25.00, "currency": "USD",
                 "shippingAddress": {"street": "1 Main Street", "city": "Springfield", "state": "IL",
                                     "zipCode": "62701", "country": "US"}}""".formatted(customerId, email);
    }

    public static Response place(String body) {
        return place(body, newKey());
    }

    public static Response place(String body, String idempotencyKey) {
        return caller().header("Idempotency-Key", idempotencyKey)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/orders");
    }

    public static Response get(String orderId) {
        return caller().get("/api/orders/" + orderId);
    }

    public static Response timeline(String orderId) {
        return caller().get("/api/orders/" + orderId + "/timeline");
    }

    /** The state of one delivery, or null when there is none. */
    public static String deliveryState(String orderId, String eventType, String integration) {
        return timeline(orderId)
                .path("events.find { it.type == '%s' }?.deliveries?.find { it.integration == '%s' }?.state"
                        .formatted(eventType, integration));
    }
}
