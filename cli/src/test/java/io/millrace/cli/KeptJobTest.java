package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a job with --state. */
class KeptJobTest {
    private static final Pattern SERVING = Pattern.compile("serving (\\S+)");

    @TempDir private Path directory;
    private Path script;
    private String state;

    @BeforeEach
    void write() throws IOException {
        script = directory.resolve("job.sql");
        state = directory.resolve("state").toString();
        Files.writeString(
                script,
                """
                SET 'execution.checkpointing.interval' = '250 ms';
                CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000');
                CREATE MATERIALIZED VIEW n AS SELECT COUNT(*) AS n FROM numbers;
                """);
    }

    @Test
    void saysHowLateItsOutputIs() throws Exception {
        RunningProgram job = RunningProgram.start("run", script.toString(), "--state", state).awaitErr("0.25 s");
        assertThat(job.err()).contains("is visible when its checkpoint is complete, so late by as much");
        assertThat(job.end("TERM")).isZero();
    }

    @Test
    void aSignalThatCameTwiceAtOnceStopsItOnceAndWithASavepoint() throws Exception {
        RunningProgram job = RunningProgram.start("run", script.toString(), "--state", state).awaitErr("0.25 s");
        assertThat(job.endByTwo("TERM")).as(job.err()).isZero();
        assertThat(job.err()).contains("stopped with savepoint");
    }

    @Test
    void saysThatCheckpointsFailAndGoesOn() throws Exception {
        RunningProgram job = RunningProgram.start("run", script.toString(), "--state", state).awaitErr("0.25 s");
        Path log = Path.of(state, "checkpoints", "log");
        Path aside = log.resolveSibling("aside");
        Files.move(log, aside);
        Files.writeString(log, "no directory");
        job.awaitErr("warning: a checkpoint failed, the job goes on and takes others: ");
        Files.delete(log);
        Files.move(aside, log);
        assertThat(job.end("TERM")).as(job.err()).isZero();
        assertThat(job.err()).contains("stopped with savepoint");
    }

    @Test
    void aNewStateOverTheOutputOfAnotherIsToldWhatToDo() throws Exception {
        Path out = directory.resolve("out");
        Files.writeString(
                script,
                """
                SET 'execution.checkpointing.interval' = '250 ms';
                CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000');
                CREATE TABLE files (id BIGINT) WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '%s');
                INSERT INTO files SELECT id FROM numbers;
                """
                        .formatted(out));
        for (int run = 0; run < 2; run++) {
            RunningProgram job = RunningProgram.start("run", script.toString(), "--state", state).awaitErr("0.25 s");
            assertThat(job.end("TERM")).as(job.err()).isZero();
        }
        List<String> before = List.of(out.toFile().list());
        Program program = Program.run("run", script.toString(), "--state", state + "2");
        assertThat(program.exitCode()).as(program.err()).isEqualTo(2);
        assertThat(program.err())
                .contains("error[ALREADY_EXISTS]: ", out + " has output that another state of job job wrote")
                .contains("help: These files belong to the state that wrote them. Go on with that --state; or");
        assertThat(out.toFile().list()).containsExactlyInAnyOrderElementsOf(before);
        RunningProgram job = RunningProgram.start("run", script.toString(), "--state", state).awaitErr("goes on from");
        assertThat(job.end("TERM")).as(job.err()).isZero();
    }

    @Test
    void aScriptCanAskWhetherAnEditLosesState() throws Exception {
        RunningProgram job = RunningProgram.start("run", script.toString(), "--state", state).awaitErr("0.25 s");
        assertThat(job.end("TERM")).as(job.err()).isZero();
        Path edited = directory.resolve("edited.sql");
        Files.writeString(edited, Files.readString(script).replace("FROM numbers;", "FROM numbers WHERE id > 7;"));
        Program said = Program.run("diff", script.toString(), edited.toString(), "--from", state);
        assertThat(said.exitCode()).as(said.err()).isZero();
        assertThat(said.out()).contains("rebuilt");
        assertThat(Program.run("diff", script.toString(), edited.toString(), "--from", state, "--check"))
                .isEqualTo(new Program(1, said.out(), said.err()));
        assertThat(Program.run("diff", script.toString(), script.toString(), "--from", state, "--check").exitCode())
                .isZero();
        assertThat(Program.run("diff", "--help").out()).contains("Exit codes:");
    }

    @Test
    void aSavepointsPlaceIsTheResultOfAskingForOne() throws Exception {
        RunningProgram job =
                RunningProgram.start("run", script.toString(), "--state", state, "--http", "127.0.0.1:0")
                        .awaitErr("checkpoints at");
        Matcher serving = SERVING.matcher(job.err());
        assertThat(serving.find()).isTrue();
        String url = serving.group(1);
        assertThat(url).endsWith("/");

        Program asked = Program.run("savepoint", "job", "first", "--http", url);
        assertThat(asked).isEqualTo(new Program(0, Path.of(state, "savepoints", "first") + "\n", ""));
        assertThat(Program.run("savepoint", "job", "first", "--http", url))
                .isEqualTo(
                        new Program(
                                2,
                                "",
                                "error[ALREADY_EXISTS]: no savepoint of job job: "
                                        + Path.of(state, "savepoints", "first")
                                        + ": expected nothing there\n"));
        assertThat(Program.run("savepoint", "other", "first", "--http", url))
                .isEqualTo(
                        new Program(
                                2,
                                "",
                                """
                                error[USAGE]: no savepoint of job other: no job 'other'
                                help: /v1/jobs lists them.
                                """));
        assertThat(job.end("TERM")).isZero();
    }
}
