package io.millrace.it.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TestTables;
import io.millrace.connectors.filesystem.FilesystemConnectorFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.Result;
import io.millrace.engine.Results;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on HDFS are read, pinned and written as those on local disk are. */
class HdfsIT {
    private static MiniDFSCluster cluster;
    private static DistributedFileSystem files;
    private static Millrace millrace;

    private String root;

    @BeforeAll
    static void start(@TempDir java.nio.file.Path directory) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.toString());
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        cluster.waitActive();
        files = cluster.getFileSystem();
        millrace = Millrace.open(MillraceConfig.defaults().withParallelism(2));
    }

    @AfterAll
    static void stop() {
        millrace.close();
        cluster.shutdown();
    }

    @BeforeEach
    void nameADirectory(TestInfo test) {
        root = files.getUri() + "/" + test.getTestMethod().orElseThrow().getName() + System.nanoTime();
    }

    private static List<List<Object>> run(String sql) {
        List<List<Object>> rows = new ArrayList<>();
        try (Session session = millrace.session();
                Results results = session.execute(sql)) {
            for (Result result = results.next(); result != null; result = results.next()) {
                for (Batch batch = result.next(); batch != null; batch = result.next()) {
                    rows.addAll(batch.toRows());
                    batch.close();
                }
            }
        }
        return rows;
    }

    /** A table of three columns over a directory. */
    private String table(String name, String directory, String format) {
        return "CREATE TABLE "
                + name
                + " (id BIGINT, name STRING, amount DECIMAL(12, 2)) WITH ('connector' = 'filesystem', 'path' = '"
                + directory
                + "', 'format' = '"
                + format
                + "');\n";
    }

    private static String rows(int from, int to) {
        List<String> rows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            rows.add("(" + i + ", 'name " + i + "', " + i + ".25)");
        }
        return "SELECT * FROM (VALUES " + String.join(", ", rows) + ") AS v (id, name, amount)";
    }

    private void insert(String directory, String format, int from, int to) {
        List<List<Object>> ignored = run(table("t", directory, format) + "INSERT INTO t " + rows(from, to) + ";");
    }

    /** Names in a directory, hidden ones too. */
    private static List<String> names(String directory) throws IOException {
        Path path = new Path(directory);
        return !files.exists(path)
                ? List.of()
                : Arrays.stream(files.listStatus(path)).map(f -> f.getPath().getName()).sorted().toList();
    }

    private static void put(String location, String text) throws IOException {
        try (var out = files.create(new Path(location), true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aGlobOfParquetFilesIsReadWithoutDdl() {
        insert(root + "/a", "parquet", 0, 50);
        insert(root + "/b", "parquet", 50, 120);
        insert(root + "/other", "json", 500, 501);
        assertThat(run("SELECT COUNT(*), SUM(id), MAX(name), SUM(amount) FROM '" + root + "/{a,b}/*.parquet'"))
                .isEqualTo(List.of(List.of(120L, 7140L, "name 99", new java.math.BigDecimal("7170.00"))));
        assertThat(run("SELECT name FROM '" + root + "/?/part-*.parquet' WHERE id = 77"))
                .isEqualTo(List.of(List.of("name 77")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "json", "csv"})
    void whatIsWrittenIsReadBack(String format) throws IOException {
        insert(root, format, 0, 30);
        insert(root, format, 30, 40);
        assertThat(names(root)).hasSize(2).allMatch(name -> name.matches("part-0000[12]-0-0\\." + format));
        assertThat(run(table("t", root, format) + "SELECT COUNT(*), SUM(id), MIN(name), SUM(amount) FROM t"))
                .isEqualTo(List.of(List.of(40L, 780L, "name 0", new java.math.BigDecimal("790.00"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "json", "csv"})
    void aQueryThatFailsInTheMiddleLeavesNothing(String format) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            lines.append("{\"id\": ").append(i).append(", \"name\": \"n\", \"amount\": \"1.00\"}\n");
        }
        assertThatThrownBy(
                        () -> {
                            put(root + "/in/a.json", lines.toString());
                            List<List<Object>> ignored =
                                    run(
                                            table("i", root + "/in", "json")
                                                    + table("o", root + "/out", format)
                                                    + "INSERT INTO o SELECT id, name, 1 / (19000 - id) FROM i");
                        })
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_EXCEPTION));
        await().atMost(Duration.ofSeconds(20)).until(() -> names(root + "/out").isEmpty());
    }

    @Test
    void aProcessThatIsKilledLeavesNothingThatIsSeenAndIsSweptLater() throws Exception {
        String sql =
                "CREATE TABLE n (event_type INT, auction BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' ="
                        + " '1000');CREATE TABLE o (auction BIGINT) WITH ('connector' = 'filesystem', 'path' = '"
                        + root
                        + "', 'format' = 'json');"
                        + "INSERT INTO o SELECT auction FROM n";
        Process process = program("sql", "--set", "execution.checkpointing.interval=1 h", "-c", sql);
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !process.isAlive() || names(root).stream().anyMatch(n -> n.endsWith(".inprogress")));
            assertThat(process.isAlive()).as(() -> errors(process)).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(names(root)).isNotEmpty().allMatch(name -> name.startsWith("."));
        assertThatThrownBy(() -> run(table("t", root, "json") + "SELECT * FROM t"))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_NOT_FOUND));
        insert(root, "json", 0, 5);
        assertThat(names(root)).as("too young to be swept").hasSizeGreaterThan(1);
        for (FileStatus left : files.listStatus(new Path(root))) {
            if (left.getPath().getName().startsWith(".")) {
                await().atMost(Duration.ofSeconds(90)).until(() -> files.recoverLease(left.getPath()));
                files.setTimes(left.getPath(), 1_000_000_000_000L, -1);
            }
        }
        insert(root, "json", 5, 9);
        assertThat(names(root)).hasSize(2).allMatch(name -> name.startsWith("part-"));
        assertThat(run(table("t", root, "json") + "SELECT COUNT(*) FROM t")).isEqualTo(List.of(List.of(9L)));
    }

    @Test
    void aFileThatChangesAfterItWasPinnedFailsTheQuery() throws IOException {
        insert(root, "parquet", 0, 30);
        Source pinned =
                new FilesystemConnectorFactory()
                        .createSource(
                                TestTables.table("t", Schema.EMPTY, "path", root, "format", "parquet"),
                                TestTables.context());
        Path file = new Path(root, names(root).getFirst());
        files.setTimes(file, 1_000_000_000_000L, -1);
        assertThatThrownBy(
                        () -> {
                            try (SourceDriver driver = new SourceDriver(pinned, Shape.of(pinned))) {
                                SourceDriver ended = driver.toEnd();
                                assertThat(ended.rows()).isEmpty();
                            }
                        })
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED))
                .hasMessageContaining(file.getName());
    }

    @Test
    void aFileThatIsMissingIsNamedWithTheNearestOne() {
        insert(root + "/bids", "parquet", 0, 3);
        assertThatThrownBy(() -> run(table("t", root + "/bid", "parquet") + "SELECT * FROM t"))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.FILE_NOT_FOUND);
                            assertThat(e.code().exitCode()).isEqualTo(2);
                            assertThat(e.help()).contains(root + "/bids");
                        });
        assertThatThrownBy(() -> run("SELECT * FROM '" + root + "/bids/x*.parquet'"))
                .hasMessageContaining("no file matches '" + root + "/bids/x*.parquet'");
    }

    @Test
    void aNameNodeThatIsDeadIsOneMessageAndExitCodeOne() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String location = "hdfs://127.0.0.1:" + port + "/bids/*.parquet";
        Process process = program("sql", "-c", "SELECT COUNT(*) FROM '" + location + "'");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String errors = errors(process);
        assertThat(process.exitValue()).as(errors).isEqualTo(1);
        assertThat(errors.lines().filter(line -> !line.startsWith("WARNING")).toList())
                .hasSize(6)
                .startsWith(
                        "error[IO_FAILED]: listing "
                                + location
                                + ": its server cannot be reached, the connection was refused")
                .endsWith("help: Check that the name node runs and that host and port are right.");
        assertThat(process.inputReader().readLine()).isNull();
    }

    private static Process program(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx400m",
                                "-XX:+UseSerialGC",
                                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.millrace.cli.MillraceMain"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    private static String errors(Process process) {
        try {
            return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            return failure.toString();
        }
    }
}
