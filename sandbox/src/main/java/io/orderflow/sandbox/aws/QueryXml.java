package io.orderflow.sandbox.aws;

import io.orderflow.sandbox.Reply;
import java.util.UUID;
import java.util.function.Consumer;

/** Writes the XML answers of SNS. */
final class QueryXml {

    private static final String NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

    private final StringBuilder text = new StringBuilder();

    private QueryXml() {}

    /** The answer to {@code action}. */
    static Reply result(String action, Consumer<QueryXml> content) {
        var request = UUID.randomUUID().toString();
        var xml = new QueryXml();
        xml.root(action + "Response", response -> response.element(action + "Result", content)
                .element("ResponseMetadata", data -> data.element("RequestId", request)));
        return xml.reply(200, request);
    }

    static Reply error(int status, String code, String message) {
        var request = UUID.randomUUID().toString();
        var xml = new QueryXml();
        xml.root("ErrorResponse", response -> response.element(
                        "Error", error -> error.element("Type", status < 500 ? "Sender" : "Receiver")
                                .element("Code", code)
                                .element("Message", message))
                .element("RequestId", request));
        return xml.reply(status, request);
    }

    QueryXml element(String name, String value) {
        return element(name, inner -> inner.text.append(escape(value)));
    }

    QueryXml element(String name, Consumer<QueryXml> content) {
        text.append('<').append(name).append('>');
        content.accept(this);
        text.append("</").append(name).append('>');
        return this;
    }

    /** One element of that name for each of {@code items}. */
    <T> QueryXml each(String name, Iterable<T> items, java.util.function.BiConsumer<QueryXml, T> content) {
        items.forEach(item -> element(name, inner -> content.accept(inner, item)));
        return this;
    }

    private void root(String name, Consumer<QueryXml> content) {
        text.append('<').append(name).append(" xmlns=\"").append(NAMESPACE).append("\">");
        content.accept(this);
        text.append("</").append(name).append('>');
    }

    private Reply reply(int status, String request) {
        return Reply.text(status, "text/xml", text.toString()).with("x-amzn-RequestId", request);
    }

    private static String escape(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
