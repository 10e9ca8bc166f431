package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Json;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.Store;
import io.orderflow.sandbox.World;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** AWS Secrets Manager, as far as secrets are made, changed and read: JSON 1.1, by name or ARN. */
public final class SecretsManager implements Service {

    private static final String TARGET = "secretsmanager.";

    private final World world;
    private final Store.Table secrets;

    public SecretsManager(World world) {
        this.world = world;
        this.secrets = world.store().table("secretsmanager.secrets");
    }

    @Override
    public String name() {
        return "secretsmanager";
    }

    @Override
    public Map<String, String> environment() {
        return Account.environment(world, Map.of());
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.claim(HttpMethod.POST, "/", SecretsManager::operation, this::answer);
    }

    private static Optional<String> operation(RoutingContext context) {
        return Optional.ofNullable(context.request().getHeader("X-Amz-Target"))
                .filter(target -> target.startsWith(TARGET))
                .map(target -> target.substring(TARGET.length()));
    }

    private void answer(Call call) {
        try {
            var request = call.json();
            call.answer(ok(
                    switch (call.operation()) {
                        case "CreateSecret" -> create(request);
                        case "PutSecretValue" -> write(existing(request), request);
                        case "GetSecretValue" -> existing(request);
                        default ->
                            throw new Rejection(400, "InvalidAction", "The sandbox does not know " + call.operation());
                    }));
        } catch (Rejection e) {
            call.answer(error(e.status(), e.code(), e.getMessage()));
        } catch (IOException e) {
            call.answer(error(400, "SerializationException", "No JSON: " + e.getMessage()));
        }
    }

    private ObjectNode create(JsonNode request) {
        var name = request.path("Name").asText();
        if (name.isEmpty()) {
            throw new Rejection(400, "InvalidParameterException", "Name is missing");
        }
        if (secrets.get(name).isPresent()) {
            throw new Rejection(400, "ResourceExistsException", "The secret " + name + " already exists.");
        }
        var suffix = UUID.randomUUID().toString().substring(0, 6);
        return write(
                Json.object()
                        .put("ARN", Account.arn("secretsmanager", "secret:" + name + "-" + suffix))
                        .put("Name", name),
                request);
    }

    private ObjectNode write(ObjectNode secret, JsonNode request) {
        if (!request.path("SecretString").isTextual()) {
            throw new Rejection(400, "InvalidParameterException", "SecretString is missing");
        }
        secret.put("SecretString", request.path("SecretString").asText())
                .put("VersionId", UUID.randomUUID().toString())
                .put("CreatedDate", world.clock().millis() / 1000.0);
        secret.putArray("VersionStages").add("AWSCURRENT");
        secrets.put(secret.path("Name").asText(), secret);
        return secret.deepCopy().without("SecretString");
    }

    private ObjectNode existing(JsonNode request) {
        var id = request.path("SecretId").asText();
        return secrets.all()
                .filter(secret -> id.equals(secret.path("Name").asText())
                        || id.equals(secret.path("ARN").asText()))
                .findFirst()
                .orElseThrow(() -> new Rejection(
                        400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret."));
    }

    /** The names of the secrets. */
    @Override
    public Object effects() {
        return Map.of(
                "secrets",
                secrets.all().map(secret -> secret.path("Name").asText()).toList());
    }

    @Override
    public void reset() {
        secrets.clear();
    }

    @Override
    public Reply failure(int status, String message) {
        return switch (status) {
            case 429 -> error(400, "ThrottlingException", message);
            case 400 -> error(400, "InvalidRequestException", message);
            case 401, 403 -> error(400, "AccessDeniedException", message);
            default -> error(status, "InternalServiceError", message);
        };
    }

    private static Reply ok(ObjectNode body) {
        return answer(200, body);
    }

    private static Reply error(int status, String code, String message) {
        return answer(status, Json.object().put("__type", code).put("Message", message));
    }

    private static Reply answer(int status, ObjectNode body) {
        return Reply.json(status, body)
                .with("Content-Type", "application/x-amz-json-1.1")
                .with("x-amzn-RequestId", UUID.randomUUID().toString());
    }
}
