package io.millrace.server;

import java.util.Map;

/**
 * Bounds on what a client may make the server hold. The JDK's server reads its own from system properties, once, when
 * it is first used; what somebody has set there stays.
 */
final class HttpLimits {
    /** Requests that are worked on at once; more are told to come back. */
    static final int MAX_REQUESTS = 32;

    /** Seconds a client is told to wait then. */
    static final int RETRY_SECONDS = 1;

    private static final Map<String, String> JDK =
            Map.of(
                    "sun.net.httpserver.maxReqHeaders", "64",
                    "sun.net.httpserver.maxReqHeaderSize", "16384",
                    // Seconds until a request must be there, and until its answer must have been taken.
                    "sun.net.httpserver.maxReqTime", "10",
                    "sun.net.httpserver.maxRspTime", "60",
                    "sun.net.httpserver.idleInterval", "30",
                    "sun.net.httpserver.maxIdleConnections", "64",
                    "sun.net.httpserver.nodelay", "true",
                    "jdk.httpserver.maxConnections", "128");

    private HttpLimits() {}

    static void install() {
        JDK.forEach((key, value) -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, value);
            }
        });
    }
}
