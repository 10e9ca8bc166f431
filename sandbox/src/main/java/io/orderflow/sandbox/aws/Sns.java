package io.orderflow.sandbox.aws;

import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.Webhooks;
import io.orderflow.sandbox.World;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SNS, with the topics of Orderflow in it, standard and FIFO, delivering by signed HTTP messages and to the queues of
 * {@link Sqs}. A reset forgets messages, subscriptions, and topics that others made; the signing key stays.
 */
public final class Sns implements Service {

    private static final String VERSION = "2010-03-31";
    private static final String EVENTS = "order-events";
    private static final String ALERTS = "order-alerts";

    private final World world;
    private final Webhooks webhooks;
    private final Sqs sqs;
    private final SnsDirectory directory;
    private final SnsTopicActions topics;
    private final SnsPublishActions publishing;
    private final SnsSubscriptionActions subscriptions;
    private SnsSigner signer;
    private SnsDelivery delivery;

    /**
     * @param sqs where subscriptions with the protocol {@code sqs} deliver to
     */
    public Sns(World world, Webhooks webhooks, Sqs sqs) {
        this.world = world;
        this.webhooks = webhooks;
        this.sqs = sqs;
        directory = new SnsDirectory(world.store());
        topics = new SnsTopicActions(directory);
        publishing = new SnsPublishActions(world, directory);
        subscriptions = new SnsSubscriptionActions(world, directory);
    }

    @Override
    public String name() {
        return "sns";
    }

    @Override
    public Map<String, String> environment() {
        return Account.environment(
                world,
                Map.of("ORDER_TOPIC_ARN", Account.arn("sns", EVENTS), "ALERT_TOPIC_ARN", Account.arn("sns", ALERTS)));
    }

    @Override
    public Future<Void> start() {
        createTopics();
        return world.vertx()
                .executeBlocking(() -> SnsSigner.open(world.settings().data().resolve("sns")), false)
                .onSuccess(opened -> {
                    signer = opened;
                    delivery = new SnsDelivery(
                            world,
                            webhooks,
                            sqs,
                            new SnsEnvelopes(world.settings().base(), opened));
                })
                .mapEmpty();
    }

    private void createTopics() {
        for (var name : List.of(EVENTS, ALERTS)) {
            var topic = SnsTopic.create(name, Map.of());
            if (directory.find(topic.arn()).isEmpty()) {
                directory.save(topic);
            }
        }
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.claim(HttpMethod.POST, "/", Sns::action, this::answer);
        // A subscriber confirms by visiting a link.
        endpoints.claim(HttpMethod.GET, "/", Sns::action, this::answer);
        endpoints.on(HttpMethod.GET, "/sns/:file", "GetSigningCertificate", this::certificate);
    }

    private static Optional<String> action(RoutingContext context) {
        var parameters = context.request().params();
        var ours = VERSION.equals(parameters.contains("Version") ? parameters.get("Version") : VERSION);
        return ours ? Optional.ofNullable(parameters.get("Action")) : Optional.empty();
    }

    private void certificate(Call call) {
        var known = signer != null && call.pathParameter("file").equals(signer.fileName());
        call.answer(known ? Reply.text(200, "application/x-pem-file", signer.pem()) : failure(404, "No such file"));
    }

    private void answer(Call call) {
        if (delivery == null) {
            call.answer(failure(503, "The sandbox is starting"));
            return;
        }
        try {
            call.answer(perform(call.operation(), new QueryForm(call.request().params()), call));
        } catch (Rejection e) {
            call.answer(QueryXml.error(e.status(), e.code(), e.getMessage()));
        }
    }

    private Reply perform(String action, QueryForm form, Call call) {
        return switch (action) {
            case "CreateTopic" -> topics.create(form);
            case "ListTopics" -> topics.list(form);
            case "GetTopicAttributes" -> topics.attributes(form);
            case "SetTopicAttributes" -> topics.setAttribute(form);
            case "Publish" -> publishing.publish(form, delivery);
            case "PublishBatch" -> publishing.publishBatch(form, delivery);
            case "Subscribe" -> subscriptions.subscribe(form, delivery);
            case "ConfirmSubscription" -> subscriptions.confirm(form);
            case "Unsubscribe" ->
                subscriptions.unsubscribe(form, call.header("Authorization").isPresent(), delivery);
            case "ListSubscriptions" -> subscriptions.list(form);
            case "ListSubscriptionsByTopic" -> subscriptions.listByTopic(form);
            default -> throw new Rejection(400, "InvalidAction", "The sandbox does not know " + action);
        };
    }

    /** Every message that a topic took, in order, and who subscribes. */
    @Override
    public Object effects() {
        return Map.of(
                "messages",
                publishing.published(),
                "subscriptions",
                directory
                        .subscriptions()
                        .map(subscription -> Map.of(
                                "topicArn", subscription.topic(),
                                "protocol", subscription.protocol(),
                                "endpoint", subscription.endpoint(),
                                "confirmed", subscription.confirmed()))
                        .toList());
    }

    @Override
    public void reset() {
        publishing.reset();
        directory.clear();
        createTopics();
    }

    @Override
    public Reply failure(int status, String message) {
        return switch (status) {
            case 429 -> QueryXml.error(429, "Throttled", message);
            case 400 -> QueryXml.error(400, "InvalidParameter", message);
            case 401, 403 -> QueryXml.error(403, "AuthorizationError", message);
            case 404 -> QueryXml.error(404, "NotFound", message);
            case 503 -> QueryXml.error(503, "ServiceUnavailable", message);
            default -> QueryXml.error(status, "InternalError", message);
        };
    }
}
