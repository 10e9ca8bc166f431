package io.orderflow.sandbox.stripe;

import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.Watch;
import io.orderflow.sandbox.Webhooks;
import io.orderflow.sandbox.World;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Stripe under {@code /stripe/v1}. Fault rules name its operations like Stripe's libraries do, for example
 * {@code payment_intents.create}, {@code payment_intents.confirm}, {@code refunds.create}; webhook faults go by the
 * type of the event.
 */
public final class StripeService implements Service {

    /** The version of the API that is spoken, whatever version a caller asks for. */
    public static final String API_VERSION = "2025-12-15.clover";

    static final String NAME = "stripe";

    private final World world;
    private final Ledger ledger;
    private final Keys keys;
    private final Agenda agenda;
    private final Events events;
    private final IdempotencyKeys idempotency;
    private final Api api;
    private final AuthenticationPage page;
    private final List<Operation> operations;

    public StripeService(World world, Webhooks webhooks) {
        this.world = world;
        ledger = Ledger.open(world);
        keys = Keys.of(world.store().table("stripe-keys"), ledger.ids());
        agenda = new Agenda(world);
        events = new Events(world, webhooks, ledger.ids());
        idempotency = new IdempotencyKeys(world);
        api = new Api(keys, ledger.ids(), world.clock(), idempotency, new Expansion(ledger));
        var methods = new PaymentMethods(ledger);
        var charges = new Charges(ledger);
        var payments = new Payments(
                ledger, events, agenda, charges, methods, world.settings().base());
        page = new AuthenticationPage(ledger, payments);
        operations = Stream.of(
                        new PaymentIntents(ledger, events, methods, payments).operations(),
                        charges.operations(),
                        new Refunds(ledger, events, agenda).operations(),
                        methods.operations(),
                        events.operations(),
                        new AccountData(ledger).operations())
                .flatMap(each -> each)
                .toList();
        webhooks.signer(NAME, new WebhookSigner(keys.webhook()));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void mount(Endpoints endpoints) {
        operations.forEach(operation -> {
            api.add(operation);
            endpoints.on(operation.method(), "/stripe" + operation.path(), operation.name(), api::serve);
        });
        endpoints.on(HttpMethod.GET, "/stripe/authenticate/:id", "authentication.show", page::show);
        endpoints.on(HttpMethod.POST, "/stripe/authenticate/:id", "authentication.decide", page::decide);
        endpoints.on(HttpMethod.OPTIONS, "/stripe/v1/*", "preflight", StripeService::preflight);
        for (var method : List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE)) {
            endpoints.on(method, "/stripe/*", "unknown", this::unknown);
        }
        agenda.resume();
    }

    @Override
    public Watch watch(Call call) {
        return api.arrive(call);
    }

    /** Stripe.js runs in the shop's page, so any origin may call. */
    private static void preflight(Call call) {
        call.answer(Reply.empty(204)
                .with("Access-Control-Allow-Origin", "*")
                .with("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS")
                .with(
                        "Access-Control-Allow-Headers",
                        call.header("Access-Control-Request-Headers").orElse("Authorization, Content-Type"))
                .with("Access-Control-Max-Age", "300"));
    }

    private void unknown(Call call) {
        var path = call.request().path().substring("/stripe".length());
        call.answer(api.refusal(ApiError.invalid(
                404,
                "Unrecognized request URL (" + call.request().method() + ": " + path + "). If you are trying to list"
                        + " objects, remove the trailing slash. If you are trying to retrieve an object, make sure you"
                        + " passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or"
                        + " we can help at https://support.stripe.com/.")));
    }

    @Override
    public Object effects() {
        return Effects.of(ledger);
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "STRIPE_SECRET_KEY", keys.secret(),
                "STRIPE_PUBLISHABLE_KEY", keys.publishable(),
                "STRIPE_WEBHOOK_SECRET", keys.webhook(),
                "STRIPE_API_BASE", world.settings().base() + "/stripe");
    }

    @Override
    public void reset() {
        ledger.clear();
        agenda.clear();
        events.clear();
        idempotency.clear();
    }

    @Override
    public Reply failure(int status, String message) {
        return api.refusal(
                switch (status) {
                    case 402 -> ApiError.card("card_declined", "Your card was declined.");
                    case 409 -> ApiError.invalid(409, message).code("idempotency_key_in_use");
                    case 429 ->
                        ApiError.invalid(
                                        429,
                                        "Request rate limit exceeded. You can learn more about rate limits here"
                                                + " https://stripe.com/docs/rate-limits.")
                                .code("rate_limit");
                    default -> status >= 500 ? ApiError.internal(status, message) : ApiError.invalid(status, message);
                });
    }
}
