package io.orderflow.environment;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A service account's key file, as far as the start looks into it. */
sealed interface KeyFile {

    /** @param tokenUri where the account's tokens come from; empty when the file names nothing */
    record Readable(String tokenUri) implements KeyFile {}

    /** It is not there, may not be read, or is no JSON. */
    record Unreadable() implements KeyFile {}

    static KeyFile at(String path) {
        try {
            var content = new ObjectMapper().readTree(Files.readAllBytes(Path.of(path)));
            return content.isObject() ? new Readable(content.path("token_uri").asText()) : new Unreadable();
        } catch (IOException | InvalidPathException e) {
            return new Unreadable();
        }
    }
}
