package io.orderflow.resilience;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The outside calls of the flow: the app is killed before and after each of them. */
enum CrashPoint {
    ACCEPT_STORES_ORDER(Scene.PLACE, "dynamodb", "PutItem", "ORDER"),
    ACCEPT_OPENS_INTENT(Scene.PLACE, "stripe", "payment_intents.create", "ORDER"),
    ACCEPT_SETTLES_INTENT(Scene.PLACE, "dynamodb", "UpdateItem", "ORDER", ":payment"),
    ACCEPT_WAKES_WORKER(Scene.PLACE, "sqs", "SendMessage", "ORDER"),
    REPEAT_READS_ORDER(Scene.REPEAT, "dynamodb", "PutItem", "ORDER"),
    REPEAT_RECALLS_INTENT(Scene.REPEAT, "stripe", "payment_intents.retrieve", "INTENT"),

    WORK_READS_ORDER(Scene.PLACE, "dynamodb", "GetItem", "ORDER"),
    WORK_CLAIMS_ORDER(Scene.SHIP, "dynamodb", "UpdateItem", "ORDER", "#claim = :claim"),
    WORK_SENDS_MAIL(Scene.SHIP, "sendgrid", "mail.send", "ORDER"),
    WORK_ANNOUNCES_EVENT(Scene.SHIP, "sns", "Publish", "order-events", "ORDER"),
    WORK_SETTLES_OUTCOMES(Scene.SHIP, "dynamodb", "UpdateItem", "ORDER", "REMOVE [^\"]*#claim"),

    PAID_ASKS_FOR_INTENT(Scene.PAY, "stripe", "payment_intents.retrieve", "INTENT"),
    PAID_ASKS_FOR_REFUNDS(Scene.PAY, "stripe", "refunds.list", "INTENT"),
    PAID_READS_ORDER(Scene.PAY, "dynamodb", "GetItem", "ORDER"),
    PAID_STORES_PAYMENT(Scene.PAY, "dynamodb", "UpdateItem", "ORDER", ":payment"),
    PAID_WAKES_WORKER(Scene.PAY, "sqs", "SendMessage", "ORDER"),
    CONFIRM_ASKS_FOR_INTENT(Scene.CONFIRM, "stripe", "payment_intents.retrieve", "INTENT"),
    CONFIRM_STORES_PAYMENT(Scene.CONFIRM, "dynamodb", "UpdateItem", "ORDER", ":payment"),

    SHIP_STORES_CHANGE(Scene.SHIP, "dynamodb", "UpdateItem", "ORDER", ":trackingNumber"),
    SHIP_WAKES_WORKER(Scene.SHIP, "sqs", "SendMessage", "ORDER"),

    CANCEL_STORES_CHANGE(Scene.CANCEL, "dynamodb", "UpdateItem", "ORDER", "#claim = :claim"),
    CANCEL_ASKS_FOR_INTENT(Scene.CANCEL, "stripe", "payment_intents.retrieve", "INTENT"),
    CANCEL_CANCELS_INTENT(Scene.CANCEL, "stripe", "payment_intents.cancel", "INTENT"),
    CANCEL_SETTLES_INTENT(Scene.CANCEL, "dynamodb", "UpdateItem", "ORDER", "REMOVE [^\"]*#claim"),
    CANCEL_PAID_MAKES_REFUND(Scene.CANCEL_PAID, "stripe", "refunds.create", "ORDER"),
    CANCEL_PAID_SETTLES_REFUND(Scene.CANCEL_PAID, "dynamodb", "UpdateItem", "ORDER", "REMOVE [^\"]*#claim"),

    REFUND_STORES_REQUEST(Scene.REFUND, "dynamodb", "UpdateItem", "ORDER", "#claim = :claim"),
    REFUND_ASKS_FOR_REFUNDS(Scene.REFUND, "stripe", "refunds.list", "INTENT"),
    REFUND_MAKES_REFUND(Scene.REFUND, "stripe", "refunds.create", "ORDER"),
    REFUND_SETTLES_REFUND(Scene.REFUND, "dynamodb", "UpdateItem", "ORDER", "REMOVE [^\"]*#claim"),

    BURY_LEAVES_NOTICE(Scene.BURY, "sqs", "SendMessage", "dead-letter", "ORDER"),
    BURY_OWES_ALERT(Scene.BURY, "dynamodb", "UpdateItem", "alert/", "ORDER"),
    BURY_SETTLES_OUTCOME(Scene.BURY, "dynamodb", "UpdateItem", "ORDER", "REMOVE [^\"]*#claim"),

    ALERT_IS_TAKEN(Scene.BURY, "dynamodb", "UpdateItem", "alert/", "#until = :until"),
    ALERT_IS_SENT(Scene.BURY, "sns", "Publish", "order-alerts"),
    ALERT_IS_TOLD(Scene.BURY, "dynamodb", "UpdateItem", "alert/", "REMOVE [^\"]*#token"),
    CHECK_IS_TAKEN(Scene.UNHEARD, "dynamodb", "UpdateItem", "ORDER", ":payment"),
    CHECK_ASKS_FOR_INTENT(Scene.UNHEARD, "stripe", "payment_intents.retrieve", "INTENT"),
    CHECK_STORES_PAYMENT(Scene.UNHEARD, "dynamodb", "UpdateItem", "ORDER", ":payment", "succeeded"),

    QUEUE_RECEIVES_MESSAGES(Scene.SHIP, "sqs", "ReceiveMessage"),
    QUEUE_DELETES_MESSAGE(Scene.SHIP, "sqs", "DeleteMessage"),
    TIMER_LOOKS_FOR_DUE_ORDERS(Scene.SHIP, "dynamodb", "Query", "dueShard"),
    SHEET_LOOKS_FOR_OWED_ROWS(Scene.SHIP, "dynamodb", "Query", "sheetShard"),
    SHEET_READS_ORDERS(Scene.SHIP, "dynamodb", "BatchGetItem"),
    SHEET_LOOKS_AT_ID_CELLS(Scene.SHIP, "google-sheets", "spreadsheets.values.batchGet"),
    SHEET_WRITES_ROWS(Scene.SHIP, "google-sheets", "spreadsheets.values.batchUpdate"),
    SHEET_MARKS_ORDER(Scene.SHIP, "dynamodb", "UpdateItem", "ORDER", ":sheet"),
    SHEET_TAKES_LEASE(Scene.START, "dynamodb", "UpdateItem", "lease/google-sheets"),
    SHEET_GETS_TOKEN(Scene.START, "google-oauth", "token"),
    SHEET_READS_SIZE(Scene.START, "google-sheets", "spreadsheets.get"),
    METRICS_ARE_PUT(Scene.SHIP, "cloudwatch", "PutMetricData");

    /** What the shop does to the order, so that the app makes the call. */
    enum Scene {
        PLACE(State.NEW),
        REPEAT(State.UNPAID),
        PAY(State.UNPAID),
        /** Stripe's webhook about it is lost. */
        CONFIRM(State.UNPAID),
        /** The same, and nobody tells the app of it: it finds out by itself. */
        UNHEARD(State.UNPAID),
        SHIP(State.PAID),
        CANCEL(State.UNPAID),
        CANCEL_PAID(State.PAID),
        REFUND(State.PAID),
        /** SendGrid refuses the mail for good. */
        BURY(State.PAID),
        /** The app starts, and owes the sheet a row. */
        START(State.PAID);

        final State from;

        Scene(State from) {
            this.from = from;
        }
    }

    /** What the order is before. */
    enum State {
        NEW,
        UNPAID,
        PAID
    }

    /** Where in the call the app is killed, and what then becomes of the call. */
    enum Moment {
        /** Before the work, which is never done. */
        BEFORE("hold"),
        /** Before the work, which is done later, when the app runs again. */
        BEFORE_AND_DONE_LATE("hold"),
        /** After the work, before the answer. */
        AFTER("hold-answer");

        final String fault;

        Moment(String fault) {
            this.fault = fault;
        }
    }

    final Scene scene;
    private final String service;
    private final String operation;
    private final List<String> matching;

    CrashPoint(Scene scene, String service, String operation, String... matching) {
        this.scene = scene;
        this.service = service;
        this.operation = operation;
        this.matching = List.of(matching);
    }

    /** Whether the call is part of the writing of the spreadsheet: one call waits for the one before it. */
    boolean isOfSheet() {
        return name().startsWith("SHEET_");
    }

    /** Whether the call is not of one order. It is made again and again, and held each time. */
    boolean isShared() {
        return !matching.contains("ORDER") && !matching.contains("INTENT");
    }

    /** Whether the call changes anything outside. */
    boolean isWrite() {
        return switch (operation) {
            case "GetItem",
                    "Query",
                    "BatchGetItem",
                    "payment_intents.retrieve",
                    "refunds.list",
                    "spreadsheets.get",
                    "spreadsheets.values.batchGet",
                    "token" -> false;
            default -> true;
        };
    }

    /** The fault that holds the call of one order. */
    Map<String, Object> rule(Moment moment, Purchase purchase) {
        var rule =
                new TreeMap<String, Object>(Map.of("service", service, "operation", operation, "kind", moment.fault));
        if (!isShared()) {
            rule.put("times", 1);
        }
        rule.put(
                "matching",
                matching.stream()
                        .map(text ->
                                text.replace("ORDER", purchase.id).replace("INTENT", String.valueOf(purchase.intentId)))
                        .toList());
        return rule;
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
