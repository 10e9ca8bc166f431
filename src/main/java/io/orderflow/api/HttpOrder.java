package io.orderflow.api;

/**
 * In which order the HTTP layer looks at a request, before it comes to a route. Quarkus authenticates at -200 and looks at
 * permissions at -100.
 */
public final class HttpOrder {

    static final int HEADERS = Integer.MIN_VALUE;
    static final int CORS = HEADERS + 1;
    static final int SCREEN = CORS + 1;
    static final int START_PAGE = SCREEN + 1;

    /** Nothing is known of the caller but its address. */
    public static final int BEFORE_AUTHENTICATION = START_PAGE + 1;

    /** Who is asking is known, and not yet whether they may. */
    public static final int AFTER_AUTHENTICATION = -150;

    private HttpOrder() {}
}
