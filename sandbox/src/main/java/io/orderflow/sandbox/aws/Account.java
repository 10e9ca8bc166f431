package io.orderflow.sandbox.aws;

import io.orderflow.sandbox.World;
import java.util.Map;
import java.util.TreeMap;

/** The one account, in the one region, that everything here belongs to. */
final class Account {

    static final String ID = "000000000000";
    static final String REGION = "us-east-1";

    private Account() {}

    /** The variables that every service needs, and {@code own}. */
    static Map<String, String> environment(World world, Map<String, String> own) {
        var all = new TreeMap<>(own);
        all.put("AWS_REGION", REGION);
        all.put("AWS_ACCESS_KEY_ID", "SANDBOXACCESSKEY");
        all.put("AWS_SECRET_ACCESS_KEY", "sandbox-secret-access-key");
        all.put("AWS_ENDPOINT_URL", world.settings().base().toString());
        return all;
    }

    static String arn(String service, String name) {
        return "arn:aws:" + service + ":" + REGION + ":" + ID + ":" + name;
    }
}
