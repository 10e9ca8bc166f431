package io.orderflow.environment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigSourceInterceptorFactory;
import io.smallrye.config.ConfigValue;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Reads a setting whose value is {@code aws-secretsmanager:name} or {@code aws-secretsmanager:name#field} out of AWS
 * Secrets Manager, once; without such a value nobody is asked. With a field the secret must be a JSON object.
 */
public final class SecretsManagerValues implements ConfigSourceInterceptorFactory {

    private static final String PREFIX = "aws-secretsmanager:";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A secret that is named and cannot be had. The message names it, and holds nothing of it. */
    static final class Unavailable extends RuntimeException {
        Unavailable(String message) {
            super(message, null, false, false);
        }
    }

    /** Above all but the check of the environment: what one setting takes over from another is resolved then. */
    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(Integer.MAX_VALUE - 1);
    }

    @Override
    public ConfigSourceInterceptor getInterceptor(ConfigSourceInterceptorContext configuration) {
        var read = new ConcurrentHashMap<String, String>();
        return (context, name) -> resolved(context.proceed(name), read);
    }

    private static ConfigValue resolved(ConfigValue setting, Map<String, String> read) {
        return setting == null
                        || setting.getValue() == null
                        || !setting.getValue().startsWith(PREFIX)
                ? setting
                : setting.withValue(read.computeIfAbsent(
                        setting.getValue().substring(PREFIX.length()).strip(), SecretsManagerValues::secret));
    }

    private static String secret(String reference) {
        var hash = reference.lastIndexOf('#');
        var name = hash < 0 ? reference : reference.substring(0, hash);
        var text = read(name);
        return hash < 0 ? text : field(text, name, reference.substring(hash + 1));
    }

    private static String read(String name) {
        try (var client = SecretsManagerClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder())
                .overrideConfiguration(configuration -> configuration.apiCallTimeout(PATIENCE))
                .build()) {
            var text = client.getSecretValue(get -> get.secretId(name)).secretString();
            if (text == null) {
                throw new Unavailable("names the secret " + name + ", which is binary. Store it as text.");
            }
            return text;
        } catch (AwsServiceException e) {
            var details = e.awsErrorDetails();
            throw unreadable(name, details == null ? "HTTP " + e.statusCode() : details.errorCode());
        } catch (SdkException e) {
            throw unreadable(name, e.getMessage());
        }
    }

    private static Unavailable unreadable(String name, String why) {
        return new Unavailable("names the secret " + name + ", which AWS Secrets Manager does not give (" + why
                + "). Correct the name, or let the app's role read it.");
    }

    private static String field(String text, String name, String field) {
        try {
            var value = new ObjectMapper().readTree(text).path(field);
            if (value.isTextual()) {
                return value.asText();
            }
        } catch (JsonProcessingException e) {
            throw new Unavailable("names a field of the secret " + name + ", which is no JSON object.");
        }
        throw new Unavailable("names the field " + field + " of the secret " + name + ", which has no such text.");
    }
}
