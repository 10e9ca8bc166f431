package io.orderflow.sandbox.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.orderflow.sandbox.Call;
import io.orderflow.sandbox.Endpoints;
import io.orderflow.sandbox.Reply;
import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.Store;
import io.orderflow.sandbox.World;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;

/** CloudWatch metrics, as far as putting goes, in the smithy-rpc-v2-cbor protocol. Keeps the latest 10,000 points. */
public final class CloudWatch implements Service {

    private static final int KEPT = 10_000;
    private static final int MAX_BODY = 1024 * 1024;
    private static final int MAX_UNZIPPED = 16 * MAX_BODY;
    private static final CBORMapper CBOR = new CBORMapper();

    private final World world;
    private final Store.Table points;

    public CloudWatch(World world) {
        this.world = world;
        this.points = world.store().table("cloudwatch.points");
    }

    @Override
    public String name() {
        return "cloudwatch";
    }

    @Override
    public Map<String, String> environment() {
        return Account.environment(world, Map.of());
    }

    @Override
    public void mount(Endpoints endpoints) {
        endpoints.on(
                HttpMethod.POST,
                "/service/GraniteServiceVersion20100801/operation/:operation",
                context -> context.pathParam("operation"),
                this::answer);
    }

    private void answer(Call call) {
        try {
            if (!call.operation().equals("PutMetricData")) {
                throw new Rejection(400, "InvalidAction", "The sandbox does not know " + call.operation());
            }
            MetricData.read(body(call), world.clock().instant()).forEach(point -> points.append(point, KEPT));
            call.answer(Reply.empty(200)
                    .with("smithy-protocol", "rpc-v2-cbor")
                    .with("x-amzn-RequestId", UUID.randomUUID().toString()));
        } catch (Rejection e) {
            call.answer(error(e.status(), e.code(), e.getMessage()));
        }
    }

    private static JsonNode body(Call call) {
        if (call.body().length > MAX_BODY) {
            throw new Rejection(413, "RequestEntityTooLarge", "A request has at most 1 MB");
        }
        try {
            var zipped = call.header("Content-Encoding").filter("gzip"::equals).isPresent();
            return CBOR.readTree(zipped ? unzip(call.body()) : call.body());
        } catch (IOException e) {
            throw new Rejection(400, "SerializationException", "No CBOR: " + e.getMessage());
        }
    }

    private static byte[] unzip(byte[] body) throws IOException {
        try (var stream = new GZIPInputStream(new ByteArrayInputStream(body))) {
            var bytes = stream.readNBytes(MAX_UNZIPPED + 1);
            if (bytes.length > MAX_UNZIPPED) {
                throw new Rejection(413, "RequestEntityTooLarge", "A request has at most 16 MB when unzipped");
            }
            return bytes;
        }
    }

    /** The data points, oldest first. */
    @Override
    public Object effects() {
        return Map.of("dataPoints", points.all().toList());
    }

    @Override
    public void reset() {
        points.clear();
    }

    @Override
    public Reply failure(int status, String message) {
        return switch (status) {
            case 429 -> error(400, "Throttling", message);
            case 400 -> error(400, "InvalidParameterValue", message);
            case 401, 403 -> error(403, "AccessDenied", message);
            case 503 -> error(503, "ServiceUnavailable", message);
            default -> error(status, "InternalServiceError", message);
        };
    }

    /** An SDK takes the code from the header, since this service once spoke the query protocol. */
    private static Reply error(int status, String code, String message) {
        try {
            var body = CBOR.writeValueAsBytes(
                    Map.of("__type", "com.amazonaws.cloudwatch#" + shape(code), "message", message));
            return new Reply(status, Map.of("Content-Type", "application/cbor"), body)
                    .with("smithy-protocol", "rpc-v2-cbor")
                    .with("x-amzn-query-error", code + (status < 500 ? ";Sender" : ";Receiver"))
                    .with("x-amzn-RequestId", UUID.randomUUID().toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Two strings make CBOR", e);
        }
    }

    private static String shape(String code) {
        return switch (code) {
            case "InvalidParameterValue", "InvalidParameterCombination" -> code + "Exception";
            case "MissingParameter" -> "MissingRequiredParameterException";
            case "InternalServiceError" -> "InternalServiceFault";
            default -> code;
        };
    }
}
