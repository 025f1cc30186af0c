package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.server.HttpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo with a real broker, small. */
class DemoTest {
    private static final long HISTORY_ROWS = 20_000;
    private static final long RATE = 2_000;

    /** Live windows of a minute close while a test waits. */
    private static final double SPEED = 300;

    @TempDir static Path directory;

    private final List<String> said = new ArrayList<>();
    private final Path reportFile = directory.resolve("report.json");

    private Demo demo(Disturbance disturbance) {
        DemoOptions options =
                new DemoOptions(2, HISTORY_ROWS, RATE, new HttpAddress("127.0.0.1", 0), reportFile, directory, "abc");
        MillraceConfig config = MillraceConfig.defaults().withMemoryBytes(768L << 20).withParallelism(2);
        return new Demo(options, DemoEvents.of(HISTORY_ROWS, RATE, SPEED), disturbance, config, said::add);
    }

    private JsonNode report() throws Exception {
        return new ObjectMapper().readTree(Files.readAllBytes(reportFile));
    }

    @Test
    void everyRowIsVerifiedAndTheReportSaysAll() throws Exception {
        demo(Disturbance.NONE).run();
        JsonNode report = report();
        assertThat(report.get("first_difference").isNull()).isTrue();
        assertThat(report.get("verified").asBoolean()).isTrue();
        assertThat(report.get("verified_rows").asLong()).isGreaterThan(10_000);
        assertThat(report.get("format_version").asInt()).isEqualTo(1);
        assertThat(report.get("commit").asText()).isEqualTo("abc");
        assertThat(report.get("jdk").asText()).isEqualTo(Runtime.version().toString());
        assertThat(report.get("seconds_to_live").asDouble()).isPositive();
        assertThat(report.get("rows_by_source").get("bids_history").asLong()).isEqualTo(HISTORY_ROWS);
        assertThat(report.get("rows_by_source").get("bids_live").asLong()).isPositive();
        JsonNode handover = report.get("handover");
        assertThat(handover.get("by").asText()).isEqualTo("offset");
        assertThat(handover.get("cut")).hasSize(DemoEvents.PARTITIONS);
        for (JsonNode cut : handover.get("cut")) {
            assertThat(cut.get("topic").asText()).isEqualTo("bids");
            assertThat(cut.get("offset").asLong()).isEqualTo(HISTORY_ROWS / DemoEvents.PARTITIONS);
            assertThat(cut.has("partition")).isTrue();
            assertThat(cut.get("event_time_micros").asLong()).isPositive();
        }
        assertThat(handover.get("duplicates_dropped").asLong()).isEqualTo(HISTORY_ROWS);
        assertThat(handover.get("gap").get("checked").asBoolean()).isTrue();
        assertThat(handover.get("gap").get("missing")).isEmpty();
        assertThat(report.get("late_rows").asLong()).isZero();
        assertThat(report.get("bad_rows").asLong()).isZero();
        assertThat(report.get("max_disorder_ms").asLong()).isZero();
        assertThat(report.get("backfill_rows_per_s").asLong()).isPositive();
        assertThat(report.get("handover_pause_ms").isNumber()).isTrue();
        assertThat(report.get("latency_ms").get("count").asLong()).isPositive();
        assertThat(report.get("latency_ms").get("p50").asDouble()).isPositive();
        assertThat(report.get("latency_ms").has("p99")).isTrue();
        assertThat(report.get("latency_ms").has("p99_99")).isTrue();
        assertThat(report.get("peak_rss_bytes").asLong()).isNotZero();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("demo.sql", "report.json", "history-v1-" + HISTORY_ROWS);
        }
    }

    @Test
    void oneLostRowIsNoticed() throws Exception {
        assertNoticed(Disturbance.LOSE_ONE);
    }

    @Test
    void oneRepeatedRowIsNoticed() throws Exception {
        assertNoticed(Disturbance.REPEAT_ONE);
    }

    @Test
    void oneLateRowIsNoticed() throws Exception {
        assertNoticed(Disturbance.DELAY_ONE);
        assertThat(report().get("late_rows").asLong()).isPositive();
        assertThat(report().get("max_disorder_ms").asLong()).isPositive();
    }

    private void assertNoticed(Disturbance disturbance) throws Exception {
        assertThatThrownBy(demo(disturbance)::run)
                .isInstanceOfSatisfying(
                        MillraceException.class, wrong -> assertThat(wrong.code().exitCode()).isEqualTo(1))
                .hasMessageContaining("the answer is wrong");
        assertThat(report().get("verified").asBoolean()).isFalse();
        assertThat(report().get("first_difference").asText()).startsWith("view bids_by_minute: expected");
    }

    @Test
    void aReportIsWrittenOfAFailureToo() throws Exception {
        DemoOptions options =
                new DemoOptions(
                        1, HISTORY_ROWS, RATE, null, reportFile, directory.resolve("report.json/below-a-file"), "abc");
        Files.writeString(reportFile, "{}");
        MillraceConfig config = MillraceConfig.defaults().withMemoryBytes(768L << 20).withParallelism(1);
        assertThatThrownBy(new Demo(options, config, said::add)::run).isInstanceOf(MillraceException.class);
        assertThat(report().get("verified").asBoolean()).isFalse();
        assertThat(report().get("error").get("code").asText()).isNotEmpty();
    }

    @Test
    void stopsWhileHistoryIsBeingMade() throws Exception {
        Path fresh = directory.resolveSibling(directory.getFileName() + "-stopped");
        DemoOptions options = new DemoOptions(0, 50_000, RATE, null, reportFile, fresh, "abc");
        Demo demo = new Demo(options, MillraceConfig.defaults().withMemoryBytes(768L << 20), said::add);
        demo.stop();
        assertThatCode(demo::run).doesNotThrowAnyException();
        assertThat(report().get("verified").asBoolean()).isFalse();
        try (Stream<Path> left = Files.list(fresh)) {
            assertThat(left).isEmpty();
        }
        Files.delete(fresh);
    }

    @Test
    void theScriptHasAQueryForEachView() {
        DemoScript script = DemoScript.job("/history/*.parquet", "127.0.0.1:9092");
        assertThat(script.queries().keySet())
                .containsExactly("bids_by_minute", "channels_by_hour", "hot_auctions_by_hour", "partitions");
        assertThat(script.queries().values()).allMatch(sql -> sql.startsWith("SELECT ") && sql.contains("GROUP BY"));
        assertThat(script.text()).doesNotContain("${");
        assertThat(DemoScript.bounded("x", DemoEvents.of(5_000, 10), 6_000).text()).doesNotContain("${");
    }

    @Test
    void refusesWhatMakesNoDemo() {
        for (long[] wrong : new long[][] {{-1, 5_000, 1}, {0, 999, 1}, {0, 5_000, 0}, {0, 5_000, 2_000_000}}) {
            assertThatThrownBy(() -> new DemoOptions(wrong[0], wrong[1], wrong[2], null, null, directory, ""))
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_OPTION));
        }
    }
}
