package io.orderflow.api;

import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;

/** Who is asking, as the security layer found out before Camel saw the request. */
public final class Caller {

    /** The header in which Camel's platform-http hands over the authenticated user; callers cannot set it. */
    public static final String HEADER = "CamelVertxPlatformHttpAuthenticatedUser";

    /** The attribute of the identity that names who it is among the client's; see {@link #actor}. */
    public static final String ACTOR = "actor";

    private Caller() {}

    /** The stable name of the client, whatever API key or token it used. */
    public static String client(QuarkusHttpUser user) {
        return user.getSecurityIdentity().getPrincipal().getName();
    }

    /** Whether it may see what is a client's: its own, and everybody's as an operator. */
    public static boolean maySee(QuarkusHttpUser user, String client) {
        return mayChange(user, client) || user.getSecurityIdentity().hasRole("ops:read");
    }

    /** Whether it may change what is a client's: its own, and everybody's with {@code ops:write}. */
    public static boolean mayChange(QuarkusHttpUser user, String client) {
        return client(user).equals(client) || user.getSecurityIdentity().hasRole("ops:write");
    }

    /** Who did it, for what is kept of it: the client, and which of its API keys or users. */
    public static String actor(QuarkusHttpUser user) {
        String actor = user.getSecurityIdentity().getAttribute(ACTOR);
        return actor == null ? client(user) : client(user) + "/" + actor;
    }
}
