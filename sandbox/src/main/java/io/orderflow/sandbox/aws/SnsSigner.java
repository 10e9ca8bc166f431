package io.orderflow.sandbox.aws;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/** Signs messages as SNS does, with a key of its own that outlives a restart. */
final class SnsSigner {

    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";

    private final PrivateKey key;
    private final String pem;

    private SnsSigner(PrivateKey key, String pem) {
        this.key = key;
        this.pem = pem;
    }

    /** Reads key and certificate from {@code folder}, or makes them. */
    static SnsSigner open(Path folder) throws IOException, GeneralSecurityException {
        var key = folder.resolve("signing-key.pem");
        var certificate = folder.resolve("signing-certificate.pem");
        if (Files.notExists(certificate)) {
            Files.createDirectories(folder);
            make(key, certificate);
        }
        var pkcs8 = new PKCS8EncodedKeySpec(decode(Files.readString(key), KEY));
        return new SnsSigner(KeyFactory.getInstance("RSA").generatePrivate(pkcs8), Files.readString(certificate));
    }

    private static void make(Path key, Path certificate) throws IOException, GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var keys = generator.generateKeyPair();
        var now = Instant.now();
        Files.writeString(key, encode(keys.getPrivate().getEncoded(), KEY));
        if (key.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }
        // Written last: where it is, the key is whole.
        Files.writeString(
                certificate,
                encode(
                        SelfSigned.certificate(
                                        keys,
                                        "sns.amazonaws.com",
                                        now.minus(Duration.ofDays(1)),
                                        now.plus(Duration.ofDays(3650)))
                                .getEncoded(),
                        CERTIFICATE));
    }

    /** The certificate, as subscribers fetch it. */
    String pem() {
        return pem;
    }

    /** The last part of the certificate's address. It differs when the certificate does, for it is cached by name. */
    String fileName() {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(pem.getBytes(StandardCharsets.US_ASCII));
            return "SimpleNotificationService-" + HexFormat.of().formatHex(hash, 0, 16) + ".pem";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /**
     * The signature of {@code text}, in Base64.
     *
     * @param version the topic's {@code SignatureVersion}: 1 is SHA-1, 2 is SHA-256
     */
    String sign(String version, String text) {
        try {
            var signature = Signature.getInstance(version.equals("2") ? "SHA256withRSA" : "SHA1withRSA");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The signing key does not sign", e);
        }
    }

    private static String encode(byte[] der, String label) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    private static byte[] decode(String pem, String label) {
        return Base64.getMimeDecoder()
                .decode(pem.replace("-----BEGIN " + label + "-----", "").replace("-----END " + label + "-----", ""));
    }
}
