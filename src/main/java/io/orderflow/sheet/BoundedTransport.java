package io.orderflow.sheet;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpRequestInterceptor;
import org.apache.http.client.methods.HttpRequestBase;
import org.apache.http.client.methods.HttpRequestWrapper;

/**
 * Bounds an exchange with Google as a whole, from the connection to the last byte of the answer. The timeouts of a
 * socket do not: every byte that comes starts them anew.
 */
final class BoundedTransport {

    private BoundedTransport() {}

    /** A transport that breaks off an exchange which takes longer. Whether it had its effect is then unknown. */
    static HttpTransport of(Duration longest) {
        var later = CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS);
        HttpRequestInterceptor bound = (request, context) -> {
            if (request instanceof HttpRequestWrapper wrapper
                    && wrapper.getOriginal() instanceof HttpRequestBase sent) {
                // To abort what has ended does nothing, so that nobody need take this back.
                later.execute(sent::abort);
            }
        };
        return new ApacheHttpTransport(ApacheHttpTransport.newDefaultHttpClientBuilder()
                .addInterceptorFirst(bound)
                .build());
    }
}
