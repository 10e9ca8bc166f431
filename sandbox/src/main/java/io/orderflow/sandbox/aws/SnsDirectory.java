package io.orderflow.sandbox.aws;

import io.orderflow.sandbox.Store;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The topics and their subscriptions. */
final class SnsDirectory {

    private final Store.Table topics;
    private final Store.Table subscriptions;

    SnsDirectory(Store store) {
        topics = store.table("sns.topics");
        subscriptions = store.table("sns.subscriptions");
    }

    List<SnsTopic> topics() {
        return topics.all().map(SnsTopic::fromJson).toList();
    }

    Optional<SnsTopic> find(String arn) {
        return topics.get(arn).map(SnsTopic::fromJson);
    }

    SnsTopic topic(String arn) {
        return find(SnsTopic.checkArn(arn)).orElseThrow(() -> Rejection.notFound("Topic does not exist"));
    }

    void save(SnsTopic topic) {
        topics.put(topic.arn(), topic.toJson());
    }

    /** All that are not deleted. */
    Stream<SnsSubscription> subscriptions() {
        return subscriptions
                .all()
                .map(SnsSubscription::fromJson)
                .filter(subscription -> subscription.state() != SnsSubscription.State.DELETED);
    }

    Stream<SnsSubscription> subscriptions(SnsTopic topic) {
        return subscriptions().filter(subscription -> subscription.topic().equals(topic.arn()));
    }

    Optional<SnsSubscription> subscription(String arn) {
        return subscriptions()
                .filter(subscription -> subscription.arn().equals(arn))
                .findFirst();
    }

    /** The one that {@code token} confirms, a deleted one included. */
    Optional<SnsSubscription> byToken(SnsTopic topic, String token) {
        return subscriptions
                .all()
                .map(SnsSubscription::fromJson)
                .filter(subscription -> subscription.topic().equals(topic.arn())
                        && subscription.token().equals(token))
                .findFirst();
    }

    void save(SnsSubscription subscription) {
        subscriptions.put(subscription.arn(), subscription.toJson());
    }

    void remove(SnsSubscription subscription) {
        subscriptions.remove(subscription.arn());
    }

    void clear() {
        topics.clear();
        subscriptions.clear();
    }
}
