package io.millrace.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.memory.error.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every request passes here: who asks, whether it may, and what all answers have in common. Thread-safe. */
final class FrontDoor implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Routes routes;
    private final RequestCounts counts;
    private final Semaphore places = new Semaphore(HttpLimits.MAX_REQUESTS);

    FrontDoor(Routes routes, RequestCounts counts) {
        this.routes = routes;
        this.counts = counts;
    }

    @Override
    public void handle(HttpExchange http) throws IOException {
        try (http) {
            if (!places.tryAcquire()) {
                http.getResponseHeaders().set("Retry-After", String.valueOf(HttpLimits.RETRY_SECONDS));
                send(http, Reply.of(new HttpProblem(503, ErrorCode.OUT_OF_MEMORY, "too many requests at once")));
                return;
            }
            try {
                send(http, reply(http));
            } finally {
                places.release();
            }
        }
    }

    /** Any value will do: that it is there says that no browser was tricked into the request. */
    static final String INTENT = "X-Millrace";

    private Reply reply(HttpExchange http) {
        try {
            checkRequest(http);
            return routes.answer(Exchange.of(http));
        } catch (RuntimeException failure) {
            HttpProblem problem = Exchange.problem(failure);
            if (problem.status() >= 500) {
                LOG.warn("{} {}", http.getRequestMethod(), http.getRequestURI(), failure);
            }
            return Reply.of(problem);
        }
    }

    private static void checkRequest(HttpExchange http) {
        Headers headers = http.getRequestHeaders();
        List<String> hosts = headers.getOrDefault("Host", List.of());
        if (hosts.size() != 1 || !isOurs(hosts.getFirst())) {
            throw new HttpProblem(403, ErrorCode.PERMISSION_DENIED, "expected a loopback Host, found " + hosts)
                    .withHelp("Ask by http://127.0.0.1 or http://localhost.");
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !(origin.startsWith("http://") && isOurs(origin.substring("http://".length())))) {
            throw new HttpProblem(403, ErrorCode.PERMISSION_DENIED, "no other origin is let in, found " + origin);
        }
        String method = http.getRequestMethod();
        if (!method.equals("GET") && !method.equals("POST")) {
            http.getResponseHeaders().set("Allow", "GET, POST");
            throw new HttpProblem(405, ErrorCode.USAGE, "expected GET or POST, found " + method);
        }
        // A page of another origin cannot set a header of its own without asking first, and is told no.
        if (method.equals("POST") && !headers.containsKey(INTENT)) {
            throw new HttpProblem(403, ErrorCode.PERMISSION_DENIED, "expected the header " + INTENT + ", found none");
        }
        String length = headers.getFirst("Content-Length");
        if (headers.containsKey("Transfer-Encoding") || (length != null && !length.strip().equals("0"))) {
            http.getResponseHeaders().set("Connection", "close");
            throw new HttpProblem(413, ErrorCode.USAGE, "expected no body");
        }
    }

    /** Whether a Host header, with or without a port, names this machine. */
    private static boolean isOurs(String hostAndPort) {
        String host = hostAndPort.strip().toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']');
        return HttpAddress.isLoopback(hasPort ? host.substring(0, colon) : host);
    }

    private void send(HttpExchange http, Reply reply) throws IOException {
        counts.count(reply.status());
        Headers headers = http.getResponseHeaders();
        headers.set("Content-Type", reply.contentType());
        headers.set("Cache-Control", "no-store");
        headers.set("Content-Security-Policy", PAGE_POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        boolean head = http.getRequestMethod().equals("HEAD");
        http.sendResponseHeaders(reply.status(), head || reply.body().length == 0 ? -1 : reply.body().length);
        if (!head) {
            try (OutputStream out = http.getResponseBody()) {
                out.write(reply.body());
            }
        }
    }
}
