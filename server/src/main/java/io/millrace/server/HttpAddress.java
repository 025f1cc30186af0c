package io.millrace.server;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Where to listen: a loopback host and a port, 0 for any that is free.
 *
 * @param host {@code localhost}, {@code 127.0.0.1} or {@code [::1]}
 */
public record HttpAddress(String host, int port) {
    private static final int MAX_PORT = 65_535;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** What the demo and the page use when nothing else is said. */
    public static final HttpAddress DEFAULT = new HttpAddress("127.0.0.1", 8080);

    public HttpAddress {
        Objects.requireNonNull(host, "host");
        if (!isLoopback(host)) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "--http: expected a loopback host, one of 127.0.0.1, localhost, [::1], found '"
                                    + host
                                    + "'")
                    .withHelp("There is no authentication yet, so nothing is served to other machines.");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION, "--http: expected a port from 0 to " + MAX_PORT + ", found " + port);
        }
    }

    /** Reads {@code HOST:PORT}; fails with INVALID_OPTION. */
    public static HttpAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String port = colon < 0 ? "" : text.substring(colon + 1);
        if (colon <= 0 || port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MillraceException(ErrorCode.INVALID_OPTION, "--http: expected HOST:PORT, found '" + text + "'")
                    .withHelp("For example --http 127.0.0.1:8080.");
        }
        return new HttpAddress(text.substring(0, colon).toLowerCase(Locale.ROOT), Integer.parseInt(port));
    }

    /** Whether a host, as a URL has it, can only be this machine. */
    static boolean isLoopback(String host) {
        return LOOPBACK.contains(host);
    }

    InetSocketAddress socketAddress() {
        try {
            // Of these names none but localhost is looked up, and what that gives is checked.
            InetAddress address = InetAddress.getByName(host);
            if (!address.isLoopbackAddress()) {
                throw new MillraceException(
                        ErrorCode.INVALID_OPTION,
                        "--http: expected " + host + " to be a loopback address, found " + address.getHostAddress());
            }
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException unknown) {
            throw new MillraceException(ErrorCode.INVALID_OPTION, "--http: unknown host '" + host + "'", unknown);
        }
    }
}
