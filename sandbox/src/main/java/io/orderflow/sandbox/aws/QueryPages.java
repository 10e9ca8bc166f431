package io.orderflow.sandbox.aws;

import io.orderflow.sandbox.Reply;
import java.util.List;
import java.util.function.BiConsumer;

/** Answers with a list, a hundred at a time. The token of the next page is how many came before it. */
final class QueryPages {

    private static final int PAGE = 100;

    private QueryPages() {}

    /** One page of {@code all}, each member written by {@code content}. */
    static <T> Reply answer(String action, String list, QueryForm form, List<T> all, BiConsumer<QueryXml, T> content) {
        var from = Math.min(all.size(), start(form));
        var to = Math.min(all.size(), from + PAGE);
        return QueryXml.result(action, xml -> {
            xml.element(list, members -> members.each("member", all.subList(from, to), content));
            if (to < all.size()) {
                xml.element("NextToken", String.valueOf(to));
            }
        });
    }

    private static int start(QueryForm form) {
        try {
            return form.get("NextToken").map(Integer::parseUnsignedInt).orElse(0);
        } catch (NumberFormatException e) {
            throw Rejection.invalidParameter("NextToken");
        }
    }
}
