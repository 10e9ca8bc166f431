package io.orderflow.monitoring;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** What the route to CloudWatch runs on. */
@ApplicationScoped
class CloudWatch {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The CloudWatch client. It gives up soon and without retries: the next put makes up for it. */
    @Produces
    @ApplicationScoped
    @Unremovable
    CloudWatchClient client() {
        return CloudWatchClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(2))
                .overrideConfiguration(client ->
                        client.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(TIMEOUT))
                .build();
    }
}
