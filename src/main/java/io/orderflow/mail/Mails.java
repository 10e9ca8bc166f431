package io.orderflow.mail;

import io.orderflow.delivery.OrderEvent;
import io.quarkus.qute.Engine;
import io.quarkus.qute.Template;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;

/** Writes the customer's mail of an event. In a route: {@code bean: {ref: mails, method: request}}. */
@Named("mails")
@ApplicationScoped
@RegisterForReflection
public class Mails {

    private final Engine engine;
    private final Shop shop;
    private final Mailbox from;
    private final String apiKey;

    /**
     * @param fromEmail a sender that is verified at SendGrid
     * @param fromName in ASCII, or none for the shop's name
     */
    Mails(Engine engine, Shop shop, SendGridConfig sender) {
        this.engine = engine;
        this.shop = shop;
        this.apiKey = sender.apiKey();
        this.from = Mailbox.sender(sender.fromEmail(), sender.fromName().orElseGet(shop::name));
    }

    /** The header by which SendGrid knows us. No route holds the key: routes are shown to whoever watches them. */
    public String authorization() {
        return "Bearer " + apiKey;
    }

    /**
     * The JSON body of SendGrid's {@code POST /v3/mail/send}.
     *
     * @throws IllegalArgumentException when customers get no mail of such an event
     */
    public String request(OrderEvent told) {
        var order = told.order();
        var customer = order.details().customer();
        return new SendGridRequest(
                        told.event(),
                        order.id(),
                        from,
                        Mailbox.recipient(customer.email(), customer.name()),
                        shop.supportEmail().map(email -> Mailbox.sender(email, shop.name())),
                        mail(told))
                .toJson();
    }

    private Mail mail(OrderEvent told) {
        var letter = Letter.of(told);
        var name = "mail/" + told.event().type().toString().replace('.', '-');
        var text = engine.getTemplate(name + ".txt");
        var html = engine.getTemplate(name + ".html");
        var subject =
                Mailbox.line(text.getFragment("subject").data("letter", letter).render());
        return new Mail(subject, render(text, letter, subject), render(html, letter, subject));
    }

    private String render(Template template, Letter letter, String subject) {
        return template.data("letter", letter, "shop", shop, "subject", subject).render();
    }
}
