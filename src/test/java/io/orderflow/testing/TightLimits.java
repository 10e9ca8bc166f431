package io.orderflow.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** An app that is soon impatient: buckets are small and fill slowly, and what is slow is ended after seconds. */
public final class TightLimits implements QuarkusTestProfile {

    /** Whose scripts may read the answers. */
    public static final String ORIGIN = "https://shop.example.com";

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(
                SandboxResource.class,
                Map.ofEntries(
                        Map.entry("orderflow.limits.caller.per-second", "1"),
                        Map.entry("orderflow.limits.caller.burst", "10"),
                        Map.entry("orderflow.limits.address.per-second", "1"),
                        Map.entry("orderflow.limits.address.burst", "60"),
                        Map.entry("orderflow.limits.wrong-key.per-second", "1"),
                        Map.entry("orderflow.limits.wrong-key.burst", "3"),
                        Map.entry("orderflow.limits.webhook-sender.per-second", "1"),
                        Map.entry("orderflow.limits.webhook-sender.burst", "10"),
                        Map.entry("orderflow.limits.webhook.per-second", "1"),
                        Map.entry("orderflow.limits.webhook.burst", "30"),
                        Map.entry("quarkus.http.idle-timeout", "5s"),
                        Map.entry("orderflow.http.body-timeout", "2s"),
                        Map.entry("orderflow.http.cors-origins", ORIGIN))));
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }
}
