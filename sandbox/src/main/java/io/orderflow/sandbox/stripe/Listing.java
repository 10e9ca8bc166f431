package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** Lists, newest first, page by page. Source: Stripe's page "Pagination". */
final class Listing {

    private static final int DEFAULT_LIMIT = 10;
    private static final int MAX_LIMIT = 100;

    /** What every list takes. */
    static final Schema SCHEMA = Schema.of(
            Schema.whole("limit"),
            Schema.text("starting_after"),
            Schema.text("ending_before"),
            Schema.time("created"),
            Schema.items("expand"));

    private Listing() {}

    /** One page of {@code shelf}, whose objects are of {@code kind} and listed under {@code url}. */
    static ObjectNode page(Params params, String kind, String url, Shelf shelf, Predicate<ObjectNode> wanted) {
        var after = cursor(params, "starting_after", kind, shelf);
        var before = cursor(params, "ending_before", kind, shelf);
        if (after != null && before != null) {
            throw ApiError.exclusive("starting_after", "ending_before");
        }
        int limit = limit(params);
        var all = created(params).and(wanted);
        List<ObjectNode> found;
        if (before == null) {
            found = shelf.before(after).filter(all).limit(limit + 1L).toList();
        } else {
            // The page next to the cursor is asked for, not the newest: what is newer than the cursor, from behind.
            var newer = new ArrayList<>(shelf.before(null)
                    .takeWhile(document -> !Document.is(document, "id", before))
                    .filter(all)
                    .toList());
            Collections.reverse(newer);
            found = newer.subList(0, Math.min(newer.size(), limit + 1));
        }
        var page = new ArrayList<>(found.subList(0, Math.min(found.size(), limit)));
        if (before != null) {
            Collections.reverse(page);
        }
        return list(url, page, found.size() > limit);
    }

    /** A list object. */
    static ObjectNode list(String url, List<ObjectNode> documents, boolean more) {
        var list = Json.object().put("object", "list");
        var data = list.putArray("data");
        documents.forEach(document -> data.add(Document.wire(document)));
        return list.put("has_more", more).put("url", url);
    }

    static int limit(Params params) {
        var limit = params.whole("limit").orElse(DEFAULT_LIMIT);
        if (limit < 1) {
            throw outside("greater than or equal to 1");
        }
        if (limit > MAX_LIMIT) {
            throw outside("less than or equal to " + MAX_LIMIT);
        }
        return (int) limit;
    }

    private static ApiError outside(String bound) {
        return ApiError.invalid("This value must be " + bound + ".")
                .code("parameter_invalid_integer")
                .param("limit");
    }

    private static String cursor(Params params, String name, String kind, Shelf shelf) {
        var id = params.text(name).orElse(null);
        if (id != null && !shelf.has(id)) {
            throw ApiError.noSuch(kind, id, name);
        }
        return id;
    }

    private static Predicate<ObjectNode> created(Params params) {
        var exact = params.text("created").map(Long::parseLong);
        if (exact.isPresent()) {
            return document -> Document.amount(document, "created") == exact.get();
        }
        if (params.group("created").isEmpty()) {
            return document -> true;
        }
        var range = params.group("created").get();
        long above = Math.max(
                range.whole("gt").orElse(Long.MIN_VALUE), range.whole("gte").orElse(Long.MIN_VALUE + 1) - 1);
        long below = Math.min(
                range.whole("lt").orElse(Long.MAX_VALUE), range.whole("lte").orElse(Long.MAX_VALUE - 1) + 1);
        return document -> {
            long created = Document.amount(document, "created");
            return created > above && created < below;
        };
    }
}
