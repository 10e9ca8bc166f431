package io.orderflow.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orderflow.testing.Api;
import io.orderflow.testing.AppProcess;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxProcess;
import io.orderflow.testing.SandboxResource;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the packaged app writes while everything is tried with it, at the most talkative level. */
class SecrecyIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Pattern PERSON = Pattern.compile("(?i)jacqueline|Rosewood|Winterfield|99887");
    private static final Pattern CLIENT_SECRET = Pattern.compile("pi_\\w+_secret_\\w+");
    private static final String EMAIL = "jacqueline.doe@example.com";

    @Test
    void shouldLogNeitherPersonsNorSecrets() throws Exception {
        // Given
        var port = AppProcess.freePort();
        try (var world = SandboxProcess.start("http://localhost:" + port, 0.1)) {
            var settings = AppProcess.fast(0.1);
            settings.put("quarkus.log.level", "DEBUG");
            settings.put("quarkus.log.category.\"org.apache.hc\".level", "DEBUG");
            var environment = world.environment();
            try (var app = new AppProcess(port, environment, settings)) {
                Files.deleteIfExists(app.log());
                app.start();
                var sandbox = new SandboxClient(world.base());

                // When
                tryEverything(app, sandbox);
            }

            // Then
            var log = Files.readString(Path.of("target", "app-" + port + ".log"));
            assertThat(log).contains("DEBUG", "sendgrid is a dead letter");
            var secrets = List.of(
                    environment.get("STRIPE_SECRET_KEY"),
                    environment.get("STRIPE_WEBHOOK_SECRET"),
                    environment.get("SENDGRID_API_KEY"),
                    environment.get("AWS_SECRET_ACCESS_KEY"),
                    SandboxResource.API_KEY,
                    "PRIVATE KEY");
            assertThat(log.lines())
                    .noneMatch(line -> PERSON.matcher(line).find())
                    .noneMatch(line -> secrets.stream().anyMatch(line::contains))
                    .noneMatch(line -> CLIENT_SECRET.matcher(line).find());
        }
    }

    private static void tryEverything(AppProcess app, SandboxClient sandbox) {
        var placed = place(app, order(EMAIL));
        placed.then().statusCode(201);
        var id = placed.<String>path("id");
        await().atMost(SOON).until(() -> sandbox.mailsOf(id).size() == 1);
        await().atMost(SOON).until(() -> !sandbox.rowsOf(id).isEmpty());

        place(app, order("jacqueline.doe")).then().statusCode(400);
        place(app, order(EMAIL).substring(10)).then().statusCode(400);
        place(app, order(EMAIL).replace("25.00", "26.00")).then().statusCode(400);
        given().header("X-API-Key", SandboxResource.API_KEY + "x")
                .get(app.base() + "/api/orders")
                .then()
                .statusCode(401);

        for (var kind : new String[] {"status", "reset", "lost-answer", "malformed"}) {
            for (var service : new String[] {"stripe", "sendgrid", "sns", "google-sheets"}) {
                sandbox.fault(Map.of("service", service, "kind", kind, "status", 500, "times", 2));
            }
            place(app, order(EMAIL));
        }
        await().atMost(SOON).until(() -> Files.readString(app.log()).contains(" failed ("));
        sandbox.clearFaults();
        sandbox.fault(Map.of("service", "sendgrid", "operation", "mail.send", "kind", "status", "status", 400));
        var refused = place(app, order(EMAIL)).<String>path("id");
        await().atMost(SOON).until(() -> caller().get(app.base() + "/api/orders/" + refused + "/timeline")
                .asString()
                .contains("\"dead\""));
        sandbox.clearFaults();

        caller().delete(app.base() + "/api/orders/" + id);
        await().atMost(SOON).until(() -> sandbox.mailsOf(id).size() == 2);
        await().atMost(SOON)
                .until(() -> caller().contentType(ContentType.JSON)
                                .body("{\"client\":\"default\",\"customerId\":\"%s\",\"reason\":\"Asked\"}"
                                        .formatted("customer-of-" + EMAIL.length()))
                                .post(app.base() + "/api/erasures")
                                .statusCode()
                        == 409);
    }

    private static Response place(AppProcess app, String body) {
        return caller().header("Idempotency-Key", UUID.randomUUID().toString())
                .contentType(ContentType.JSON)
                .body(body)
                .post(app.base() + "/api/orders");
    }

    private static RequestSpecification caller() {
        return given().header("X-API-Key", SandboxResource.API_KEY);
    }

    private static String order(String email) {
        return Api.order("customer-of-" + EMAIL.length(), email)
                .replace("Jane Doe", "Jacqueline Doe")
                .replace("1 Main Street", "12 Rosewood Lane")
                .replace("Springfield", "Winterfield")
                .replace("62701", "99887");
    }
}
