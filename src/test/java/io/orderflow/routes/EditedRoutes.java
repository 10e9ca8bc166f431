package io.orderflow.routes;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A copy of {@code routes/} that tests may edit, with the integration of {@code docs/routes.md} in it, exactly as the
 * page has it: one file, and one line in the multicast.
 */
public class EditedRoutes implements QuarkusTestResourceLifecycleManager {

    static final Path FOLDER = Path.of("target", "edited-routes");

    private ChatServer chat;

    @Override
    public Map<String, String> start() {
        try {
            Files.createDirectories(FOLDER);
            try (var files = Files.newDirectoryStream(Path.of("routes"))) {
                for (var file : files) {
                    Files.writeString(FOLDER.resolve(file.getFileName()), Files.readString(file));
                }
            }
            var page = Files.readString(Path.of("docs", "routes.md"));
            Files.writeString(FOLDER.resolve("chat.camel.yaml"), block(page, "- beans:"));
            var worker = FOLDER.resolve("order-worker.camel.yaml");
            var line = block(page, " *- to: \\{id: tell-chat");
            var before = "                          - to:\n                              id: tell-sns\n";
            Files.writeString(worker, Files.readString(worker).replace(before, line + before));
            chat = ChatServer.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "ORDERFLOW_ROUTES",
                "file:" + FOLDER,
                "orderflow.live-routes",
                FOLDER.toString(),
                "orderflow.worker.poll-wait",
                "1",
                "chat.webhook-url",
                chat.url());
    }

    /** The YAML block of a page that begins so. */
    private static String block(String page, String begin) {
        var found = Pattern.compile("```yaml\n(" + begin + ".*?)```", Pattern.DOTALL)
                .matcher(page);
        if (!found.find()) {
            throw new AssertionError("docs/routes.md has no block that begins with " + begin);
        }
        return found.group(1);
    }

    @Override
    public void stop() {
        if (chat != null) {
            chat.stop();
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(chat, new TestInjector.MatchesType(ChatServer.class));
    }
}
