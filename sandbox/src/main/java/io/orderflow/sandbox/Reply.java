package io.orderflow.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** One answer. Header names are as sent. */
public record Reply(int status, Map<String, String> headers, byte[] body) {

    /** An answer whose body is {@code value} as JSON. */
    public static Reply json(int status, Object value) {
        try {
            return new Reply(status, Map.of("Content-Type", "application/json"), Json.MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("No JSON can be made of " + value.getClass(), e);
        }
    }

    public static Reply text(int status, String contentType, String body) {
        return new Reply(status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
    }

    public static Reply html(byte[] body) {
        return new Reply(200, Map.of("Content-Type", "text/html; charset=utf-8"), body);
    }

    public static Reply empty(int status) {
        return new Reply(status, Map.of(), new byte[0]);
    }

    public Reply with(String header, String value) {
        var all = new TreeMap<>(headers);
        all.put(header, value);
        return new Reply(status, Map.copyOf(all), body);
    }

    public Reply withBody(byte[] other) {
        return new Reply(status, headers, other);
    }
}
