package io.orderflow.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files in {@code routes/}: valid by Camel's own schema and catalog, and in the house style. */
class RouteFilesTest {

    private static final Path FOLDER = Path.of("routes");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
            .getSchema(SchemaLocation.of("classpath:schema/camelYamlDsl.json"));
    private static final CamelCatalog CATALOG = new DefaultCamelCatalog();
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    /** The component has this method; the catalog leaves it out of its list. */
    private static final Set<String> UNKNOWN_TO_THE_CATALOG = Set.of("google-sheets:data/batchGet");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    /** One call of an endpoint: {@code from}, {@code to}, {@code toD}, {@code wireTap} and their like. */
    private record Call(String verb, String uri, JsonNode parameters, String id) {

        /** The URI with its parameters, as Camel joins them. */
        String joined() {
            var joined = new LinkedHashMap<String, String>();
            parameters
                    .properties()
                    .forEach(parameter ->
                            joined.put(parameter.getKey(), parameter.getValue().asText()));
            return joined.isEmpty()
                    ? uri
                    : joined.entrySet().stream()
                            .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                            .collect(Collectors.joining("&", uri + "?", ""));
        }

        boolean leavesTheContext() {
            return !uri.startsWith("direct:") && !uri.startsWith("seda:");
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldBeNamedAsRoutes(Path file) {
        // Then
        assertThat(file.getFileName().toString()).matches("[a-z-]+\\.camel\\.yaml");
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldFulfilTheSchemaOfTheYamlDsl(Path file) throws IOException {
        // When
        var violations = SCHEMA.validate(read(file));

        // Then
        assertThat(violations).extracting(ValidationMessage::getMessage).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldUseOnlyOptionsThatTheComponentsHave(Path file) throws IOException {
        // When
        var invalid = calls(read(file)).stream()
                .filter(call -> !call.uri().startsWith("{{") && !UNKNOWN_TO_THE_CATALOG.contains(call.uri()))
                .map(call -> CATALOG.validateEndpointProperties(
                        call.joined(), false, call.verb().equals("from"), false))
                .filter(result -> !result.isSuccess())
                .map(result -> result.summaryErrorMessage(false))
                .toList();

        // Then
        assertThat(invalid).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldNameAndDescribeEveryRoute(Path file) throws IOException {
        // Then
        for (var route : routes(read(file))) {
            assertThat(route.path("id").asText()).matches("[a-z0-9]+(-[a-z0-9]+)*");
            assertThat(route.path("description").asText())
                    .as("description of " + route.path("id").asText())
                    .matches("(?s)[A-Z].*\\.");
            if (!route.path("id").asText().equals("answer")) {
                assertThat(route.path("routeConfigurationId").asText())
                        .as("error policy of " + route.path("id").asText())
                        .isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldGiveEveryOutgoingStepAnId(Path file) throws IOException {
        // Then
        assertThat(calls(read(file)))
                .filteredOn(call -> !call.verb().equals("from"))
                .allSatisfy(call -> assertThat(call.id()).as(call.uri()).matches("[a-z0-9]+(-[a-z0-9]+)*"));
    }

    @Test
    void shouldUseEveryIdOnce() throws IOException {
        // Given
        var seen = new HashSet<String>();
        var repeated = new ArrayList<String>();

        // When
        for (var file : files()) {
            var tree = read(file);
            Stream.concat(
                            routes(tree).stream().map(route -> route.path("id").asText()),
                            calls(tree).stream()
                                    .filter(call -> !call.verb().equals("from"))
                                    .map(Call::id))
                    .filter(id -> !seen.add(id))
                    .forEach(repeated::add);
        }

        // Then
        assertThat(repeated).isEmpty();
    }

    @Test
    void shouldReachOnlyRoutesThatExist() throws IOException {
        // Given
        var served = new HashSet<String>();
        var reached = new HashSet<String>();

        // When
        for (var file : files()) {
            for (var call : calls(read(file))) {
                if (call.verb().equals("from")) {
                    served.add(call.uri());
                } else if (!call.leavesTheContext() && !call.uri().contains("${")) {
                    reached.add(call.uri());
                }
            }
        }

        // Then
        assertThat(served).containsAll(reached);
    }

    @Test
    void shouldGiveEveryIntegrationOfTheMulticastTheDeliveryPolicy() throws IOException {
        // Given
        var policies = policiesByUri();
        var declared = integrations();

        // When
        var told = told();

        // Then
        assertThat(told).isNotEmpty();
        for (var uri : told) {
            var name = uri.substring("direct:".length());
            if (declared.contains(name)) {
                assertThat(policies.get(uri)).as("policy of " + uri).isEqualTo("delivery");
            } else {
                assertThat(uri).as("without an Integration bean").isEqualTo("direct:google-sheets");
            }
        }
        assertThat(told)
                .containsAll(declared.stream().map(name -> "direct:" + name).toList());
    }

    @Test
    void shouldServeExactlyWhatTheContractPromises() throws IOException {
        // Given
        var promised = new TreeSet<String>();
        var contract = YAML.readTree(Files.readString(Path.of("src/main/openapi/openapi.yaml")));
        contract.get("paths").properties().forEach(path -> path.getValue()
                .propertyStream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> promised.add(method.getKey() + " " + path.getKey())));

        // When
        var served = new TreeSet<String>();
        for (var element : read(FOLDER.resolve("rest-api.camel.yaml"))) {
            var rest = element.path("rest");
            for (var method : METHODS) {
                rest.path(method)
                        .forEach(endpoint ->
                                served.add(method + " " + rest.path("path").asText()
                                        + endpoint.path("path").asText()));
            }
        }

        // Then
        assertThat(served).isEqualTo(promised);
    }

    private static Set<String> told() throws IOException {
        var worker = read(FOLDER.resolve("order-worker.camel.yaml"));
        var multicast = worker.findValue("multicast");
        return calls(multicast).stream().map(Call::uri).collect(Collectors.toSet());
    }

    private static Map<String, String> policiesByUri() throws IOException {
        var policies = new LinkedHashMap<String, String>();
        for (var file : files()) {
            for (var route : routes(read(file))) {
                policies.put(
                        route.path("from").path("uri").asText(),
                        route.path("routeConfigurationId").asText());
            }
        }
        return policies;
    }

    private static Set<String> integrations() throws IOException {
        var names = new HashSet<String>();
        for (var file : files()) {
            for (var element : read(file)) {
                for (var bean : element.path("beans")) {
                    if (bean.path("type").asText().equals("io.orderflow.delivery.Integration")) {
                        names.add(bean.path("properties").path("route").asText());
                    }
                }
            }
        }
        return names;
    }

    private static JsonNode read(Path file) throws IOException {
        return YAML.readTree(Files.readString(file));
    }

    private static List<JsonNode> routes(JsonNode tree) {
        var routes = new ArrayList<JsonNode>();
        tree.forEach(element -> {
            if (element.has("route")) {
                routes.add(element.get("route"));
            }
        });
        return routes;
    }

    private static List<Call> calls(JsonNode tree) {
        var calls = new ArrayList<Call>();
        collect(tree, calls);
        return calls;
    }

    private static void collect(JsonNode node, List<Call> calls) {
        node.properties().forEach(field -> {
            if (field.getValue().has("uri")) {
                calls.add(new Call(
                        field.getKey(),
                        field.getValue().get("uri").asText(),
                        field.getValue().path("parameters"),
                        field.getValue().path("id").asText()));
            }
        });
        node.forEach(child -> collect(child, calls));
    }
}
