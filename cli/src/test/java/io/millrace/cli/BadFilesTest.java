package io.millrace.cli;

import static io.millrace.memory.error.ErrorCode.CORRUPT_DATA;
import static io.millrace.memory.error.ErrorCode.DISK_FULL;
import static io.millrace.memory.error.ErrorCode.FILE_NOT_FOUND;
import static io.millrace.memory.error.ErrorCode.PERMISSION_DENIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.memory.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not what they should be, and directories that cannot be written. */
class BadFilesTest {
    @TempDir private Path directory;

    /** A sound Parquet file of 1,000 rows, made by the program. */
    private byte[] sound() throws IOException {
        Path out = directory.resolve("sound");
        Program made = Program.run("sql", "-c", into(out, "id BIGINT, name STRING", "SELECT id, name FROM t", 1_000));
        assertThat(made.exitCode()).as(made.err()).isZero();
        try (Stream<Path> files = Files.list(out)) {
            return Files.readAllBytes(files.findFirst().orElseThrow());
        }
    }

    private static String into(Path out, String columns, String query, int rows) {
        return """
        CREATE TABLE t (id BIGINT, name STRING) WITH ('connector' = 'datagen', 'number-of-rows' = '%s');
        CREATE TABLE sink (%s) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'parquet');
        INSERT INTO sink %s;
        """
                .formatted(rows, columns, out, query);
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    private static Refusal count(Object path) {
        return Refusal.ofSql("SELECT sum(id), max(name) FROM '" + path + "'");
    }

    @Test
    void parquetThatIsCutDamagedOrEmpty() throws IOException {
        byte[] sound = sound();
        count(file("empty.parquet", new byte[0])).is(CORRUPT_DATA, "empty.parquet", "help: ").at(1, 32);
        count(file("text.parquet", "not parquet at all".getBytes(StandardCharsets.UTF_8)))
                .is(CORRUPT_DATA, "text.parquet");
        count(file("cut.parquet", Arrays.copyOf(sound, sound.length / 2))).is(CORRUPT_DATA, "cut.parquet");
        byte[] headless = sound.clone();
        Arrays.fill(headless, 4, sound.length / 2, (byte) 0xff);
        count(file("damaged.parquet", headless)).is(CORRUPT_DATA, "damaged.parquet");
        // One bad file among good ones: named, and no part of an answer is shown.
        file("good.parquet", sound);
        count(directory.resolve("{good,damaged}.parquet")).is(CORRUPT_DATA, "damaged.parquet");
    }

    /** A footer that announces more elements, or more bytes, than any file could hold. */
    @Test
    void parquetWhoseFooterAnnouncesMoreThanThereIs() throws IOException {
        List<String> footers =
                List.of(
                        "1502" + "19fcffffffff07", // version 1, a schema of 2^31 - 1 elements
                        "1502" + "191c" + "4c" + "18ffffffff07", // a name of 2^31 - 1 bytes
                        "1502" + "19fcffffffff0f", // a negative number of elements
                        "1502" + "19fc8080808008",
                        "1502191c1506".repeat(3));
        long heldBefore = heapAfterCollection();
        for (String footer : footers) {
            byte[] thrift = HexFormat.of().parseHex(footer);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(thrift);
            bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(thrift.length).array());
            bytes.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
            count(file("crafted.parquet", bytes.toByteArray())).is(CORRUPT_DATA, "crafted.parquet");
        }
        assertThat(heapAfterCollection() - heldBefore).isLessThan(200L << 20);
        byte[] sound = sound();
        for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 1 << 20}) {
            ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).putInt(sound.length - 8, length);
            count(file("crafted.parquet", sound)).is(CORRUPT_DATA, "crafted.parquet");
        }
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void parquetFilesWhoseColumnsDiffer() throws IOException {
        byte[] sound = sound();
        file("a.parquet", sound);
        Path other = directory.resolve("other");
        String sql = into(other, "id STRING, name STRING", "SELECT name, name FROM t", 10);
        assertThat(Program.run("sql", "-c", sql).exitCode()).isZero();
        try (Stream<Path> files = Files.list(other)) {
            Files.copy(files.findFirst().orElseThrow(), directory.resolve("b.parquet"));
        }
        Program program = count(directory.resolve("*.parquet")).program();
        assertThat(program.exitCode()).as(program.err()).isNotZero();
        assertThat(program.err()).contains("b.parquet").doesNotContain("\tat ", "Exception");
        String declared =
                "CREATE TABLE d (id DATE) WITH ('connector' = 'filesystem', 'format' = 'parquet', 'path' = '%s');"
                        .formatted(directory.resolve("a.parquet"));
        Program wrong = Refusal.ofSql(declared + "SELECT * FROM d").program();
        assertThat(wrong.exitCode()).as(wrong.err()).isNotZero();
        assertThat(wrong.err()).contains("id").contains("DATE").doesNotContain("\tat ", "Exception");
    }

    @Test
    void filesThatAreNotThere() throws IOException {
        file("bids.parquet", new byte[0]);
        count(directory.resolve("bidz.parquet")).is(FILE_NOT_FOUND, "bidz.parquet", "bids.parquet").at(1, 32);
        count(directory.resolve("none/*.parquet")).is(FILE_NOT_FOUND, "none").at(1, 32);
        count(directory.resolve("*.parq")).is(ErrorCode.SQL_INVALID, "*.parq").at(1, 32);
        String declared =
                "CREATE TABLE d (id DATE) WITH ('connector' = 'filesystem', 'format' = 'csv', 'path' = '%s');\n";
        Refusal.ofSql(declared.formatted(directory.resolve("*.csv")) + "SELECT * FROM d").is(FILE_NOT_FOUND, "*.csv");
    }

    @Test
    void aFileThatMayNotBeRead() throws IOException {
        assumeFalse(System.getProperty("user.name").equals("root"), "root may read everything");
        Path secret = file("secret.parquet", sound());
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        count(secret).is(PERMISSION_DENIED, "secret.parquet");
    }

    @Test
    void aDirectoryThatMayNotBeWritten() throws IOException {
        assumeFalse(System.getProperty("user.name").equals("root"), "root may write everywhere");
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        Refusal.ofSql(into(closed.resolve("out"), "id BIGINT", "SELECT id FROM t", 1)).is(PERMISSION_DENIED);
    }

    @Test
    void malformedRowsAreKeptCountedAndTheRestIsRead() throws IOException {
        file("rows.json", "{\"id\":1}\n{\"id\":\n[]\n{\"id\":\"x\"}\n\n{\"id\":3}\n".getBytes(StandardCharsets.UTF_8));
        String table =
                "CREATE TABLE t (id BIGINT) WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '%s');\n"
                        .formatted(directory.resolve("rows.json"));
        Program program =
                Program.run(
                        "sql",
                        "--output",
                        "csv",
                        "-c",
                        table
                                + "SELECT id FROM t ORDER BY id; SELECT `position`, reason FROM t$bad ORDER BY"
                                + " `position`");
        assertThat(program.err())
                .isEqualTo(
                        "warning: table t: left out 3 rows that could not be read (the last: field id: expected BIGINT,"
                                + " found x, in "
                                + directory.resolve("rows.json")
                                + " at 19); in the same session SELECT * FROM t$bad shows them\n");
        assertThat(program.out().lines().limit(4)).containsExactly("id", "1", "3", "position,reason");
        assertThat(program.out().lines().skip(4)).hasSize(3);
        Path report = directory.resolve("report.json");
        Path job =
                Files.writeString(
                        directory.resolve("job.sql"),
                        table
                                + "CREATE TABLE hole (id BIGINT) WITH ('connector' = 'blackhole');\n"
                                + "INSERT INTO hole SELECT id FROM t;");
        assertThat(Program.run("run", job.toString(), "--report", report.toString()).exitCode()).isZero();
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.get("bad_rows").asLong()).isEqualTo(3);
        assertThat(json.get("rows_by_source").get("t").asLong()).isEqualTo(2);
    }

    @Test
    void aJobThatFailsLeavesNothingHalfWritten() throws IOException {
        Path out = directory.resolve("out");
        for (String format : List.of("parquet", "json", "csv")) {
            String sql =
                    into(out, "id BIGINT", "SELECT 1 / (CAST(CHAR_LENGTH(name) AS BIGINT) * 0) FROM t", 5_000)
                            .replace("parquet", format);
            Refusal.ofSql(sql).is(ErrorCode.DATA_EXCEPTION);
            assertThat(out.toFile().list()).as(format).isNullOrEmpty();
        }
    }

    /** A file system of one megabyte, in a name space of the test's own; where the kernel grants none it is skipped. */
    @Test
    void aDiskThatIsFull() throws IOException, InterruptedException {
        Path mount = Files.createDirectory(directory.resolve("small"));
        String mounted = "mount -t tmpfs -o size=1m none " + mount;
        assumeTrue(run(List.of("unshare", "-rm", "sh", "-c", mounted)) == 0, "no mount name space for this user");
        List<String> java = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(java::add);
        java.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.millrace.cli.MillraceMain", "sql", "-c"));
        java.add(into(mount.resolve("out"), "id BIGINT, name STRING", "SELECT id, name FROM t", 100_000));
        List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c"));
        command.add(mounted + "; \"$@\"; code=$?; echo left: $(ls -A " + mount + "/out); exit $code");
        command.add("sh");
        command.addAll(java);
        int exitCode = run(command);
        String err = Files.readString(directory.resolve("err"));
        assertThat(exitCode).as(err).isEqualTo(DISK_FULL.exitCode());
        assertThat(err).contains("error[" + DISK_FULL + "]: ").doesNotContain("\tat ");
        assertThat(Files.readString(directory.resolve("out.txt"))).isEqualTo("left:\n");
    }

    private int run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out.txt").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start()
                .waitFor();
    }
}
