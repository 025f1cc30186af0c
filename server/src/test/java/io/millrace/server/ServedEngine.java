package io.millrace.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.Millrace;
import io.millrace.engine.ScriptJob;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A real engine with one job and one view behind a real server, and a real client. */
final class ServedEngine implements AutoCloseable {
    static final String SQL =
            """
            CREATE TABLE bids (event_id BIGINT, auction BIGINT, price BIGINT, channel STRING, date_time TIMESTAMP(3),
              WATERMARK FOR date_time AS date_time - INTERVAL '1' SECOND)
            WITH ('connector' = 'nexmark', 'events.num' = '%s', 'first-event.rate' = '1000', 'keep-alive' = '%s');
            CREATE MATERIALIZED VIEW by_second AS
            SELECT window_start, window_end, count(*) AS bids, sum(price) AS total, max(price) AS dearest
            FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '1' SECOND))
            GROUP BY window_start, window_end;
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    final Millrace millrace;
    final Session session;
    final MillraceServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    /** Without a job when {@code events} is 0. */
    ServedEngine(long events, boolean keepAlive) {
        millrace = Millrace.open(MillraceConfig.defaults().withMemoryBytes(512L << 20).withParallelism(1));
        session = millrace.session();
        server = MillraceServer.start(millrace, new HttpAddress("127.0.0.1", 0));
        if (events > 0) {
            ScriptJob job = session.start("counting", SQL.formatted(events, keepAlive));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> keepAlive ? rowsRead(job) >= events * 46 / 50 : job.job().state().isTerminal());
        }
    }

    private static long rowsRead(ScriptJob job) {
        return job.job().status().rowsRead();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).GET().build());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + " answers " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    static JsonNode parse(String body) throws IOException {
        return JSON.readTree(body);
    }

    /** What the server says to these very bytes; empty when it cuts the connection. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException cut) {
                return "";
            }
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        session.close();
        millrace.close();
    }
}
