package io.orderflow.mail;

import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.TemplateLocator.TemplateLocation;
import io.quarkus.qute.Variant;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The templates as the application renders them (escaping by file name, strict), without the application. */
final class Templates {

    private Templates() {}

    static Engine engine() {
        return Engine.builder()
                .addDefaults()
                .addValueResolver(new ReflectionValueResolver())
                .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
                .addLocator(Templates::locate)
                .build();
    }

    private static Optional<TemplateLocation> locate(String id) {
        var url = Templates.class.getResource("/templates/" + id);
        return Optional.ofNullable(url).map(found -> new TemplateLocation() {
            @Override
            public Reader read() {
                return new InputStreamReader(
                        Templates.class.getResourceAsStream("/templates/" + id), StandardCharsets.UTF_8);
            }

            @Override
            public Optional<Variant> getVariant() {
                return Optional.of(
                        Variant.forContentType(id.endsWith(".html") ? Variant.TEXT_HTML : Variant.TEXT_PLAIN));
            }
        });
    }
}
