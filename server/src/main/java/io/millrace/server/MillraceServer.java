package io.millrace.server;

import com.sun.net.httpserver.HttpServer;
import io.millrace.engine.Millrace;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves an engine over HTTP on a loopback address until it is closed. Does not own the engine: close this first.
 * Thread-safe.
 */
public final class MillraceServer implements AutoCloseable {
    private static final int BACKLOG_CONNECTIONS = 64;

    private final HttpServer http;
    private final ExecutorService threads;
    private final Routes routes;
    private final String host;

    private MillraceServer(HttpServer http, ExecutorService threads, Routes routes, String host) {
        this.http = http;
        this.threads = threads;
        this.routes = routes;
        this.host = host;
    }

    /** Binds and answers from now on. Fails with PORT_IN_USE, or INVALID_OPTION for an address that is not loopback. */
    public static MillraceServer start(Millrace millrace, HttpAddress address) {
        HttpLimits.install();
        InetSocketAddress socket = address.socketAddress();
        HttpServer http = bind(address, socket);
        RequestCounts counts = new RequestCounts();
        Routes routes = Routes.of(millrace, counts);
        ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("millrace-http-", 0).factory());
        http.setExecutor(threads);
        http.createContext("/", new FrontDoor(routes, counts));
        http.start();
        return new MillraceServer(http, threads, routes, address.host());
    }

    private static HttpServer bind(HttpAddress address, InetSocketAddress socket) {
        try {
            return HttpServer.create(socket, BACKLOG_CONNECTIONS);
        } catch (BindException inUse) {
            throw new MillraceException(
                            ErrorCode.PORT_IN_USE,
                            "cannot listen on " + address.host() + ":" + address.port() + ": " + inUse.getMessage(),
                            inUse)
                    .withHelp("Choose another with --http 127.0.0.1:PORT; port 0 is any that is free.");
        } catch (IOException failed) {
            throw new MillraceException(
                    ErrorCode.IO_FAILED, "cannot listen on " + socket + ": " + failed.getMessage(), failed);
        }
    }

    public int port() {
        return http.getAddress().getPort();
    }

    /** Where the page is: {@code http://HOST:PORT/}. */
    public String url() {
        return "http://" + host + ":" + port() + "/";
    }

    /** What can be asked, as patterns of paths. */
    public List<String> routes() {
        return routes.patterns();
    }

    /** Stops at once; open connections are cut. Idempotent. */
    @Override
    public void close() {
        http.stop(0);
        threads.close();
    }
}
