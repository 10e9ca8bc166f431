import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/** Prints the key that `keytool` has made, as PEM, which `keytool` does not do: java ExportKey.java KEYSTORE PASSWORD ALIAS */
class ExportKey {
    public static void main(String[] args) throws Exception {
        var password = args[1].toCharArray();
        var key = KeyStore.getInstance(Path.of(args[0]).toFile(), password).getKey(args[2], password);
        System.out.println("-----BEGIN PRIVATE KEY-----");
        System.out.println(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded()));
        System.out.println("-----END PRIVATE KEY-----");
    }
}
