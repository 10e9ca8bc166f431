package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;

/** Documents in the order of their making, to be listed page by page. */
interface Shelf {

    boolean has(String id);

    /** Backwards from just before {@code id}, or from the newest when it is null. */
    Stream<ObjectNode> before(String id);
}
