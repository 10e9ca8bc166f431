package io.orderflow.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.Keyword;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.orderflow.domain.Violation;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks requests against the schemas of the API contract ({@code META-INF/openapi.yaml}), and names every field that
 * breaks one, in one go.
 */
@ApplicationScoped
public class Contract {

    /** The largest body that is taken, in bytes: an accepted order must fit in its DynamoDB item with room to grow. */
    static final int LARGEST_BODY = 64 * 1024;

    /** Of a number, on either side of its point. */
    private static final int MOST_DIGITS = 15;

    private static final String UNKNOWN = "is not known here; leave it out";

    private static final String RESOURCE = "META-INF/openapi.yaml";

    private static final List<Keyword> KEYWORDS_OF_OPENAPI =
            List.of(new NonValidationKeyword("components"), new NonValidationKeyword("example"));

    /** Of objects and lists in one another; the contract's own have four at most. */
    private static final int DEEPEST = 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Map<String, JsonSchema> schemas;
    private final Map<Pattern, Set<String>> methods;

    /** Reads the contract once, at the start: the first order shall not wait for it. */
    Contract() {
        var contract = contract();
        this.schemas = schemas(contract);
        this.methods = methods(contract);
    }

    /**
     * A request's body.
     *
     * @param value what of it fulfils the schema: fields that do not are gone, elements of lists that do not are null
     * @param violations the fields that do not
     */
    public record Checked<T>(T value, List<Violation> violations) {}

    /**
     * Reads a body.
     *
     * @param schema its schema's name in the contract
     * @throws Problem when the body is no JSON object, or too large
     */
    public <T> Checked<T> read(byte[] body, String schema, Class<T> type) {
        var tree = parse(body);
        var violations = new ArrayList<Violation>();
        takeOutTheUnseen(tree, "", violations);
        var takenOut = violations.stream().map(Violation::pointer).toList();
        var messages = schema(schema).validate(tree);
        var listsTooLong = messages.stream()
                .filter(message -> message.getType().equals("maxItems"))
                .map(message -> message.getInstanceLocation() + "/")
                .toList();
        for (var message : messages) {
            var violation = violation(message);
            if (!takenOut.contains(violation.pointer())
                    && listsTooLong.stream().noneMatch(violation.pointer()::startsWith)) {
                violations.add(violation);
            }
            prune(tree, message);
        }
        try {
            return new Checked<>(MAPPER.treeToValue(tree, type), List.copyOf(violations));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The contract's schema " + schema + " lets through what is no " + type, e);
        }
    }

    /**
     * The same for a body without rules beyond its schema.
     *
     * @throws Problem also when a field breaks the schema
     */
    public <T> T readValid(byte[] body, String schema, Class<T> type) {
        var checked = read(body, schema, type);
        if (!checked.violations().isEmpty()) {
            throw Problem.invalid(checked.violations());
        }
        return checked.value();
    }

    /** What is wrong with the value of a header or query parameter, if anything. */
    public Optional<Violation> parameter(String name, String value, String schema) {
        var messages = schema(schema).validate(JsonNodeFactory.instance.textNode(value));
        return messages.stream().findFirst().map(message -> new Violation(name, detail(message)));
    }

    /** What is wrong with an idempotency key that there must be, if anything. */
    public Optional<Violation> requiredKey(String key) {
        return key == null
                ? Optional.of(
                        new Violation("Idempotency-Key", "is missing; a repeat of this request must be known as one"))
                : parameter("Idempotency-Key", key, "IdempotencyKey");
    }

    /** The HTTP methods that a path has, in capitals; none when there is no such path. */
    Set<String> methods(String path) {
        return methods.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(path).matches())
                .flatMap(entry -> entry.getValue().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<Pattern, Set<String>> methods(JsonNode contract) {
        return contract.get("paths").properties().stream()
                .collect(Collectors.toUnmodifiableMap(
                        path -> Pattern.compile(path.getKey().replaceAll("\\{[^}]*}", "[^/]+")), path -> path.getValue()
                                .propertyStream()
                                .map(operation -> operation.getKey().toUpperCase(Locale.ROOT))
                                .filter(name -> !name.equals("PARAMETERS"))
                                .flatMap(name -> name.equals("GET") ? Stream.of("GET", "HEAD") : Stream.of(name))
                                .collect(Collectors.toSet())));
    }

    private JsonNode parse(byte[] body) {
        if (body == null || body.length == 0) {
            throw Problem.malformed("The body is missing; it must be a JSON object.");
        }
        if (body.length > LARGEST_BODY) {
            throw Problem.tooLarge("The body has " + body.length + " bytes; at most " + LARGEST_BODY + " are taken.");
        }
        try {
            var tree = MAPPER.readTree(body);
            if (tree instanceof ObjectNode) {
                return tree;
            }
            throw Problem.malformed("The body must be a JSON object.");
        } catch (MismatchedInputException e) {
            throw Problem.malformed("The body must be one JSON value, with nothing behind it.");
        } catch (StreamConstraintsException e) {
            throw Problem.malformed("It is nested more than " + DEEPEST
                    + " levels deep, or has a number or a name that is beyond all bounds.");
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw Problem.malformed(e.getOriginalMessage()
                            .lines()
                            .findFirst()
                            .orElse("It cannot be read")
                            .replaceFirst(": enable .*", "")
                    + (where == null ? "" : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")"));
        } catch (NumberFormatException e) {
            throw Problem.malformed("It has a number whose exponent is beyond all bounds.");
        } catch (IOException e) {
            throw Problem.malformed("The body is not UTF-8.");
        }
    }

    /**
     * What the schemas do not see. A number such as 1e-999999999 takes a few bytes to write, and gigabytes to calculate
     * with; a field whose name begins with # the library takes for a comment.
     */
    private static void takeOutTheUnseen(JsonNode node, String pointer, List<Violation> violations) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(field -> {
                var at = pointer + "/" + escaped(field.getKey());
                if (field.getKey().startsWith("#")) {
                    violations.add(new Violation(at, UNKNOWN));
                    return true;
                }
                return isOversized(field.getValue(), at, violations);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (isOversized(array.get(i), pointer + "/" + i, violations)) {
                    array.setNull(i);
                }
            }
        }
    }

    private static boolean isOversized(JsonNode value, String pointer, List<Violation> violations) {
        if (!value.isNumber()) {
            takeOutTheUnseen(value, pointer, violations);
            return false;
        }
        var number = value.decimalValue().stripTrailingZeros();
        var isOversized = number.scale() > MOST_DIGITS || (long) number.precision() - number.scale() > MOST_DIGITS;
        if (isOversized) {
            violations.add(new Violation(
                    pointer,
                    "must have at most " + MOST_DIGITS + " digits before and " + MOST_DIGITS + " after the point"));
        }
        return isOversized;
    }

    private JsonSchema schema(String name) {
        return Objects.requireNonNull(schemas.get(name), () -> "The contract has no schema " + name);
    }

    private static JsonNode contract() {
        try (var file = Thread.currentThread().getContextClassLoader().getResourceAsStream(RESOURCE)) {
            return new YAMLMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", e);
        }
    }

    private static Map<String, JsonSchema> schemas(JsonNode contract) {
        var config = SchemaValidatorsConfig.builder()
                .pathType(PathType.JSON_POINTER)
                .formatAssertionsEnabled(true)
                .errorMessageKeyword("x-message")
                .build();
        // The rest of an OpenAPI document is no JSON Schema: the schemas alone are made one.
        var document = JsonNodeFactory.instance.objectNode();
        document.set(
                "components", JsonNodeFactory.instance.objectNode().set("schemas", contract.at("/components/schemas")));
        var factory = JsonSchemaFactory.builder(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012))
                .metaSchema(JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                        .keywords(KEYWORDS_OF_OPENAPI)
                        .build())
                .build();
        var root = factory.getSchema(document, config);
        var names = new HashMap<String, JsonSchema>();
        contract.at("/components/schemas")
                .fieldNames()
                .forEachRemaining(name -> names.put(
                        name,
                        root.getSubSchema(new JsonNodePath(PathType.JSON_POINTER)
                                .append("components")
                                .append("schemas")
                                .append(name))));
        return Map.copyOf(names);
    }

    private static Violation violation(ValidationMessage message) {
        return new Violation(pointer(message), detail(message));
    }

    private static String pointer(ValidationMessage message) {
        var at = message.getInstanceLocation().toString();
        return message.getProperty() == null ? at : at + "/" + escaped(message.getProperty());
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String detail(ValidationMessage message) {
        var arguments = message.getArguments();
        return switch (message.getType()) {
            case "required" -> "is missing";
            case "additionalProperties" -> UNKNOWN;
            case "type" -> "must be of type " + arguments[1] + ", not " + arguments[0];
            case "minimum" -> "must be at least " + plain(arguments[0]);
            case "maximum" -> "must be at most " + plain(arguments[0]);
            case "exclusiveMinimum" -> "must be more than " + plain(arguments[0]);
            case "minLength" -> "must have at least " + counted(arguments[0], "character");
            case "maxLength" -> "must have at most " + counted(arguments[0], "character");
            case "minItems" -> "must have at least " + counted(arguments[0], "element");
            case "maxItems" -> "must have at most " + counted(arguments[0], "element");
            case "minProperties" -> "must have at least " + counted(arguments[0], "field");
            case "enum" -> "must be one of " + arguments[0];
            case "format" -> "must be a " + arguments[0];
            default -> message.getMessage().replaceFirst("^[^:]*: ", "");
        };
    }

    private static String counted(Object number, String what) {
        return number + " " + what + (number.toString().equals("1") ? "" : "s");
    }

    private static String plain(Object number) {
        return new BigDecimal(number.toString()).toPlainString();
    }

    /** Takes out what breaks the schema, so that the rest can still be read. */
    private static void prune(JsonNode tree, ValidationMessage message) {
        switch (message.getType()) {
            case "required", "minProperties" -> {}
            case "additionalProperties" -> {
                if (tree.at(message.getInstanceLocation().toString()) instanceof ObjectNode parent) {
                    parent.remove(message.getProperty());
                }
            }
            default -> remove(tree, message.getInstanceLocation());
        }
    }

    private static void remove(JsonNode tree, JsonNodePath path) {
        if (path.getNameCount() == 0) {
            return;
        }
        var parent = tree.at(path.getParent().toString());
        if (parent instanceof ObjectNode object) {
            object.remove(path.getName(-1));
        } else if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(path.getName(-1)), JsonNodeFactory.instance.nullNode());
        }
    }
}
