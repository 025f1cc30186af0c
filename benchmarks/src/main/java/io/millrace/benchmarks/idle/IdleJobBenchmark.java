package io.millrace.benchmarks.idle;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.benchmarks.report.Report;
import io.millrace.benchmarks.report.ThreadCpu;
import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.engine.Millrace;
import io.millrace.engine.ScriptJob;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.time.Clock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Question: which share of a core does the engine's process take while nothing comes? Of an engine without a job, and
 * of a job that reads a topic nobody writes to and keeps a windowed view of it, at two lengths of an epoch. The whole
 * process is counted; the broker is another.
 *
 * <p>{@code benchmarks/run idle [seconds of each (20)] [parallelism (processors)] [file for the result]}
 */
public final class IdleJobBenchmark {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Clock CLOCK = Clock.system();
    private static final String TOPIC = "nothing";
    private static final int PARTITIONS = 4;
    private static final int SETTLE_MILLIS = 20_000;

    private IdleJobBenchmark() {}

    public static void main(String[] arguments) throws IOException, ExecutionException, InterruptedException {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        int parallelism =
                arguments.length > 1 ? Integer.parseInt(arguments[1]) : Runtime.getRuntime().availableProcessors();
        Path file = arguments.length > 2 ? Path.of(arguments[2]) : null;
        Path directory = Files.createTempDirectory("idle");
        Report report = new Report("idle").put("seconds", seconds).put("parallelism", parallelism);
        try (BrokerProcess broker = BrokerProcess.start(BrokerConfig.in(directory), CLOCK)) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
            }
            MillraceConfig config = MillraceConfig.defaults().withParallelism(parallelism);
            try (Millrace millrace = Millrace.open(config)) {
                report.put("percent_of_a_core_without_a_job", percent(seconds));
                for (int epochMillis : new int[] {100, 10}) {
                    String name = "percent_of_a_core_with_view_epoch_" + epochMillis + "_ms";
                    report.put(name, job(millrace, broker.bootstrapServers(), epochMillis, seconds));
                }
            }
            report.publish(file);
        } finally {
            deleteAll(directory);
        }
    }

    private static Map<String, Object> job(Millrace millrace, String servers, int epochMillis, int seconds)
            throws InterruptedException {
        try (Session session = millrace.session()) {
            String view = "counts_" + epochMillis;
            ScriptJob job =
                    session.start(
                            "idle " + epochMillis,
                            "SET 'view.epoch' = '"
                                    + epochMillis
                                    + " ms';"
                                    + "CREATE TABLE bids (auction BIGINT, date_time TIMESTAMP(3), WATERMARK FOR"
                                    + " date_time AS date_time - INTERVAL '1' SECOND) WITH ('connector' = 'kafka',"
                                    + " 'topic' = '"
                                    + TOPIC
                                    + "', 'properties.bootstrap.servers' = '"
                                    + servers
                                    + "', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');"
                                    + "CREATE MATERIALIZED VIEW "
                                    + view
                                    + " AS SELECT window_start, window_end,"
                                    + " auction, COUNT(*) AS bids FROM TABLE(TUMBLE(TABLE bids,"
                                    + " DESCRIPTOR(date_time), INTERVAL '10' SECOND))"
                                    + " GROUP BY window_start, window_end, auction;");
            Map<String, Object> percent = percent(seconds);
            job.job().cancel();
            job.job().await();
            return percent;
        }
    }

    private static Map<String, Object> percent(int seconds) throws InterruptedException {
        Thread.sleep(SETTLE_MILLIS);
        ThreadCpu threads = ThreadCpu.now();
        long cpu = PROCESS.getProcessCpuTime();
        long start = CLOCK.nanoTime();
        Thread.sleep(seconds * 1_000L);
        double wall = CLOCK.nanoTime() - start;
        Map<String, Object> percent = new LinkedHashMap<>();
        percent.put("process", Report.rounded(100 * (PROCESS.getProcessCpuTime() - cpu) / wall, 2));
        Map<String, Object> byThread = new TreeMap<>();
        ThreadCpu.now()
                .since(threads)
                .forEach((thread, nanos) -> byThread.put(thread, Report.rounded(100 * nanos / wall, 2)));
        byThread.values().removeIf(share -> share.equals(0.0));
        percent.put("by_thread", byThread);
        return percent;
    }

    private static void deleteAll(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
