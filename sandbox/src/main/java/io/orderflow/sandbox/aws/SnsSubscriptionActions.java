package io.orderflow.sandbox.aws;

import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.World;
import java.time.Duration;
import java.util.List;

/** The actions on subscriptions. */
final class SnsSubscriptionActions {

    private static final Duration TOKEN_LIFE = Duration.ofDays(2);

    private final World world;
    private final SnsDirectory directory;

    SnsSubscriptionActions(World world, SnsDirectory directory) {
        this.world = world;
        this.directory = directory;
    }

    Reply subscribe(QueryForm form, SnsDelivery delivery) {
        var topic = directory.topic(form.required("TopicArn"));
        var now = world.clock().instant();
        var asked = SnsSubscription.create(
                topic, form.required("Protocol"), form.required("Endpoint"), form.map("Attributes"), now);
        var existing = directory
                .subscriptions(topic)
                .filter(other -> other.is(asked.topic(), asked.protocol(), asked.endpoint()))
                .findFirst();
        if (existing.isPresent() && existing.get().raw() != asked.raw()) {
            throw Rejection.invalidParameter(
                    "Attributes Reason: Subscription already exists with different attributes");
        }
        var subscription = existing.map(
                        found -> found.confirmed() ? found : found.renewed(SnsSubscription.State.PENDING, now))
                .orElse(asked);
        directory.save(subscription);
        if (!subscription.confirmed()) {
            delivery.confirm(SnsEnvelopes.SUBSCRIPTION_CONFIRMATION, topic, subscription, now);
        }
        var told = subscription.confirmed() || form.flag("ReturnSubscriptionArn")
                ? subscription.arn()
                : "pending confirmation";
        return QueryXml.result("Subscribe", xml -> xml.element("SubscriptionArn", told));
    }

    Reply confirm(QueryForm form) {
        var topic = directory.topic(form.required("TopicArn"));
        if (form.flag("AuthenticateOnUnsubscribe")) {
            throw Rejection.invalidParameter("AuthenticateOnUnsubscribe Reason: the sandbox does not know it");
        }
        var oldest = world.clock().instant().minus(world.scaled(TOKEN_LIFE));
        var subscription = directory
                .byToken(topic, form.required("Token"))
                .filter(found -> found.tokenMadeAt().isAfter(oldest))
                .orElseThrow(() -> Rejection.invalidParameter("Token"));
        directory.save(subscription.confirm());
        return QueryXml.result("ConfirmSubscription", xml -> xml.element("SubscriptionArn", subscription.arn()));
    }

    /**
     * Ends a subscription. Who asks without a signature may have followed a link by mistake, and is offered to take it
     * back.
     */
    Reply unsubscribe(QueryForm form, boolean signed, SnsDelivery delivery) {
        var subscription = directory
                .subscription(form.required("SubscriptionArn"))
                .orElseThrow(() -> Rejection.notFound("Subscription does not exist"));
        if (!subscription.confirmed()) {
            throw Rejection.invalidParameter("SubscriptionArn Reason: the subscription is pending confirmation");
        }
        if (signed || subscription.protocol().equals("sqs")) {
            directory.remove(subscription);
        } else {
            var now = world.clock().instant();
            var deleted = subscription.renewed(SnsSubscription.State.DELETED, now);
            directory.save(deleted);
            delivery.confirm(
                    SnsEnvelopes.UNSUBSCRIBE_CONFIRMATION, directory.topic(subscription.topic()), deleted, now);
        }
        return QueryXml.result("Unsubscribe", xml -> {});
    }

    Reply list(QueryForm form) {
        return page("ListSubscriptions", form, directory.subscriptions().toList());
    }

    Reply listByTopic(QueryForm form) {
        var topic = directory.topic(form.required("TopicArn"));
        return page(
                "ListSubscriptionsByTopic", form, directory.subscriptions(topic).toList());
    }

    private static Reply page(String action, QueryForm form, List<SnsSubscription> all) {
        return QueryPages.answer(action, "Subscriptions", form, all, (member, subscription) -> member.element(
                        "SubscriptionArn", subscription.shownArn())
                .element("Owner", Account.ID)
                .element("Protocol", subscription.protocol())
                .element("Endpoint", subscription.endpoint())
                .element("TopicArn", subscription.topic()));
    }
}
