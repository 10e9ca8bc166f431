package io.orderflow.limit;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/** Whom an address belongs to, as far as limits go. */
final class Address {

    /** What one subscriber is given of IPv6 at least, in bytes. */
    private static final int SUBSCRIBER = 8;

    private Address() {}

    /** An IPv4 address as it is, of an IPv6 address its first 64 bits: whoever has one has all of those. */
    static String of(SocketAddress address) {
        return address == null ? "unknown" : of(address.hostAddress() == null ? address.host() : address.hostAddress());
    }

    static String of(String host) {
        if (host == null) {
            return "unknown";
        }
        var bytes = NetUtil.createByteArrayFromIpAddressString(host);
        if (bytes == null) {
            return host;
        }
        try {
            var address = InetAddress.getByAddress(bytes);
            return address instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(bytes, SUBSCRIBER))
                    : address.getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address has 4 or 16 bytes", e);
        }
    }
}
