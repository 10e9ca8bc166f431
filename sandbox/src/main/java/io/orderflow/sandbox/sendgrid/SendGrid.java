package io.orderflow.sandbox.sendgrid;

import com.fasterxml.jackson.databind.JsonNode;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.Webhooks;
import io.orderflow.sandbox.World;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * SendGrid under {@code /sendgrid}: {@code POST /v3/mail/send} and {@code GET /v3/scopes}. The same mail sent twice is
 * two mails; there is no idempotency.
 *
 * <p>The event webhook is on, as of an account that is set up for Orderflow. The setting is of the account, so that it
 * outlives restarts and resets:
 *
 * <ul>
 *   <li>{@code POST /sandbox/sendgrid/event-webhook} {@code {"enabled": true}}: tell of all that happens to mails from
 *       now on, or with {@code false} of nothing more
 *   <li>{@code GET /sandbox/sendgrid/event-webhook}: whether it is on, and where it goes
 * </ul>
 */
public final class SendGrid implements Service {

    private static final int LARGEST_MAIL = 30 * 1024 * 1024;
    private static final int SENDS_A_SECOND = 10_000;
    private static final int CALLS_A_MINUTE = 600;
    private static final String BEARER = "Bearer ";

    private final World world;
    private final Webhooks webhooks;
    private final Account account;
    private final SentMails mails;
    private final MailEvents events;
    private final RateLimit sends;
    private final RateLimit others;

    public SendGrid(World world, Webhooks webhooks) {
        this.world = world;
        this.webhooks = webhooks;
        this.account = Account.open(world.store());
        this.mails = new SentMails(world.store());
        this.events = new MailEvents(world, webhooks, mails);
        this.sends = new RateLimit(world.clock(), SENDS_A_SECOND, Duration.ofSeconds(1));
        this.others = new RateLimit(world.clock(), CALLS_A_MINUTE, world.scaled(Duration.ofMinutes(1)));
    }

    @Override
    public String name() {
        return "sendgrid";
    }

    @Override
    public void mount(Endpoints endpoints) {
        webhooks.signer(name(), account::sign);
        endpoints.on(HttpMethod.POST, "/sendgrid/v3/mail/send", "mail.send", call -> call.answer(limited(call, sends)));
        endpoints.on(HttpMethod.GET, "/sendgrid/v3/scopes", "scopes.list", call -> call.answer(limited(call, others)));
        for (var method :
                List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE)) {
            endpoints.on(method, "/sendgrid/*", "unknown", call -> call.answer(unknown(call)));
        }
        var webhook = "/sandbox/sendgrid/event-webhook";
        endpoints.control(HttpMethod.GET, webhook, context -> Reply.json(200, events.settings()));
        endpoints.control(HttpMethod.POST, webhook, context -> {
            var on = Endpoints.body(context).path("enabled");
            if (!on.isBoolean()) {
                throw new IllegalArgumentException("enabled: true or false");
            }
            events.enable(on.booleanValue());
            return Reply.json(200, events.settings());
        });
        events.resume();
    }

    private Reply limited(Call call, RateLimit limit) {
        if (!limit.take()) {
            return limit.describe(Problem.reply(429, "too many requests"));
        }
        return limit.describe(authorized(call, limit == sends ? this::send : this::scopes));
    }

    private Reply authorized(Call call, Function<Call, Reply> work) {
        var header = call.header("Authorization");
        if (header.isEmpty()) {
            return Problem.reply(401, "authorization required");
        }
        if (!header.get().equals(BEARER + account.apiKey())) {
            return Problem.reply(401, "The provided authorization grant is invalid, expired, or revoked");
        }
        return work.apply(call);
    }

    private Reply unknown(Call call) {
        var path = call.request().path();
        var known = path.equals("/sendgrid/v3/mail/send") || path.equals("/sendgrid/v3/scopes");
        return authorized(
                call, any -> known ? Problem.reply(405, "method not allowed") : Problem.reply(404, "not found"));
    }

    private Reply scopes(Call call) {
        var scopes = Json.object();
        scopes.putArray("scopes").add("mail.send").add("sender_verification_eligible");
        return Reply.json(200, scopes);
    }

    private Reply send(Call call) {
        if (call.body().length > LARGEST_MAIL) {
            return Problem.reply(413, "content too large");
        }
        if (!call.header("Content-Type").orElse("").toLowerCase(Locale.ROOT).startsWith("application/json")) {
            return Problem.reply(415, "Content-Type should be application/json.");
        }
        JsonNode mail;
        try {
            mail = call.json();
        } catch (IOException e) {
            return Problem.reply(400, "Bad Request");
        }
        if (!mail.isObject()) {
            return Problem.reply(400, "Bad Request");
        }
        var now = world.clock().instant();
        var problems = MailCheck.problems(mail, now);
        if (!problems.isEmpty()) {
            return Problem.reply(400, problems);
        }
        if (!isFromVerifiedSender(mail)) {
            return Problem.reply(
                    403,
                    List.of(new Problem(
                            "The from address does not match a verified Sender Identity. Mail cannot be sent until this"
                                    + " error is resolved. Visit"
                                    + " https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see"
                                    + " the Sender Identity requirements",
                            "from",
                            null)));
        }
        if (mail.path("mail_settings").path("sandbox_mode").path("enable").asBoolean()) {
            return Reply.empty(200);
        }
        var messageId = Account.random(16);
        events.schedule(mails.accept(messageId, mail, now));
        return Reply.empty(202).with("X-Message-Id", messageId);
    }

    private static boolean isFromVerifiedSender(JsonNode mail) {
        var verified =
                Account.SENDER.equalsIgnoreCase(mail.get("from").get("email").textValue());
        for (var personalization : mail.get("personalizations")) {
            var from = personalization.path("from").path("email");
            verified &= from.isMissingNode() || Account.SENDER.equalsIgnoreCase(from.textValue());
        }
        return verified;
    }

    /** The mails that were accepted, one for each recipient, oldest first. */
    @Override
    public Object effects() {
        var all = mails.all();
        all.forEach(mail -> mail.remove(List.of("number", "owed")));
        return Map.of("mails", all);
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "SENDGRID_API_KEY",
                account.apiKey(),
                "SENDGRID_API_BASE",
                world.settings().base() + "/sendgrid",
                "SENDGRID_FROM_EMAIL",
                Account.SENDER,
                "SENDGRID_FROM_NAME",
                Account.SENDER_NAME,
                "SENDGRID_WEBHOOK_PUBLIC_KEY",
                account.webhookPublicKey());
    }

    @Override
    public void reset() {
        mails.clear();
        sends.reset();
        others.reset();
    }

    @Override
    public Reply failure(int status, String message) {
        return Problem.reply(status, status == 429 ? "too many requests" : message);
    }
}
