package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses, reports and targets that cannot be had. */
class BadPlacesTest {
    private static final String ENDLESS =
            "CREATE TABLE t (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '10');\n"
                    + "CREATE TABLE hole (id BIGINT) WITH ('connector' = 'blackhole');\n"
                    + "INSERT INTO hole SELECT id FROM t;\n";

    @TempDir private Path directory;

    private String job(String text) throws IOException {
        return Files.writeString(directory.resolve("job.sql"), text).toString();
    }

    private Stream<String> names() {
        return Stream.of(directory.toFile().list());
    }

    @Test
    void aPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Refusal.of("run", job(ENDLESS), "--http", address).is(ErrorCode.PORT_IN_USE, address);
        }
    }

    @Test
    void anAddressThatOtherMachinesCouldReach() throws IOException {
        for (String host : new String[] {"0.0.0.0", "192.168.0.1", "example.org", "[::]"}) {
            Refusal.of("run", job(ENDLESS), "--http", host + ":8080")
                    .is(ErrorCode.INVALID_OPTION, "loopback", "help: There is no authentication yet");
        }
        Refusal.of("run", job(ENDLESS), "--http", "127.0.0.1:99999").is(ErrorCode.INVALID_OPTION, "99999");
        Refusal.of("run", job(ENDLESS), "--http", "nonsense").is(ErrorCode.INVALID_OPTION, "nonsense");
    }

    @Test
    void aJobThatIsNotThere() {
        Refusal.of("run", directory.resolve("jop.sql").toString()).is(ErrorCode.FILE_NOT_FOUND, "jop.sql");
        Refusal.of("explain", directory.resolve("jop.sql").toString()).is(ErrorCode.FILE_NOT_FOUND, "jop.sql");
        Refusal.of("run", directory.toString()).is(ErrorCode.USAGE, directory.toString());
        assertThat(names()).isEmpty();
    }

    @Test
    void aStorageThatNobodyKnows() throws IOException {
        for (String scheme : new String[] {"s3", "s3a", "gs", "abfs"}) {
            Refusal.of("run", job(ENDLESS), "--checkpoints", scheme + "://bucket/checkpoints")
                    .is(ErrorCode.INVALID_OPTION, "hdfs://", "found the scheme " + scheme + ":");
        }
    }

    @Test
    void stateWhereAFileIs() throws IOException {
        String file = Files.writeString(directory.resolve("taken"), "mine").toString();
        Refusal.of("run", job(ENDLESS), "--state", file)
                .is(ErrorCode.INVALID_OPTION, "--state: expected a directory, found the file " + file);
        Refusal.of("run", job(ENDLESS), "--checkpoints", file)
                .is(ErrorCode.INVALID_OPTION, "--checkpoints: expected a directory, found the file " + file);
        assertThat(Path.of(file)).hasContent("mine");
    }

    @Test
    void aSinkWhosePlaceIsTakenByAFile() throws IOException {
        Path taken = Files.writeString(directory.resolve("taken"), "mine");
        String script =
                "CREATE TABLE sink (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'parquet');"
                                .formatted(taken)
                        + "INSERT INTO sink SELECT CAST(id AS BIGINT) FROM (VALUES (1)) AS t (id)";
        Program program = Refusal.ofSql(script).program();
        assertThat(program.exitCode()).as(program.err()).isEqualTo(2);
        assertThat(program.err()).contains(taken.toString()).doesNotContain("\tat ");
        assertThat(taken).hasContent("mine");
        assertThat(names()).containsExactly("taken");
    }
}
