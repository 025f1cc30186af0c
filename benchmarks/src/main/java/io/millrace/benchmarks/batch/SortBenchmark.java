package io.millrace.benchmarks.batch;

import io.millrace.engine.Millrace;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.time.Clock;
import io.millrace.storage.Storage;
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
import java.util.function.ToDoubleFunction;

/**
 * Question: how long does it take to put Parquet files in order that do not fit in memory, and to write them as one,
 * beside DuckDB, two threads and as much memory each? Data: {@link BidFiles}. Both in turn, one round of warm-up and
 * three that count; medians are shown, with the CPU time of the whole process. That what both wrote is the same rows,
 * and in order, is asked of DuckDB.
 *
 * <p>Arguments: directory for data, file for the JSON result, number of events (default 10,000,000), MiB of memory
 * (default 512).
 */
public final class SortBenchmark {
    private static final int WARM_UPS = 1;
    private static final int ROUNDS = 3;
    private static final int THREADS = 2;
    private static final double EVENTS_PER_SECOND = 10_000;
    private static final String COLUMNS =
            "event_id BIGINT, auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, date_time"
                    + " TIMESTAMP(3), extra STRING";

    private record Timing(double wallMillis, double cpuMillis) {}

    private interface Sorting {
        void run(Path to) throws SQLException;
    }

    private SortBenchmark() {}

    public static void main(String[] args) throws IOException, SQLException {
        Path directory = Path.of(args[0]);
        long events = args.length > 2 ? Long.parseLong(args[2]) : 10_000_000;
        long memoryBytes = (args.length > 3 ? Long.parseLong(args[3]) : 512) << 20;
        Path files = BidFiles.make(directory, events, EVENTS_PER_SECOND, 1);
        Path sorted = directory.resolve("sorted");
        MillraceConfig config = MillraceConfig.defaults().withMemoryBytes(memoryBytes).withParallelism(THREADS);
        try (Millrace millrace = Millrace.open(config);
                Session session = millrace.session();
                Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            execute(session, table("bids", files));
            statement.execute("SET threads = " + THREADS);
            statement.execute("SET temp_directory = '" + directory.resolve("spilled") + "'");
            Sorting ours =
                    to -> {
                        execute(session, "DROP TABLE IF EXISTS sorted; " + table("sorted", to));
                        execute(session, "INSERT INTO sorted SELECT * FROM bids ORDER BY price, auction");
                    };
            Sorting theirs =
                    to -> {
                        statement.execute("SET memory_limit = '" + (memoryBytes >> 20) + "MiB'");
                        statement.execute(
                                "COPY (SELECT * FROM read_parquet('"
                                        + files
                                        + "/*.parquet') ORDER BY price, auction) TO '"
                                        + to
                                        + "/0.parquet' (FORMAT parquet, COMPRESSION zstd)");
                    };
            List<Timing> our = new ArrayList<>();
            List<Timing> their = new ArrayList<>();
            String answer = "";
            for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
                Timing one = time(ours, sorted);
                answer = answer(statement, sorted);
                Timing other = time(theirs, sorted);
                String expected = answer(statement, sorted);
                if (!answer.equals(expected) || !answer.endsWith(" 0")) {
                    throw new IllegalStateException("Millrace writes " + answer + ", DuckDB " + expected);
                }
                if (round >= WARM_UPS) {
                    our.add(one);
                    their.add(other);
                }
            }
            Files.writeString(Path.of(args[1]), report(our, their, memoryBytes, answer) + "\n", StandardCharsets.UTF_8);
        }
    }

    private static String table(String name, Path files) {
        return "CREATE TABLE "
                + name
                + " ("
                + COLUMNS
                + ") WITH ('connector' = 'filesystem', 'format' = 'parquet', 'path' = '"
                + files
                + "')";
    }

    private static void execute(Session session, String sql) {
        try (Results results = session.execute(sql)) {
            for (Result result = results.next(); result != null; result = results.next()) {
                result.await();
            }
        }
    }

    private static Timing time(Sorting sorting, Path to) throws SQLException, IOException {
        Storage.at(to.toString()).deleteTree(to.toString());
        Files.createDirectories(to);
        Clock clock = Clock.system();
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long start = clock.nanoTime();
        sorting.run(to);
        return new Timing((clock.nanoTime() - start) / 1e6, (system.getProcessCpuTime() - cpu) / 1e6);
    }

    /** Rows, sums that tell them, and how many stand before one that is less. */
    private static String answer(Statement statement, Path files) throws SQLException {
        String query =
                "SELECT count(*), sum(price), sum(hash(url)), sum(hash(extra)), count(*) FILTER (before > price) FROM"
                        + " (SELECT *, lag(price) OVER (ORDER BY file_row_number) AS before FROM read_parquet('"
                        + files
                        + "/*.parquet', file_row_number = true))";
        statement.execute("SET memory_limit = '4GiB'");
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                values.add(rows.getString(i));
            }
            return String.join(" ", values);
        }
    }

    private static double median(List<Timing> timings, ToDoubleFunction<Timing> of) {
        double[] values = timings.stream().mapToDouble(of).toArray();
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static String report(List<Timing> our, List<Timing> their, long memoryBytes, String answer) {
        double wall = median(our, Timing::wallMillis);
        double cpu = median(our, Timing::cpuMillis);
        double duckWall = median(their, Timing::wallMillis);
        double duckCpu = median(their, Timing::cpuMillis);
        System.out.printf(
                Locale.ROOT,
                "Millrace %.0f ms (cpu %.0f)   DuckDB %.0f ms (cpu %.0f)   ratio %.2f (cpu %.2f)%n",
                wall,
                cpu,
                duckWall,
                duckCpu,
                wall / duckWall,
                cpu / duckCpu);
        return String.format(
                Locale.ROOT,
                "{\"memory_mib\":%d,\"millrace_wall_ms\":%.1f,\"millrace_cpu_ms\":%.1f,\"duckdb_wall_ms\":%.1f,"
                        + "\"duckdb_cpu_ms\":%.1f,\"answer\":\"%s\",\"jdk\":\"%s\"}",
                memoryBytes >> 20,
                wall,
                cpu,
                duckWall,
                duckCpu,
                answer,
                Runtime.version());
    }
}
