package io.orderflow.sandbox.aws;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Makes a self-signed X.509 certificate (RFC 5280) for an RSA key. The JDK reads certificates but has no public way to
 * make one; what a certificate needs of ASN.1 is little.
 */
final class SelfSigned {

    private static final int BIT_STRING = 0x03;
    private static final int INTEGER = 0x02;
    private static final int UTF8_STRING = 0x0c;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int EXPLICIT_0 = 0xa0;

    /** sha256WithRSAEncryption, 1.2.840.113549.1.1.11, with the NULL that stands for no parameters. */
    private static final byte[] SHA256_WITH_RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00
    };

    /** commonName, 2.5.4.3. */
    private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private SelfSigned() {}

    /** A certificate of {@code keys} for {@code commonName}. */
    static X509Certificate certificate(KeyPair keys, String commonName, Instant from, Instant until)
            throws GeneralSecurityException {
        var name = der(
                SEQUENCE,
                der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8)))));
        var unsigned = der(
                SEQUENCE,
                der(EXPLICIT_0, integer(BigInteger.TWO)), // version 3
                integer(new BigInteger(127, new SecureRandom())),
                SHA256_WITH_RSA,
                name,
                der(SEQUENCE, time(from), time(until)),
                name,
                keys.getPublic().getEncoded());
        var signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(keys.getPrivate());
        signer.update(unsigned);
        var noUnusedBits = new byte[] {0};
        var signed = der(SEQUENCE, unsigned, SHA256_WITH_RSA, der(BIT_STRING, noUnusedBits, signer.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed));
    }

    private static byte[] integer(BigInteger value) {
        return der(INTEGER, value.toByteArray());
    }

    private static byte[] time(Instant instant) {
        return der(GENERALIZED_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    /** One value: its tag, its length, and its parts one after the other. */
    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        var all = new ByteArrayOutputStream();
        all.write(tag);
        if (content.size() < 128) {
            all.write(content.size());
        } else {
            var length = BigInteger.valueOf(content.size()).toByteArray();
            var start = length[0] == 0 ? 1 : 0;
            all.write(0x80 | length.length - start);
            all.write(length, start, length.length - start);
        }
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }
}
