package io.orderflow.sandbox;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/** What Orderflow needs in its environment and no service gives it, made at the first start. */
final class AppSecrets {

    private static final String KEY_HASH_SECRET = "keyHashSecret";

    private final Store.Table table;

    AppSecrets(Store store) {
        table = store.table("app-secrets");
    }

    Map<String, String> environment() {
        var secrets = table.get("secrets").orElseGet(Json::object);
        if (!secrets.has(KEY_HASH_SECRET)) {
            var random = new byte[32];
            new SecureRandom().nextBytes(random);
            secrets.put(KEY_HASH_SECRET, "sandbox-" + HexFormat.of().formatHex(random));
            table.put("secrets", secrets);
        }
        return Map.of("ORDERFLOW_KEY_HASH_SECRET", secrets.get(KEY_HASH_SECRET).textValue());
    }
}
