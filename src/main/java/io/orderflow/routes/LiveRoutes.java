package io.orderflow.routes;

import io.orderflow.delivery.Integrations;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceSupport;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Watches the folder {@code orderflow.live-routes} and takes an edited file in at once.
 *
 * <p>Camel removes a file's routes before it tries the new ones, and leaves nothing when those cannot be made. Here the
 * last good text of every file is kept: when an edit fails, it is put back at once, and the log says what is wrong. What
 * comes in between waits at the {@code direct:} endpoint for its route.
 */
@ApplicationScoped
class LiveRoutes {

    private static final Logger LOG = Logger.getLogger(LiveRoutes.class);
    private static final String PATTERN = "*.camel.yaml";

    void start(
            @Observes StartupEvent started,
            CamelContext camel,
            Integrations integrations,
            @ConfigProperty(name = "orderflow.live-routes") Optional<String> folder)
            throws Exception {
        if (folder.isPresent()) {
            camel.addService(new Watcher(Path.of(folder.get()), integrations));
        }
    }

    private static final class Watcher extends RouteWatcherReloadStrategy {

        private final Integrations integrations;
        private final Map<URI, String> accepted = new TreeMap<>();

        Watcher(Path folder, Integrations integrations) throws IOException {
            super(folder.toString());
            this.integrations = integrations;
            setPattern(PATTERN);
            setRemoveAllRoutes(false);
            setPollTimeout(250);
            try (var files = Files.newDirectoryStream(folder, PATTERN)) {
                for (var file : files) {
                    accepted.put(file.toUri(), Files.readString(file));
                }
            }
        }

        @Override
        protected void onRouteReload(Collection<Resource> resources, boolean removeEverything) {
            resources.forEach(this::take);
        }

        private void take(Resource edited) {
            var text = text(edited);
            var before = accepted.get(edited.getURI());
            if (text.isBlank() || text.equals(before)) {
                // Editors truncate a file before they write it; the text follows.
                return;
            }
            try {
                load(edited.getURI(), text);
                RouteRules.check(getCamelContext());
                accepted.put(edited.getURI(), text);
                if (text.contains("- routeConfiguration:")) {
                    // A policy is built into the routes that name it.
                    accepted.forEach((file, other) -> load(file, other));
                }
                LOG.infof("%s is live", name(edited.getURI()));
            } catch (RuntimeException e) {
                LOG.errorf("%s is not taken, and its routes run on as before: %s", name(edited.getURI()), reason(e));
                if (before != null) {
                    load(edited.getURI(), before);
                }
            }
        }

        private void load(URI file, String text) {
            super.onRouteReload(List.of(new Text(file, text)), false);
            integrations.refresh();
        }

        private static String name(URI file) {
            return Path.of(file).getFileName().toString();
        }

        private static String text(Resource resource) {
            try (var in = resource.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String reason(Throwable failure) {
            var root = failure;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root.getMessage() == null ? root.toString() : root.getMessage();
        }
    }

    /** The text of a file as it was read, whatever the file holds by now. */
    private static final class Text extends ResourceSupport {

        private final URI file;
        private final String text;

        Text(URI file, String text) {
            super("file", file.toString());
            this.file = file;
            this.text = text;
        }

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public URI getURI() {
            return file;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
