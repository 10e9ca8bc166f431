package io.orderflow.sandbox.google;

import io.orderflow.sandbox.Service;
import io.orderflow.sandbox.World;
import java.net.URI;
import java.util.List;

/** Google as Orderflow meets it: the token endpoint and the Sheets API, which share the service account. */
public final class Google {

    private Google() {}

    public static List<Service> services(World world) {
        var settings = world.settings();
        var account = ServiceAccount.open(
                settings.data().toAbsolutePath().resolve("google-service-account.json"),
                URI.create(settings.base() + "/google/token"));
        var tokens = new AccessTokens(world);
        return List.of(new GoogleOAuth(world, account, tokens), new GoogleSheets(world, account, tokens));
    }
}
