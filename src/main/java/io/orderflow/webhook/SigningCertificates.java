package io.orderflow.webhook;

import io.orderflow.api.Problem;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fetches the certificates that SNS signs with, and keeps them. Which addresses may be asked is the caller's to say. */
@ApplicationScoped
class SigningCertificates {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LARGEST = 64 * 1024;

    /** AWS has one at a time for each region. */
    private static final int MOST = 16;

    /** Anyone can have a certificate fetched: a few at a time, and the rest may come again. */
    private final Semaphore fetching = new Semaphore(4);

    private final Map<URI, X509Certificate> known = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * The certificate at {@code url}.
     *
     * @throws Problem when there is none, or when it cannot be had now
     */
    X509Certificate get(URI url) {
        var certificate = known.get(url);
        if (certificate == null) {
            if (!fetching.tryAcquire()) {
                throw unavailable();
            }
            try {
                certificate = fetch(url);
            } finally {
                fetching.release();
            }
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(url, certificate);
        }
        return certificate;
    }

    private X509Certificate fetch(URI url) {
        var answer = http.sendAsync(
                HttpRequest.newBuilder(url).GET().build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
        try {
            var response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() >= 500 || response.statusCode() == 429) {
                throw unavailable();
            }
            if (response.statusCode() != 200) {
                throw Problem.badSignature("There is no certificate at the SigningCertURL.");
            }
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(response.body()));
        } catch (CertificateException e) {
            throw Problem.badSignature("What is at the SigningCertURL is no certificate.");
        } catch (ExecutionException | TimeoutException e) {
            answer.cancel(true);
            throw unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
    }

    private static Problem unavailable() {
        return Problem.unavailable("The certificate at the SigningCertURL cannot be had now.");
    }

    @PreDestroy
    void close() {
        http.shutdownNow();
    }
}
