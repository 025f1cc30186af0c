package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private static final String JOB =
            """
            CREATE TABLE numbers (id BIGINT, k INT) WITH ('connector' = 'datagen', 'number-of-rows' = '1000',
              'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000',
              'fields.k.min' = '0', 'fields.k.max' = '9');
            CREATE TABLE hole (id BIGINT) WITH ('connector' = 'blackhole');
            CREATE MATERIALIZED VIEW by_k AS SELECT k, count(*) AS n FROM numbers GROUP BY k;
            INSERT INTO hole SELECT id FROM numbers;
            """;

    @TempDir private Path directory;

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("job.sql"), text).toString();
    }

    @Test
    void showsHelpAndVersion() {
        assertThat(Program.run().out()).startsWith("Usage: millrace ").contains("  sql ").contains("--memory");
        assertThat(Program.run("--help").exitCode()).isZero();
        assertThat(Program.run("sql", "--help").out()).startsWith("Usage: millrace sql ").contains("--timing");
        assertThat(Program.run("run", "--help").out()).startsWith("Usage: millrace run ").contains("FILE");
        assertThat(Program.run("--version").out()).matches("millrace \\d+\\.\\d+\\.\\d+\\S*\n");
        assertThat(Program.run("explain", "--version").out()).isEqualTo(Program.run("--version").out());
    }

    @Test
    void saysWhatIsWrongWithACommandLine() {
        assertThat(Program.run("explian"))
                .isEqualTo(
                        new Program(
                                2,
                                "",
                                """
                                error[USAGE]: there is no command 'explian'
                                help: Did you mean 'explain'? See ./millrace --help
                                """));
        assertThat(Program.run("sql", "--outptu", "csv").err())
                .isEqualTo(
                        """
                        error[USAGE]: Unknown options: '--outptu', 'csv'
                        help: Did you mean '--output'? See ./millrace sql --help
                        """);
        assertThat(Program.run("run").err()).startsWith("error[USAGE]: Missing required parameter: 'FILE'");
        assertThat(Program.run("sql", "--parallelism", "0", "-c", "SELECT 1").err())
                .startsWith("error[INVALID_OPTION]: parallelism: expected 1 to 1024, found 0");
        assertThat(Program.run("explain").exitCode()).isEqualTo(2);
    }

    @Test
    void optionsOfAllCommandsMayStandBeforeTheCommand() {
        Program program =
                Program.run("--memory", "1g", "--parallelism=1", "sql", "--output", "csv", "-c", "SELECT 1 AS a");
        assertThat(program).isEqualTo(new Program(0, "a\n1\n", ""));
        assertThat(Program.run("--help", "sql")).isEqualTo(Program.run("sql", "--help"));
        assertThat(Program.run("--memory", "1g", "slq").err()).startsWith("error[USAGE]: there is no command 'slq'");
        assertThat(Program.run("--memory", "1g"))
                .isEqualTo(
                        new Program(
                                2,
                                "",
                                """
                                error[USAGE]: expected a command, found none
                                help: One of sql, run, explain, demo, checkpoints, savepoint, diff. See ./millrace --help
                                """));
    }

    @Test
    void helpIsACommandToo() {
        assertThat(Program.run("help")).isEqualTo(Program.run("--help"));
        assertThat(Program.run("help", "run")).isEqualTo(Program.run("run", "--help"));
    }

    @Test
    void runsAJobToItsEndAndReports() throws IOException {
        Path report = directory.resolve("report.json");
        Program program = Program.run("run", file(JOB), "--report", report.toString());
        assertThat(program.err()).startsWith("job job runs: view by_k, table hole\nwrites hole ");
        assertThat(program.out()).isEmpty();
        assertThat(program.exitCode()).isZero();
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.get("state").asText()).isEqualTo("finished");
        assertThat(json.get("rows_by_source").get("numbers").asLong()).isEqualTo(1000);
        assertThat(json.get("late_rows").asLong()).isZero();
        assertThat(json.get("error").isNull()).isTrue();
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("job.sql", "report.json");
    }

    @Test
    void reportsAJobThatFails() throws IOException {
        Path report = directory.resolve("report.json");
        Program program =
                Program.run(
                        "run",
                        file(JOB.replace("SELECT id FROM", "SELECT 1 / (id - 7) FROM")),
                        "--report",
                        report.toString());
        assertThat(program.exitCode()).isEqualTo(1);
        assertThat(program.err()).contains("error[DATA_EXCEPTION]: ");
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.get("state").asText()).isEqualTo("failed");
        assertThat(json.get("error").get("code").asText()).isEqualTo("DATA_EXCEPTION");
    }

    @Test
    void reportsAJobThatCannotBePlanned() throws IOException {
        Path report = directory.resolve("report.json");
        Program program = Program.run("run", file(JOB.replace("FROM", "FROM missing_")), "--report", report.toString());
        assertThat(program.exitCode()).isEqualTo(2);
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.get("state").asText()).isEqualTo("failed");
        assertThat(json.get("job").asText()).isEqualTo("job");
        assertThat(json.get("error").get("code").asText()).isEqualTo("UNKNOWN_TABLE");
    }

    @Test
    void aReportThatCannotBeWrittenHidesNoFailure() throws IOException {
        String nowhere = directory.resolve("missing/report.json").toString();
        Program failing =
                Program.run(
                        "run", file(JOB.replace("SELECT id FROM", "SELECT 1 / (id - 7) FROM")), "--report", nowhere);
        assertThat(failing.err()).contains("error[DATA_EXCEPTION]: ").contains("warning: cannot write " + nowhere);
        Program sound = Program.run("run", file(JOB), "--report", nowhere);
        assertThat(sound.exitCode()).isEqualTo(1);
        assertThat(sound.err()).contains("error[IO_FAILED]: ");
    }

    @Test
    void refusesToRunWhatIsNoJob() throws IOException {
        Program program = Program.run("run", file("SET 'view.epoch' = '1 s';\nSELECT 1;"));
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err()).contains("job.sql:2:1\n").contains("2 | SELECT 1;\n");
        assertThat(Program.run("run", file("SET 'view.epoch' = '1 s'")).err())
                .contains("expected an INSERT or a materialized view, found none");
    }

    @Test
    void explainsTheQueriesOfAScript() throws IOException {
        String plans = Program.run("explain", file(JOB)).out();
        assertThat(plans).contains("Sink").contains("datagen").contains("x").contains("[bounded]");
        assertThat(plans.lines().filter(line -> line.contains("#"))).allMatch(line -> line.endsWith("[bounded]"));
        String json = Program.run("explain", "-c", "SELECT 1", "--output", "json").out();
        assertThat(new ObjectMapper().readTree(json).isObject()).isTrue();
    }
}
