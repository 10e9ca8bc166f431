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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    /** The first thing that the house style has a route say. */
    private static final Pattern ROUTE_ID = Pattern.compile("(?m)^- route:\\s+id: *[\"']?([\\w-]+)");

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
        private final Set<URI> refused = new HashSet<>();

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
            var before = accepted.get(edited.getURI());
            if (!Files.exists(Path.of(edited.getURI()))) {
                LOG.infof("%s is gone; its routes run on until the app is started again", name(edited.getURI()));
                return;
            }
            var text = text(edited);
            if (text.equals(before) && refused.remove(edited.getURI())) {
                LOG.infof("%s is as it was, and runs", name(edited.getURI()));
            }
            if (text.isBlank() || text.equals(before)) {
                // Editors truncate a file before they write it; the text follows.
                return;
            }
            try {
                checkIds(edited.getURI(), text);
                load(edited.getURI(), text);
                RouteRules.check(getCamelContext());
                accepted.put(edited.getURI(), text);
                if (text.contains("- routeConfiguration:")) {
                    // A policy is built into the routes that name it.
                    accepted.forEach((file, other) -> load(file, other));
                }
                refused.remove(edited.getURI());
                LOG.infof("%s is live", name(edited.getURI()));
            } catch (TakenId e) {
                refused.add(edited.getURI());
                LOG.errorf("%s is not taken: %s", name(edited.getURI()), e.getMessage());
            } catch (RuntimeException e) {
                refused.add(edited.getURI());
                LOG.errorf(
                        before == null ? "%s is not taken: %s" : "%s is not taken, and its routes run on as before: %s",
                        name(edited.getURI()),
                        reason(e));
                if (before != null) {
                    load(edited.getURI(), before);
                } else {
                    ids(text).forEach(this::remove);
                }
            }
        }

        private void remove(String routeId) {
            try {
                getCamelContext().getRouteController().stopRoute(routeId);
                getCamelContext().removeRoute(routeId);
            } catch (Exception e) {
                LOG.warnf("The route %s of a file that was not taken could not be removed: %s", routeId, reason(e));
            }
        }

        /** Camel takes the route of another file for an older one of this, and ends it. */
        private void checkIds(URI file, String text) {
            var ids = ids(text);
            accepted.forEach((other, content) -> {
                if (!other.equals(file)) {
                    ids(content).stream().filter(ids::contains).findFirst().ifPresent(id -> {
                        throw new TakenId(
                                "the id " + id + " is that of a route in " + name(other) + "; choose another");
                    });
                }
            });
        }

        private static Set<String> ids(String text) {
            return ROUTE_ID.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
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

    /** A route has the id of another file's route; nothing was touched yet. */
    private static final class TakenId extends RuntimeException {
        TakenId(String message) {
            super(message);
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
