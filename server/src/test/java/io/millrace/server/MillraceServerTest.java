package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.connectors.api.BadRecord;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MillraceServerTest {
    /** 92 bids of every 100 events; event time 10 s. */
    private static final int EVENTS = 10_000;

    private static ServedEngine engine;

    @BeforeAll
    static void start() {
        engine = new ServedEngine(EVENTS, false);
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void answersEveryLineOfTheRouteTable() throws Exception {
        Map<String, String> types =
                Map.of(
                        "/",
                        "text/html",
                        "/page.css",
                        "text/css",
                        "/page.js",
                        "text/javascript",
                        "/chart.js",
                        "text/javascript",
                        "/metrics",
                        "text/plain");
        for (String pattern : engine.server.routes()) {
            String path =
                    pattern.replace("{job}", "counting").replace("{view}", "by_second").replace("{table}", "bids");
            HttpResponse<String> answer = engine.get(path);
            String type = answer.headers().firstValue("Content-Type").orElseThrow();
            // What changes something is not asked for by looking.
            assertThat(answer.statusCode()).as(path).isEqualTo(pattern.endsWith("/savepoint") ? 405 : 200);
            assertThat(type).as(path).startsWith(types.getOrDefault(pattern, "application/json"));
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
            if (type.startsWith("application/json")) {
                assertThat(ServedEngine.parse(answer.body()).isObject()).isTrue();
            }
        }
    }

    @Test
    void tellsHowAJobStands() throws Exception {
        JsonNode job = engine.json("/v1/jobs/counting");
        assertThat(engine.json("/v1/jobs").get("jobs").get(0)).isEqualTo(job);
        assertThat(engine.json("/v1/jobs/" + job.get("id").asLong())).isEqualTo(job);
        assertThat(job.get("state").asText()).isEqualTo("finished");
        assertThat(job.get("views").get(0).asText()).isEqualTo("by_second");
        JsonNode source = job.get("sources").get(0);
        assertThat(source.get("table").asText()).isEqualTo("bids");
        assertThat(source.get("rows").asLong()).isEqualTo(EVENTS / 50 * 46);
        assertThat(source.has("watermark")).isTrue();
        assertThat(source.has("eta_ms")).isTrue();
        assertThat(source.has("progress")).isTrue();
        assertThat(job.get("handover").isNull()).isTrue();
    }

    @Test
    void tellsWhereTheMemoryIs() throws Exception {
        JsonNode memory = engine.json("/v1/memory");
        assertThat(memory.get("limit_bytes").asLong()).isEqualTo(512L << 20);
        assertThat(memory.get("jvm").get("heap_bytes").asLong()).isPositive();
        JsonNode budget = memory.get("budget");
        assertThat(budget.get("used_bytes").asLong()).isBetween(1L, budget.get("limit_bytes").asLong());
        assertThat(budget.get("tags").get("view").asLong()).isPositive();
        assertThat(budget.get("owners").findValuesAsText("owner")).contains("views", "side tables");
        assertThat(memory.get("process").has("anonymous_bytes")).isTrue();
        assertThat(engine.get("/metrics").body())
                .contains("millrace_memory_owner_bytes{owner=\"views\"} ")
                .contains("millrace_jvm_bytes{area=\"heap\"} ")
                .contains("millrace_process_memory_limit_bytes 536870912");
    }

    @Test
    void givesTheRowsOfAViewWithItsFrontierAndAge() throws Exception {
        JsonNode page = engine.json("/v1/views/by_second");
        assertThat(page.get("view").asText()).isEqualTo("by_second");
        assertThat(page.get("epoch").asLong()).isPositive();
        assertThat(page.get("age_ms").asLong()).isNotNegative();
        assertThat(page.get("frontier_micros").isNumber()).isTrue();
        assertThat(page.get("rows")).hasSize(10);
        long bids = 0;
        for (JsonNode row : page.get("rows")) {
            assertThat(row.get("result").asText()).isEqualTo("final");
            assertThat(row.get("window_start").asText()).startsWith("2026-01-01 00:00:0");
            bids += row.get("bids").asLong();
        }
        assertThat(bids).isEqualTo(EVENTS / 50 * 46);
    }

    @Test
    void pagesAndOrdersAView() throws Exception {
        List<String> all = new ArrayList<>();
        for (int offset = 0; offset < 12; offset += 3) {
            engine.json("/v1/views/by_second?limit=3&offset=" + offset)
                    .get("rows")
                    .forEach(row -> all.add(row.get("window_start").asText()));
        }
        assertThat(all).hasSize(10).doesNotHaveDuplicates();

        List<String> newest = new ArrayList<>();
        engine.json("/v1/views/by_second?limit=4&offset=1&order=-window_start")
                .get("rows")
                .forEach(row -> newest.add(row.get("window_start").asText()));
        assertThat(newest)
                .containsExactlyElementsOf(
                        all.stream().sorted(java.util.Comparator.reverseOrder()).skip(1).limit(4).toList());
        assertThat(engine.json("/v1/views/by_second?result=partial").get("rows")).isEmpty();
        assertThat(engine.json("/v1/views/by_second?result=final&limit=100").get("rows")).hasSize(10);
    }

    @Test
    void marksRowsThatCanStillChangeAsPartial() throws Exception {
        try (ServedEngine open = new ServedEngine(2_500, true)) {
            JsonNode rows = open.json("/v1/views/by_second?order=window_start&result=final").get("rows");
            org.awaitility.Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(open.json("/v1/views/by_second?result=partial").get("rows")).isNotEmpty());
            assertThat(rows.size()).isLessThan(3);
            assertThat(open.json("/v1/jobs/counting").get("state").asText()).isEqualTo("running");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/jobs/nobody 404",
                "/v1/views/bysecond 404",
                "/v1/tables/nothing/late 404",
                "/v1/tables/bids 404",
                "/nothing 404",
                "/v1/views/ 404",
                "/../../etc/passwd 404",
                "/%2e%2e/%2e%2e/etc/passwd 404",
                "/v1/views/..%2f..%2fetc%2fpasswd 404",
                "/v1/views/by_second?limit=-1 400",
                "/v1/views/by_second?limit=10001 400",
                "/v1/views/by_second?limit=1&limit=2 400",
                "/v1/views/by_second?order=nothing 400",
                "/v1/views/by_second?result=early 400",
                "/v1/views/by_second?filter=1 400",
                "/v1/views/%ff%zz 400",
                "/health?deep 400"
            })
    void saysInJsonWhatIsWrong(String pathAndStatus) throws Exception {
        String path = pathAndStatus.substring(0, pathAndStatus.indexOf(' '));
        String answer = engine.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        String status = pathAndStatus.substring(pathAndStatus.indexOf(' '));
        assertThat(answer).startsWith("HTTP/1.1" + status);
        // The JDK answers by itself to what is no URI.
        if (!path.contains("%zz")) {
            JsonNode error = ServedEngine.parse(answer.substring(answer.indexOf("\r\n\r\n"))).get("error");
            assertThat(error.get("code").asText()).isNotEmpty();
            assertThat(error.get("message").asText()).isNotEmpty();
            assertThat(error.has("help")).isTrue();
        }
    }

    @Test
    void namesTheNearestView() throws Exception {
        JsonNode error = ServedEngine.parse(engine.get("/v1/views/by_secnd").body()).get("error");
        assertThat(error.get("code").asText()).isEqualTo("UNKNOWN_TABLE");
        assertThat(error.get("help").asText()).contains("by_second");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "0.0.0.0", "[::2]", ""})
    void refusesARequestThatNamesAnotherHost(String host) throws Exception {
        String answer = engine.raw("GET /v1/jobs HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 403").contains("PERMISSION_DENIED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]", "[::1]:8080"})
    void answersEveryNameOfThisMachine(String host) throws Exception {
        String answer = engine.raw("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesPagesOfOtherOrigins() throws Exception {
        HttpRequest foreign =
                HttpRequest.newBuilder(engine.uri("/v1/jobs")).header("Origin", "https://evil.example").build();
        assertThat(engine.send(foreign).statusCode()).isEqualTo(403);
        HttpRequest own =
                HttpRequest.newBuilder(engine.uri("/v1/jobs")).header("Origin", "http://localhost:8080").build();
        assertThat(engine.send(own).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
    void refusesEveryMethodButGetAndPost(String method) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(engine.uri("/v1/jobs"))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        HttpResponse<String> answer = engine.send(request);
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, POST");
    }

    @Test
    void takesAPostOnlyWithAHeaderThatNoForeignPageCanSendAndOnlyWhereItMeansSomething() throws Exception {
        assertThat(post("/v1/jobs/1/savepoint?name=x", false).statusCode()).isEqualTo(403);
        assertThat(post("/v1/jobs", true).statusCode()).isEqualTo(405);
        assertThat(post("/v1/jobs/nobody/savepoint?name=x", true).statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> post(String path, boolean intended) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(engine.uri(path)).POST(HttpRequest.BodyPublishers.noBody());
        return engine.send((intended ? request.header("X-Millrace", "test") : request).build());
    }

    @Test
    void refusesABody() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(engine.uri("/v1/jobs"))
                        .method("GET", HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
        assertThat(engine.send(request).statusCode()).isEqualTo(413);
    }

    @Test
    void refusesLongPathsAndLongHeaders() throws Exception {
        assertThat(engine.get("/" + "a".repeat(5_000)).statusCode()).isEqualTo(414);
        String header = "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "a".repeat(100_000) + "\r\n\r\n";
        assertThat(engine.raw(header)).doesNotContain("200 OK");
        StringBuilder many = new StringBuilder("GET /health HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; i < 1_000; i++) {
            many.append("X-").append(i).append(": 1\r\n");
        }
        assertThat(engine.raw(many.append("\r\n").toString())).doesNotContain("200 OK");
        assertThat(engine.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void countsInPrometheusText() throws Exception {
        String text = engine.get("/metrics").body();
        Pattern sample = Pattern.compile("millrace_[a-z_]+(\\{([a-z_]+=\"(\\\\.|[^\"\\\\])*\",?)+})? -?[0-9.E+-]+");
        for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
            assertThat(line).matches(sample);
        }
        assertThat(text)
                .contains("millrace_source_rows_total{job=\"counting\",table=\"bids\"} 9200\n")
                .contains("millrace_job_state{job=\"counting\",state=\"finished\"} 1\n")
                .contains("millrace_view_rows{view=\"by_second\"} 10\n")
                .contains("millrace_late_rows_total{table=\"bids\"} ")
                .contains("# TYPE millrace_process_resident_bytes gauge\n");
    }

    @Test
    void showsLateRowsAndBadRecordsNewestFirst() throws Exception {
        Schema schema = Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR);
        try (Allocator allocator = Allocator.root(new MemoryBudget(1 << 24));
                BatchBuilder builder = new BatchBuilder(allocator, schema, 2)) {
            builder.append(1L, "first");
            builder.append(2L, null);
            engine.millrace.sideTables().late("orders", builder.build());
        }
        byte[] raw = "{\"id\": x}".getBytes(StandardCharsets.UTF_8);
        engine.millrace.sideTables().bad("orders", new BadRecord("orders-0", 7, "expected a number, found x", raw));

        JsonNode late = engine.json("/v1/tables/orders/late");
        assertThat(late.get("total").asLong()).isEqualTo(2);
        assertThat(late.get("rows").get(0).toString()).isEqualTo("{\"id\":2,\"name\":null}");
        assertThat(late.get("rows").get(1).toString()).isEqualTo("{\"id\":1,\"name\":\"first\"}");
        assertThat(engine.json("/v1/tables/orders/late?limit=1").get("rows")).hasSize(1);
        JsonNode bad = engine.json("/v1/tables/orders/bad");
        assertThat(bad.get("total").asLong()).isEqualTo(1);
        assertThat(bad.get("rows").get(0).toString())
                .isEqualTo(
                        "{\"origin\":\"orders-0\",\"position\":7,\"reason\":\"expected a number, found x\","
                                + "\"raw\":\"{\\\"id\\\": x}\"}");
    }

    @Test
    void saysThatAJobHasFailed() throws Exception {
        try (ServedEngine failing = new ServedEngine(0, false)) {
            assertThat(failing.get("/health").statusCode()).isEqualTo(200);
            failing.session.start(
                    "dividing",
                    """
                    CREATE TABLE bids (price BIGINT) WITH ('connector' = 'nexmark', 'events.num' = '1000');
                    CREATE MATERIALIZED VIEW shares AS SELECT sum(1 / (price - price)) AS share FROM bids;
                    """);
            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThat(failing.get("/health").statusCode()).isEqualTo(503));
            JsonNode job = failing.json("/v1/jobs/dividing");
            assertThat(job.get("state").asText()).isEqualTo("failed");
            assertThat(job.get("failure").get("code").asText()).isEqualTo("DATA_EXCEPTION");
        }
    }

    @Test
    void takesNothingFromElsewhere() throws Exception {
        for (String path : List.of("/", "/page.css", "/page.js", "/chart.js")) {
            assertThat(engine.get(path).body()).as(path).doesNotContainPattern("(https?:)?//[a-z0-9.-]+\\.[a-z]{2,}");
        }
    }

    @Test
    void refusesAPortThatIsTaken() {
        assertThatThrownBy(() ->
                        MillraceServer.start(engine.millrace, new HttpAddress("127.0.0.1", engine.server.port()))
                                .close())
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(ErrorCode.PORT_IN_USE);
                            assertThat(refused.code().exitCode()).isEqualTo(2);
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0:8080",
                "192.168.1.1:80",
                "example.org:80",
                "localhost",
                ":80",
                "localhost:x",
                "[::]:80",
                "localhost:70000",
                "127.0.0.1:"
            })
    void refusesToListenAnywhereButHere(String address) {
        assertThatThrownBy(() -> HttpAddress.parse(address))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        refused -> {
                            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_OPTION);
                            assertThat(refused.code().exitCode()).isEqualTo(2);
                        });
    }
}
