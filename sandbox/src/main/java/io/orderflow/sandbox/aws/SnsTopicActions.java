package io.orderflow.sandbox.aws;

import io.orderflow.sandbox.Reply;
import java.util.LinkedHashMap;

/** The actions on topics. */
final class SnsTopicActions {

    private final SnsDirectory directory;

    SnsTopicActions(SnsDirectory directory) {
        this.directory = directory;
    }

    Reply create(QueryForm form) {
        var topic = SnsTopic.create(form.required("Name"), form.map("Attributes"));
        var existing = directory.find(topic.arn());
        if (existing.isEmpty()) {
            directory.save(topic);
        } else if (!existing.get()
                .attributes()
                .entrySet()
                .containsAll(topic.attributes().entrySet())) {
            throw Rejection.invalidParameter("Attributes Reason: Topic already exists with different attributes");
        }
        return QueryXml.result("CreateTopic", xml -> xml.element("TopicArn", topic.arn()));
    }

    Reply list(QueryForm form) {
        return QueryPages.answer(
                "ListTopics",
                "Topics",
                form,
                directory.topics(),
                (member, topic) -> member.element("TopicArn", topic.arn()));
    }

    Reply attributes(QueryForm form) {
        var topic = directory.topic(form.required("TopicArn"));
        var subscribed = directory.subscriptions(topic).toList();
        var confirmed = subscribed.stream().filter(SnsSubscription::confirmed).count();
        var all = new LinkedHashMap<String, String>();
        all.put("TopicArn", topic.arn());
        all.put("Owner", Account.ID);
        all.put("DisplayName", "");
        all.put("SubscriptionsConfirmed", String.valueOf(confirmed));
        all.put("SubscriptionsPending", String.valueOf(subscribed.size() - confirmed));
        all.put("SubscriptionsDeleted", "0");
        all.putAll(topic.attributes());
        return QueryXml.result(
                "GetTopicAttributes",
                xml -> xml.element(
                        "Attributes",
                        attributes -> attributes.each(
                                "entry", all.entrySet(), (entry, attribute) -> entry.element("key", attribute.getKey())
                                        .element("value", attribute.getValue()))));
    }

    Reply setAttribute(QueryForm form) {
        var topic = directory.topic(form.required("TopicArn"));
        directory.save(topic.with(
                form.required("AttributeName"), form.get("AttributeValue").orElse("")));
        return QueryXml.result("SetTopicAttributes", xml -> {});
    }
}
