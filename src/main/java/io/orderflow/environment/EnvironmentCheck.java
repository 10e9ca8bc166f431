package io.orderflow.environment;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigSourceInterceptorFactory;
import java.util.ArrayList;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Refuses the start when {@link EnvironmentRules} are broken. It is part of the configuration, which is made before
 * anything else of the app, so that nothing that runs has passed by it.
 */
public final class EnvironmentCheck implements ConfigSourceInterceptorFactory {

    /** Above every other interceptor: values are seen as the app sees them. */
    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(Integer.MAX_VALUE);
    }

    @Override
    public ConfigSourceInterceptor getInterceptor(ConfigSourceInterceptorContext configuration) {
        if (isBuild()) {
            return ConfigSourceInterceptorContext::proceed;
        }
        var unavailable = new TreeMap<String, String>();
        var complaints = new ArrayList<>(
                EnvironmentRules.complaints(setting -> value(configuration, setting, unavailable), KeyFile::at));
        complaints.removeIf(complaint -> unavailable.containsKey(complaint.split(" ")[0]));
        unavailable.forEach((variable, why) -> complaints.add(variable + " " + why));
        if (!complaints.isEmpty()) {
            throw new ConfigurationException("Orderflow does not start. Its environment:\n  - "
                    + String.join("\n  - ", complaints)
                    + "\nWhat each means is told in .env.example and docs/security.md.");
        }
        return ConfigSourceInterceptorContext::proceed;
    }

    /** While the app is built its configuration is read too. What builds is no part of what is built. */
    private static boolean isBuild() {
        try {
            Class.forName("io.quarkus.deployment.QuarkusAugmentor", false, EnvironmentCheck.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static String value(
            ConfigSourceInterceptorContext configuration, Setting setting, Map<String, String> unavailable) {
        try {
            var value = value(configuration, setting.property());
            return value == null ? value(configuration, setting.variable()) : value;
        } catch (SecretsManagerValues.Unavailable e) {
            unavailable.put(setting.variable(), e.getMessage());
            return null;
        }
    }

    private static String value(ConfigSourceInterceptorContext configuration, String name) {
        try {
            var found = configuration.proceed(name);
            return found == null ? null : found.getValue();
        } catch (NoSuchElementException e) {
            // It is said to be the value of a variable that is not set.
            return null;
        }
    }
}
