package io.orderflow.resilience;

import io.orderflow.testing.AppProcess;
import io.orderflow.testing.SandboxClient;
import io.orderflow.testing.SandboxProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** A sandbox, the app on it, a shop that calls the app, and the judge. */
final class Stage implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Stage.class);

    final SandboxClient sandbox;
    final AppProcess app;
    final Shop shop;
    final Judge judge;

    private final SandboxProcess process;

    private Stage(SandboxProcess process, AppProcess app) {
        this.process = process;
        this.app = app;
        sandbox = new SandboxClient(process.base());
        shop = shopOf(app::base);
        judge = new Judge(shop, sandbox);
    }

    /** A stage whose app does not run yet, with {@code settings} besides those of {@link AppProcess#fast}. */
    static Stage open(double timeScale, Map<String, String> settings) {
        var port = AppProcess.freePort();
        var sandbox = SandboxProcess.start("http://localhost:" + port, timeScale);
        var all = AppProcess.fast(timeScale);
        all.putAll(settings);
        return new Stage(sandbox, new AppProcess(port, sandbox.environment(), all));
    }

    /** Another shop, which calls where {@code app} says. */
    Shop shopOf(Supplier<URI> app) {
        return new Shop(app, sandbox, process.environment().get("STRIPE_PUBLISHABLE_KEY"));
    }

    /** Another instance on the same sandbox. */
    AppProcess another(double timeScale, Map<String, String> settings) {
        var all = AppProcess.fast(timeScale);
        all.putAll(settings);
        return new AppProcess(AppProcess.freePort(), process.environment(), all);
    }

    /** Logs what a suite has found, and keeps it in {@code target/resilience}. */
    static void report(String name, List<String> lines) {
        try {
            var file = Files.createDirectories(Path.of("target", "resilience")).resolve(name + ".txt");
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LOG.infof("%s%n%s", name, String.join(System.lineSeparator(), lines));
    }

    @Override
    public void close() {
        app.close();
        process.close();
    }
}
