package io.orderflow.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.orderflow.api.OrderJson;
import io.orderflow.domain.Action;
import io.orderflow.domain.DeadLetterRules;
import io.orderflow.domain.Delivery;
import io.orderflow.domain.Subscription;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Dead letters as the API shows them (schemas {@code DeadLetter…} of the contract). */
final class LetterJson {

    private LetterJson() {}

    /** One of a list. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Summary(
            String id,
            String integration,
            String cause,
            String reason,
            String state,
            int attempts,
            Instant at,
            String orderId,
            String eventType) {

        static Summary of(Letter letter) {
            return switch (letter) {
                case Letter.OfOrder own ->
                    of(
                            letter,
                            own.delivery().attemptCount(),
                            own.order().id(),
                            own.event().type().toString());
                case Letter.OfMessage message -> of(letter, 1, null, null);
            };
        }

        private static Summary of(Letter letter, int attempts, String orderId, String eventType) {
            return new Summary(
                    letter.id().toString(),
                    letter.id().integration(),
                    letter.cause(),
                    letter.error(),
                    letter.state().toString(),
                    attempts,
                    letter.at(),
                    orderId,
                    eventType);
        }
    }

    /** A page of a list. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(List<Summary> deadLetters, String nextCursor) {}

    /** All of one integration and cause. */
    @RegisterForReflection
    record GroupJson(String integration, String cause, int count, Instant oldest, Instant newest, Summary example) {}

    /** @param complete whether these are all; else there are at least so many */
    @RegisterForReflection
    record Groups(List<GroupJson> groups, boolean complete) {}

    /**
     * Whether a replay would send it.
     *
     * @param reason why not; absent when it would
     * @param skipped the effects of the same event that are done already, and will not be repeated
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Replay(String id, boolean willBeSent, String reason, List<String> warnings, List<Effect> skipped) {

        static Replay of(Letter letter, Collection<Subscription> subscriptions) {
            var id = letter.id().toString();
            return switch (letter.verdict(subscriptions)) {
                case DeadLetterRules.Verdict.Replayable(var warnings) ->
                    new Replay(id, true, null, warnings, effects(letter));
                case DeadLetterRules.Verdict.Refused(var reason) ->
                    new Replay(id, false, reason, List.of(), effects(letter));
            };
        }

        static Replay unknown(String id) {
            return new Replay(id, false, "There is no such dead letter.", List.of(), List.of());
        }

        private static List<Effect> effects(Letter letter) {
            return switch (letter) {
                case Letter.OfOrder own ->
                    own.event().deliveries().entrySet().stream()
                            .filter(entry -> entry.getValue().state() == Delivery.State.DONE)
                            .map(entry ->
                                    new Effect(entry.getKey(), entry.getValue().externalId()))
                            .toList();
                case Letter.OfMessage message -> List.of();
            };
        }
    }

    /** What an integration has done of an event. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Effect(String integration, String externalId) {}

    /** @param letters the first of them */
    @RegisterForReflection
    record Preview(int total, int willBeSent, int willNotBeSent, List<Replay> letters) {}

    /** All that is known of one. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Full(
            Summary deadLetter,
            String routeId,
            String correlationId,
            Replay replay,
            OrderJson order,
            OrderJson.TimelineEvent event,
            String message,
            List<OrderJson.ActionJson> actions) {

        static Full of(Letter letter, Collection<Subscription> subscriptions) {
            var summary = Summary.of(letter);
            var replay = Replay.of(letter, subscriptions);
            return switch (letter) {
                case Letter.OfOrder own ->
                    new Full(
                            summary,
                            own.task().integration(),
                            own.order().id(),
                            replay,
                            OrderJson.of(own.order()),
                            OrderJson.TimelineEvent.of(own.event()),
                            null,
                            actions(own.order().actions()));
                case Letter.OfMessage(var message) ->
                    new Full(
                            summary,
                            letter.id().integration(),
                            message.id(),
                            replay,
                            null,
                            null,
                            message.text(),
                            actions(message.actions()));
            };
        }

        private static List<OrderJson.ActionJson> actions(List<Action> actions) {
            return actions.stream().map(OrderJson.ActionJson::of).toList();
        }
    }
}
