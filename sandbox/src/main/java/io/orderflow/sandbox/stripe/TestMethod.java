package io.orderflow.sandbox.stripe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A card or bank account that exists for tests, and what happens when it is asked to pay. Source: Stripe's page
 * "Testing", and for bank accounts "Accept an ACH Direct Debit payment".
 *
 * @param token the id by which a payment method like this is asked for
 * @param number of the card or the account
 * @param brand of the card; null for a bank account
 * @param funding of the card; null for a bank account
 */
record TestMethod(String token, String number, String brand, String funding, Behavior behavior) {

    /** What happens when it is asked to pay. */
    sealed interface Behavior {

        record Pays(Sequel sequel) implements Behavior {}

        /**
         * @param declineCode null where Stripe has none
         * @param blocked refused by Stripe itself as too risky, not by the bank
         */
        record Declines(String code, String declineCode, String message, boolean blocked) implements Behavior {}

        /** The customer must authenticate; then the rest follows. */
        record Authenticates(Behavior then) implements Behavior {}

        /** The payment is under way for a while; when {@code then} is empty, for ever. */
        record Debits(Optional<Behavior> then) implements Behavior {}
    }

    /** What comes after a payment that succeeded. */
    enum Sequel {
        NOTHING,
        DISPUTED_AS_FRAUDULENT,
        DISPUTED_AS_NOT_RECEIVED,
        /** A refund is pending at first. */
        REFUND_PENDS,
        /** A refund looks as if it had succeeded, and fails later. */
        REFUND_FAILS
    }

    private static final Behavior PAYS = new Behavior.Pays(Sequel.NOTHING);
    private static final Behavior DECLINES = declines("generic_decline", "Your card was declined.");
    private static final Behavior LACKS_FUNDS = declines("insufficient_funds", "Your card has insufficient funds.");

    private static final Map<String, TestMethod> BY_TOKEN = new HashMap<>();
    private static final Map<String, TestMethod> BY_NUMBER = new HashMap<>();

    static {
        List.of(
                        visa("pm_card_visa", "4242424242424242", PAYS),
                        card("pm_card_visa_debit", "4000056655665556", "visa", "debit", PAYS),
                        card("pm_card_mastercard", "5555555555554444", "mastercard", "credit", PAYS),
                        card("pm_card_mastercard_debit", "5200828282828210", "mastercard", "debit", PAYS),
                        card("pm_card_mastercard_prepaid", "5105105105105100", "mastercard", "prepaid", PAYS),
                        card("pm_card_amex", "378282246310005", "amex", "credit", PAYS),
                        card("pm_card_discover", "6011111111111117", "discover", "credit", PAYS),
                        card("pm_card_diners", "3056930009020004", "diners", "credit", PAYS),
                        card("pm_card_jcb", "3566002020360505", "jcb", "credit", PAYS),
                        card("pm_card_unionpay", "6200000000000005", "unionpay", "credit", PAYS),
                        visa("pm_card_bypassPending", "4000000000000077", PAYS),
                        visa("pm_card_visa_chargeDeclined", "4000000000000002", DECLINES),
                        visa("pm_card_visa_chargeDeclinedInsufficientFunds", "4000000000009995", LACKS_FUNDS),
                        visa(
                                "pm_card_visa_chargeDeclinedLostCard",
                                "4000000000009987",
                                declines("lost_card", "Your card was declined.")),
                        visa(
                                "pm_card_visa_chargeDeclinedStolenCard",
                                "4000000000009979",
                                declines("stolen_card", "Your card was declined.")),
                        visa(
                                "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
                                "4000000000006975",
                                declines(
                                        "card_velocity_exceeded",
                                        "Your card was declined for making repeated attempts too frequently or"
                                                + " exceeding its amount limit.")),
                        visa(
                                "pm_card_chargeDeclinedExpiredCard",
                                "4000000000000069",
                                new Behavior.Declines("expired_card", null, "Your card has expired.", false)),
                        visa(
                                "pm_card_chargeDeclinedIncorrectCvc",
                                "4000000000000127",
                                new Behavior.Declines(
                                        "incorrect_cvc", null, "Your card's security code is incorrect.", false)),
                        visa(
                                "pm_card_chargeDeclinedProcessingError",
                                "4000000000000119",
                                new Behavior.Declines(
                                        "processing_error",
                                        null,
                                        "An error occurred while processing your card. Try again in a little bit.",
                                        false)),
                        visa("pm_card_chargeCustomerFail", "4000000000000341", DECLINES),
                        visa(
                                "pm_card_radarBlock",
                                "4100000000000019",
                                new Behavior.Declines("card_declined", "fraudulent", "Your card was declined.", true)),
                        visa("pm_card_authenticationRequired", "4000002760003184", new Behavior.Authenticates(PAYS)),
                        visa(
                                "pm_card_authenticationRequiredOnSetup",
                                "4000002500003155",
                                new Behavior.Authenticates(PAYS)),
                        visa("pm_card_threeDSecure2Required", "4000000000003220", new Behavior.Authenticates(PAYS)),
                        visa("pm_card_threeDSecureRequired", "4000000000003063", new Behavior.Authenticates(PAYS)),
                        visa(
                                "pm_card_threeDSecureRequiredChargeDeclined",
                                "4000008400001629",
                                new Behavior.Authenticates(DECLINES)),
                        visa(
                                "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
                                "4000008260003178",
                                new Behavior.Authenticates(LACKS_FUNDS)),
                        visa(
                                "pm_card_createDispute",
                                "4000000000000259",
                                new Behavior.Pays(Sequel.DISPUTED_AS_FRAUDULENT)),
                        visa(
                                "pm_card_createDisputeProductNotReceived",
                                "4000000000002685",
                                new Behavior.Pays(Sequel.DISPUTED_AS_NOT_RECEIVED)),
                        visa("pm_card_pendingRefund", "4000000000007726", new Behavior.Pays(Sequel.REFUND_PENDS)),
                        visa("pm_card_refundFail", "4000000000005126", new Behavior.Pays(Sequel.REFUND_FAILS)),
                        bank("pm_usBankAccount_success", "000123456789", debits(PAYS)),
                        bank(
                                "pm_usBankAccount_accountClosed",
                                "000111111113",
                                bounces("account_closed", "The customer's bank account has been closed.")),
                        bank(
                                "pm_usBankAccount_noAccount",
                                "000111111116",
                                bounces("no_account", "The customer's bank account could not be located.")),
                        bank(
                                "pm_usBankAccount_insufficientFunds",
                                "000222222227",
                                bounces(
                                        "insufficient_funds",
                                        "The customer's account has insufficient funds to cover this payment.")),
                        bank(
                                "pm_usBankAccount_debitNotAuthorized",
                                "000333333335",
                                bounces(
                                        "debit_not_authorized",
                                        "The customer has notified their bank that this payment was unauthorized.")),
                        bank(
                                "pm_usBankAccount_dispute",
                                "000555555559",
                                debits(new Behavior.Pays(Sequel.DISPUTED_AS_FRAUDULENT))),
                        bank("pm_usBankAccount_processing", "000000000009", new Behavior.Debits(Optional.empty())))
                .forEach(method -> {
                    BY_TOKEN.put(method.token(), method);
                    BY_NUMBER.put(method.number(), method);
                });
        // Older names of the same cards, which still work.
        Map.of(
                        "pm_card_chargeDeclined", "pm_card_visa_chargeDeclined",
                        "pm_card_chargeDeclinedInsufficientFunds", "pm_card_visa_chargeDeclinedInsufficientFunds",
                        "pm_card_chargeDeclinedLostCard", "pm_card_visa_chargeDeclinedLostCard",
                        "pm_card_chargeDeclinedStolenCard", "pm_card_visa_chargeDeclinedStolenCard")
                .forEach((old, token) -> BY_TOKEN.put(old, BY_TOKEN.get(token)));
    }

    static Optional<TestMethod> byToken(String token) {
        return Optional.ofNullable(BY_TOKEN.get(token));
    }

    static Optional<TestMethod> byNumber(String number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    /** Stripe's word for the kind of payment method. */
    String type() {
        return brand == null ? "us_bank_account" : "card";
    }

    private static TestMethod visa(String token, String number, Behavior behavior) {
        return card(token, number, "visa", "credit", behavior);
    }

    private static TestMethod card(String token, String number, String brand, String funding, Behavior behavior) {
        return new TestMethod(token, number, brand, funding, behavior);
    }

    private static TestMethod bank(String token, String number, Behavior behavior) {
        return new TestMethod(token, number, null, null, behavior);
    }

    private static Behavior declines(String declineCode, String message) {
        return new Behavior.Declines("card_declined", declineCode, message, false);
    }

    private static Behavior debits(Behavior then) {
        return new Behavior.Debits(Optional.of(then));
    }

    private static Behavior bounces(String code, String message) {
        return debits(new Behavior.Declines(code, null, message, false));
    }
}
