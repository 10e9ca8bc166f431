package io.orderflow.sandbox.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The page of the card holder's bank, where a payment is authenticated. It then sends the customer to the intent's
 * {@code return_url} with {@code payment_intent}, {@code payment_intent_client_secret} and {@code redirect_status}.
 */
final class AuthenticationPage {

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Authenticate the payment</title></head>
            <body>
              <main>
                <h1>Authenticate the payment</h1>
                <p>The sandbox's bank asks: is it you who pays %s?</p>
                <form method="post">
                  <button name="outcome" value="success">Complete authentication</button>
                  <button name="outcome" value="failure">Fail authentication</button>
                </form>
              </main>
            </body>
            </html>
            """;

    private final Ledger ledger;
    private final Payments payments;

    AuthenticationPage(Ledger ledger, Payments payments) {
        this.ledger = ledger;
        this.payments = payments;
    }

    void show(Call call) {
        call.answer(asking(call)
                .map(intent -> html(
                        200,
                        PAGE.formatted(Currencies.display(
                                Document.amount(intent, "amount"), Document.text(intent, "currency")))))
                .orElseGet(AuthenticationPage::nothing));
    }

    void decide(Call call) {
        var intent = asking(call);
        if (intent.isEmpty()) {
            call.answer(nothing());
            return;
        }
        var form = Params.parse(new String(call.body(), StandardCharsets.UTF_8));
        boolean success = form.text("outcome").filter("success"::equals).isPresent();
        payments.authenticated(intent.get(), success);
        call.answer(after(ledger.intent(Document.text(intent.get(), "id"))));
    }

    private Optional<ObjectNode> asking(Call call) {
        var query = Params.parse(Optional.ofNullable(call.request().query()).orElse(""));
        return ledger.intents()
                .find(call.pathParameter("id"))
                .filter(intent -> Document.is(
                        intent, "client_secret", query.text("client_secret").orElse("")))
                .filter(intent -> Document.is(intent, "status", "requires_action"));
    }

    private static Reply after(ObjectNode intent) {
        var status = Document.is(intent, "status", "requires_payment_method") ? "failed" : "succeeded";
        var target = Document.text(intent, "_return_url");
        if (target == null) {
            return html(200, "<!doctype html><title>Done</title><p>The payment has " + status + ".</p>");
        }
        var location = target + (target.contains("?") ? "&" : "?")
                + "payment_intent=" + Document.text(intent, "id")
                + "&payment_intent_client_secret=" + Document.text(intent, "client_secret")
                + "&redirect_status=" + status;
        return Reply.empty(303).with("Location", location);
    }

    private static Reply nothing() {
        return html(404, "<!doctype html><title>Nothing to do</title><p>No payment waits for you here.</p>");
    }

    private static Reply html(int status, String page) {
        return Reply.text(status, "text/html; charset=utf-8", page);
    }
}
