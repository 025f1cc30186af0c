package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalTest {
    private static final String ENDLESS =
            "CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000');\n";

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void aQueryThatASignalStopsEndsWithItAndRunsNothingMore(String signal, int expected) throws Exception {
        RunningProgram.assumeInterruptible();
        String sql = ENDLESS + "SELECT id FROM numbers; SELECT 'more' AS never;";
        RunningProgram program = RunningProgram.start("sql", "--output", "csv", "-c", sql).awaitOut("op,id\n");
        assertThat(program.end(signal)).as(program.err()).isEqualTo(expected);
        assertThat(program.out()).doesNotContain("never");
        assertThat(program.err()).isEmpty();
    }

    @Test
    void filesThatNobodyWillSeeAreSpokenOfAtTheStart() throws Exception {
        RunningProgram.assumeInterruptible();
        Path script = directory.resolve("job.sql");
        Path out = directory.resolve("out");
        String files =
                "CREATE TABLE files (id BIGINT) WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '%s');\n"
                        .formatted(out);
        Files.writeString(script, ENDLESS + files + "INSERT INTO files SELECT id FROM numbers;");
        RunningProgram program =
                RunningProgram.start("run", script.toString())
                        .awaitErr("warning: table files: its files are seen only when the job ends by itself");
        assertThat(program.end("INT")).isZero();
        assertThat(out.toFile().list()).isEmpty();
        Files.writeString(script, files + "INSERT INTO files VALUES (1);");
        assertThat(Program.run("run", script.toString()).err()).doesNotContain("warning");
    }

    @Test
    void aJobThatIsNotKeptSaysWhatItDropsWhenItIsStopped() throws Exception {
        Path script = directory.resolve("job.sql");
        Files.writeString(script, ENDLESS + "CREATE MATERIALIZED VIEW n AS SELECT COUNT(*) AS n FROM numbers;");
        RunningProgram program = RunningProgram.start("run", script.toString()).awaitErr("runs: view n");
        assertThat(program.end("TERM")).isZero();
        assertThat(program.err()).contains("stopping; without --state nothing is kept");
    }
}
