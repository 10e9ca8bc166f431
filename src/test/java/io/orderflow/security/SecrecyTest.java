package io.orderflow.security;

import static io.orderflow.testing.Api.caller;
import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.testing.Api;
import io.orderflow.testing.SandboxResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That nobody who may watch the app, or makes a mistake with it, learns a secret. */
@QuarkusTest
@QuarkusTestResource(SandboxResource.class)
class SecrecyTest {

    private static List<String> secrets;

    @BeforeAll
    static void readSecrets() {
        var config = ConfigProvider.getConfig();
        secrets = Stream.of(
                        "STRIPE_SECRET_KEY",
                        "STRIPE_WEBHOOK_SECRET",
                        "SENDGRID_API_KEY",
                        "AWS_SECRET_ACCESS_KEY",
                        "ORDERFLOW_BOOTSTRAP_API_KEY")
                .map(name -> config.getValue(name, String.class))
                .toList();
    }

    @Test
    void shouldShowNoSecretInJmx() throws JMException {
        // Given
        Api.place(Api.order()).then().statusCode(201);
        var server = ManagementFactory.getPlatformMBeanServer();

        // When
        var shown = new ArrayList<String>();
        for (var bean : server.queryNames(new ObjectName("org.apache.camel:*"), null)) {
            for (var attribute : server.getMBeanInfo(bean).getAttributes()) {
                shown.add(bean + " " + read(server, bean, attribute));
            }
        }
        for (var context : server.queryNames(new ObjectName("org.apache.camel:type=context,*"), null)) {
            shown.add(String.valueOf(
                    server.invoke(context, "dumpRoutesAsXml", new Object[] {true}, new String[] {"boolean"})));
        }

        // Then
        assertThat(shown).hasSizeGreaterThan(100).anyMatch(text -> text.contains("<route"));
        assertThat(shown).noneMatch(text -> secrets.stream().anyMatch(text::contains));
    }

    private static Object read(MBeanServer server, ObjectName bean, MBeanAttributeInfo attribute) {
        try {
            return attribute.isReadable() ? server.getAttribute(bean, attribute.getName()) : "";
        } catch (JMException | RuntimeException e) {
            return e.getMessage();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/metrics", "/q/health", "/q/openapi", "/api/orders", "/api/dead-letters/groups"})
    void shouldShowNoSecretToAnyone(String path) {
        // When
        var answer = caller().get(path).asString();

        // Then
        assertThat(answer).isNotEmpty().doesNotContain(secrets);
    }

    @Test
    void shouldNotRepeatWhatWasWrong() {
        // When
        var answer = caller().contentType(ContentType.JSON)
                .body(Api.order("customer-1", "jacqueline.doe").replace("Jane Doe", "Jacq\\u0007 Doe"))
                .post("/api/orders")
                .then()
                .statusCode(400)
                .extract()
                .asString();

        // Then
        assertThat(answer)
                .contains("/customerEmail", "/customerName")
                .doesNotContain("jacqueline", "Jacq", "Main Street");
    }
}
