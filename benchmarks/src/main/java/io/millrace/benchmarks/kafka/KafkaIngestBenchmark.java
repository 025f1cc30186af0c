package io.millrace.benchmarks.kafka;

import com.sun.management.OperatingSystemMXBean;
import io.millrace.benchmarks.report.Report;
import io.millrace.benchmarks.report.ThreadCpu;
import io.millrace.connectors.kafka.broker.BrokerConfig;
import io.millrace.connectors.kafka.broker.BrokerProcess;
import io.millrace.engine.Millrace;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.time.Clock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

/**
 * Question: how many JSON bids a second and core go from a Kafka topic to a sink that reads every value, beside a bare
 * KafkaConsumer whose records Jackson's streaming parser goes through? CPU time is that of the whole process meanwhile
 * (fetching, decoding, GC, JIT); a real broker runs in a process of its own, which is not counted. Before anything is
 * timed, the count and a checksum of all values of all columns are compared with the producer's, for both; in each
 * round the bare loop's sums and the engine's count are compared again. The two alternate; medians are reported.
 *
 * <p>{@code benchmarks/run kafka-ingest [rows (5000000)] [rounds (5, after two that warm up)] [parallelism (1)] [file
 * for the result] [more options of the table, such as ", 'properties.receive.buffer.bytes' = '65536'"]}
 */
public final class KafkaIngestBenchmark {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Clock CLOCK = Clock.system();
    private static final int PARTITIONS = 4;
    private static final int WARM_UP_ROUNDS = 2;

    /** One side's rounds. */
    private static final class Side {
        private final String name;
        private final LongSupplier work;
        private final long expected;
        private final double[] cpuNanos;
        private final double[] wallNanos;
        private final Map<String, Long> byThread = new TreeMap<>();

        Side(String name, LongSupplier work, long expected, int rounds) {
            this.name = name;
            this.work = work;
            this.expected = expected;
            this.cpuNanos = new double[rounds];
            this.wallNanos = new double[rounds];
        }

        void round(int round) {
            System.gc();
            ThreadCpu threads = ThreadCpu.now();
            long cpu = PROCESS.getProcessCpuTime();
            long start = CLOCK.nanoTime();
            long found = work.getAsLong();
            long wall = CLOCK.nanoTime() - start;
            long spent = PROCESS.getProcessCpuTime() - cpu;
            Map<String, Long> spentByThread = ThreadCpu.now().since(threads);
            check(name, expected, found);
            if (round >= 0) {
                cpuNanos[round] = spent;
                wallNanos[round] = wall;
                spentByThread.forEach((thread, nanos) -> byThread.merge(thread, nanos, Long::sum));
            }
        }

        double cpuNanosPerRow(int rows) {
            return Report.median(cpuNanos) / rows;
        }

        Map<String, Object> figures(int rows) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("cpu_ns_per_row", Math.round(cpuNanosPerRow(rows)));
            figures.put("rows_per_cpu_second", Math.round(1e9 / cpuNanosPerRow(rows)));
            figures.put("wall_ns_per_row", Math.round(Report.median(wallNanos) / rows));
            Map<String, Long> threads = new TreeMap<>();
            byThread.forEach((thread, nanos) -> threads.put(thread, nanos / rows / cpuNanos.length));
            threads.values().removeIf(nanos -> nanos == 0);
            figures.put("mean_cpu_ns_per_row_by_thread", threads);
            return figures;
        }
    }

    private KafkaIngestBenchmark() {}

    public static void main(String[] arguments) throws IOException, ExecutionException, InterruptedException {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        int parallelism = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        Path file = arguments.length > 3 ? Path.of(arguments[3]) : null;
        String options = arguments.length > 4 ? arguments[4] : "";
        Path directory = Files.createTempDirectory("kafka-ingest");
        BrokerConfig config = new BrokerConfig(BrokerConfig.ownClassPath(), directory, 512, Map.of());
        try (BrokerProcess broker = BrokerProcess.start(config, CLOCK);
                Millrace millrace = Millrace.open(MillraceConfig.defaults().withParallelism(parallelism));
                Session session = millrace.session()) {
            BidTopic topic = BidTopic.write(broker.bootstrapServers(), "bids", PARTITIONS, rows);
            BareConsumer consumer = new BareConsumer(topic);
            run(session, tables(topic, options));
            check("rows of the engine", rows, run(session, "SELECT * FROM bids"));
            check("checksum of the engine", topic.checksum(), checksum(session));
            check("checksum of the bare consumer", topic.checksum(), consumer.checksum());
            Side bare = new Side("the bare consumer", consumer::sum, topic.sum(), rounds);
            Side engine =
                    new Side("the engine", () -> run(session, "INSERT INTO nowhere SELECT * FROM bids"), rows, rounds);
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                bare.round(round);
                engine.round(round);
            }
            new Report("kafka-ingest")
                    .put("rows", rows)
                    .put("bytes_per_record", topic.averageBytes())
                    .put("partitions", PARTITIONS)
                    .put("parallelism", parallelism)
                    .put("rounds", rounds)
                    .put("table_options", options)
                    .put("millrace", engine.figures(rows))
                    .put("bare_consumer_and_jackson", bare.figures(rows))
                    .put("ratio_per_core", Report.rounded(bare.cpuNanosPerRow(rows) / engine.cpuNanosPerRow(rows), 2))
                    .publish(file);
        } finally {
            deleteAll(directory);
        }
    }

    private static void check(String what, long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException(what + ": expected " + expected + ", found " + found);
        }
    }

    private static String tables(BidTopic topic, String options) {
        String columns =
                "(event_id BIGINT, auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,"
                        + " date_time TIMESTAMP(3), extra STRING)";
        return "CREATE TABLE bids "
                + columns
                + " WITH ('connector' = 'kafka', 'topic' = '"
                + topic.name()
                + "',"
                + " 'properties.bootstrap.servers' = '"
                + topic.servers()
                + "', 'format' = 'json',"
                + " 'scan.bounded.mode' = 'latest-offset'"
                + options
                + ");"
                + "CREATE TABLE nowhere "
                + columns
                + " WITH ('connector' = 'blackhole');";
    }

    /** Rows that the last statement gave or wrote. */
    private static long run(Session session, String script) {
        long rows = 0;
        try (Results results = session.execute(script)) {
            for (Result result = results.next(); result != null; result = results.next()) {
                rows = result.await().rowCount();
            }
        }
        return rows;
    }

    private static long checksum(Session session) {
        long sum = 0;
        try (Results results = session.execute("SELECT * FROM bids")) {
            Result result = results.next();
            for (Batch batch = result.next(); batch != null; batch = result.next()) {
                for (int i = 0; i < batch.columnCount(); i++) {
                    Column column = batch.column(i);
                    for (int at = 0; at < batch.activeCount(); at++) {
                        sum += BidTopic.checksum(i, value(column, batch.row(at)));
                    }
                }
            }
        }
        return sum;
    }

    private static long value(Column column, int row) {
        if (!column.type().kind().isBytes()) {
            long value = column.getLong(row);
            return column.type().kind().isTimestamp() ? value / 1_000 : value;
        }
        long address = column.getBytesAddress(row);
        int hash = 0;
        for (int i = 0; i < column.getBytesLength(row); i++) {
            hash = 31 * hash + Mem.getByte(address + i);
        }
        return hash;
    }

    private static void deleteAll(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
