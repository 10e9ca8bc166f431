package io.orderflow.sandbox.sendgrid;

import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import java.util.List;

/**
 * One objection.
 *
 * @param field the path of the field, with positions between dots, or {@code null}
 * @param help the address of the section of "Mail Send errors", or {@code null}
 */
record Problem(String message, String field, String help) {

    private static final String ERRORS_PAGE = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#";

    static Problem of(String message) {
        return new Problem(message, null, null);
    }

    static Problem in(String field, String section, String message) {
        return new Problem(message, field, ERRORS_PAGE + section);
    }

    static Reply reply(int status, List<Problem> problems) {
        var body = Json.object();
        var errors = body.putArray("errors");
        problems.forEach(problem -> errors.addObject()
                .put("message", problem.message)
                .put("field", problem.field)
                .put("help", problem.help));
        return Reply.json(status, body);
    }

    static Reply reply(int status, String message) {
        return reply(status, List.of(of(message)));
    }
}
