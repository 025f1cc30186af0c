package io.millrace.benchmarks.batch;

import io.millrace.engine.Millrace;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.time.Clock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Question: how long does Millrace take for scans, filters, grouping and windows over Parquet beside DuckDB, two
 * threads each, on the same files in the same run? Data: {@link BidFiles}, 20 million events. Each query runs on both
 * in turn, two rounds of warm-up and five that count; medians are shown, with the CPU time of the whole process.
 *
 * <p>Arguments: directory for data, file for the JSON result, number of events (default 20,000,000).
 */
public final class BatchBenchmark {
    private static final int WARM_UPS = 2;
    private static final int ROUNDS = 5;
    private static final int THREADS = 2;
    private static final double EVENTS_PER_SECOND = 10_000;

    /** The same question to both; each answers one row. */
    private record Query(String name, String mode, String millrace, String duckdb) {}

    private record Timing(double wallMillis, double cpuMillis, List<String> answer) {}

    private interface Engine {
        List<String> answer(Query query) throws SQLException;
    }

    private static final String TUMBLE =
            "SELECT count(*), sum(n), sum(m), max(n) FROM (SELECT auction, window_start, count(*) AS n, max(price) AS m"
                    + " FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(date_time), INTERVAL '10' SECOND)) GROUP BY auction,"
                    + " window_start, window_end)";
    private static final String DUCK_TUMBLE =
            "SELECT count(*), sum(n), sum(m), max(n) FROM (SELECT auction, epoch_us(date_time) // 10000000 AS w,"
                    + " count(*) AS n, max(price) AS m FROM bids GROUP BY auction, w)";

    private static final List<Query> QUERIES =
            List.of(
                    new Query(
                            "count, sum",
                            "batch",
                            "SELECT count(*), sum(price) FROM bids",
                            "SELECT count(*), sum(price) FROM bids"),
                    new Query(
                            "auction % 123 = 0",
                            "batch",
                            "SELECT count(*), sum(auction), sum(price) FROM bids WHERE MOD(auction, 123) = 0",
                            "SELECT count(*), sum(auction), sum(price) FROM bids WHERE auction % 123 = 0"),
                    new Query(
                            "group by auction",
                            "batch",
                            "SELECT count(*), sum(n), sum(s), max(n) FROM (SELECT auction, count(*) AS n, sum(price) AS"
                                    + " s FROM bids GROUP BY auction)",
                            "SELECT count(*), sum(n), sum(s), max(n) FROM (SELECT auction, count(*) AS n, sum(price) AS"
                                    + " s FROM bids GROUP BY auction)"),
                    new Query("tumble 10 s by auction", "batch", TUMBLE, DUCK_TUMBLE),
                    new Query("tumble 10 s by auction, streaming", "streaming", TUMBLE, DUCK_TUMBLE));

    private BatchBenchmark() {}

    public static void main(String[] args) throws IOException, SQLException {
        Path directory = Path.of(args[0]);
        long events = args.length > 2 ? Long.parseLong(args[2]) : 20_000_000;
        Path files = BidFiles.make(directory, events, EVENTS_PER_SECOND, 1);
        List<String> lines = new ArrayList<>();
        MillraceConfig config = MillraceConfig.defaults().withMemoryBytes(4L << 30).withParallelism(THREADS);
        try (Millrace millrace = Millrace.open(config);
                Session session = millrace.session();
                Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            execute(session, table(files));
            try (Statement statement = duckdb.createStatement()) {
                statement.execute("SET threads = " + THREADS);
                statement.execute("CREATE VIEW bids AS SELECT * FROM read_parquet('" + files + "/*.parquet')");
            }
            for (Query query : QUERIES) {
                lines.add(
                        compare(query, asked -> millraceAnswer(session, asked), asked -> duckdbAnswer(duckdb, asked)));
            }
        }
        Files.writeString(Path.of(args[1]), "[\n" + String.join(",\n", lines) + "\n]\n", StandardCharsets.UTF_8);
    }

    private static String table(Path files) {
        return "CREATE TABLE bids (event_id BIGINT, auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url"
                + " STRING, date_time TIMESTAMP(3), extra STRING, WATERMARK FOR date_time AS date_time - INTERVAL"
                + " '4' SECOND) WITH ('connector' = 'filesystem', 'format' = 'parquet', 'path' = '"
                + files
                + "')";
    }

    private static String compare(Query query, Engine millrace, Engine duckdb) throws SQLException {
        List<Timing> ours = new ArrayList<>();
        List<Timing> theirs = new ArrayList<>();
        for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
            Timing our = time(query, millrace);
            Timing their = time(query, duckdb);
            if (!our.answer().equals(their.answer())) {
                throw new IllegalStateException(
                        query.name() + ": Millrace answers " + our.answer() + ", DuckDB " + their.answer());
            }
            if (round >= WARM_UPS) {
                ours.add(our);
                theirs.add(their);
            }
        }
        double wall = median(ours.stream().mapToDouble(Timing::wallMillis).toArray());
        double cpu = median(ours.stream().mapToDouble(Timing::cpuMillis).toArray());
        double duckWall = median(theirs.stream().mapToDouble(Timing::wallMillis).toArray());
        double duckCpu = median(theirs.stream().mapToDouble(Timing::cpuMillis).toArray());
        System.out.printf(
                Locale.ROOT,
                "%-36s Millrace %8.1f ms (cpu %8.1f)   DuckDB %8.1f ms (cpu %8.1f)   ratio %.2f%n",
                query.name(),
                wall,
                cpu,
                duckWall,
                duckCpu,
                wall / duckWall);
        return String.format(
                Locale.ROOT,
                "{\"query\":\"%s\",\"mode\":\"%s\",\"millrace_wall_ms\":%.1f,\"millrace_cpu_ms\":%.1f,"
                    + "\"duckdb_wall_ms\":%.1f,\"duckdb_cpu_ms\":%.1f,\"ratio\":%.3f,\"answer\":\"%s\",\"jdk\":\"%s\"}",
                query.name(),
                query.mode(),
                wall,
                cpu,
                duckWall,
                duckCpu,
                wall / duckWall,
                ours.getFirst().answer(),
                Runtime.version());
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static Timing time(Query query, Engine engine) throws SQLException {
        Clock clock = Clock.system();
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long start = clock.nanoTime();
        List<String> answer = engine.answer(query);
        return new Timing((clock.nanoTime() - start) / 1e6, (system.getProcessCpuTime() - cpu) / 1e6, answer);
    }

    private static void execute(Session session, String sql) {
        try (Results results = session.execute(sql)) {
            for (Result result = results.next(); result != null; result = results.next()) {
                result.await();
            }
        }
    }

    private static List<String> millraceAnswer(Session session, Query query) {
        execute(session, "SET 'execution.runtime-mode' = '" + query.mode() + "'");
        List<String> answer = new ArrayList<>();
        try (Results results = session.execute(query.millrace())) {
            Result result = results.next();
            boolean changes = query.mode().equals("streaming");
            for (Batch batch = result.next(); batch != null; batch = result.next()) {
                for (List<Object> row : batch.toRows()) {
                    // Of a changelog over one group, the last row is the answer.
                    answer.clear();
                    row.subList(changes ? 1 : 0, row.size()).forEach(value -> answer.add(String.valueOf(value)));
                }
            }
        }
        return answer;
    }

    private static List<String> duckdbAnswer(Connection duckdb, Query query) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(query.duckdb())) {
            rows.next();
            List<String> answer = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                answer.add(rows.getString(i));
            }
            return answer;
        }
    }
}
