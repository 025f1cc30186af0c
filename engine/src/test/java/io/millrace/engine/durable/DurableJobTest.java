package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Millrace;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.job.EngineJob;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.scheduler.job.JobState;
import io.millrace.state.checkpoint.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableJobTest {
    private static final String SETTINGS = "SET 'execution.checkpointing.interval' = '50 ms';\n";
    private static final String ENDLESS =
            SETTINGS
                    + """
                    CREATE TABLE t (k BIGINT, a BIGINT, b BIGINT) WITH ('connector' = 'datagen',
                      'rows-per-second' = '1000', 'fields.k.min' = '0', 'fields.k.max' = '9');
                    CREATE TABLE o (k BIGINT, x BIGINT, y BIGINT) WITH ('connector' = 'blackhole');
                    """;
    private static final String MAXIMA = ENDLESS + "INSERT INTO o SELECT k, max(a), max(b) FROM t GROUP BY k;";

    @TempDir Path directory;

    private Durability kept(String name) {
        return new Durability(null, directory.resolve(name).toString(), null, false);
    }

    private long logEntries(String name) throws IOException {
        try (Stream<Path> entries = Files.list(directory.resolve(name).resolve("log"))) {
            return entries.count();
        }
    }

    /** Runs a script until it made a checkpoint, and stops it with another. */
    private Manifest interrupted(Millrace millrace, String script, String name) throws Exception {
        try (Session session = millrace.session()) {
            EngineJob job = session.start("job", script, kept(name)).job();
            while (job.state() == JobState.CREATED) {
                Thread.onSpinWait();
            }
            Manifest first = job.checkpoint().get(60, TimeUnit.SECONDS);
            Manifest last = job.stop().get(60, TimeUnit.SECONDS);
            assertThat(last.checkpoint()).isGreaterThan(first.checkpoint());
            assertThat(job.await()).isEqualTo(JobState.CANCELLED);
            return last;
        }
    }

    private static MillraceException refusal(Millrace millrace, String script, Durability durability) {
        try (Session session = millrace.session()) {
            session.start("job", script, durability);
            throw new AssertionError("was not refused");
        } catch (MillraceException refused) {
            return refused;
        }
    }

    @Test
    void goesOnBehindALimitThatHadEnded() throws Exception {
        String script =
                SETTINGS
                        + """
                        CREATE TABLE t (k BIGINT, a BIGINT, b BIGINT) WITH ('connector' = 'datagen',
                          'rows-per-second' = '1000', 'fields.k.kind' = 'sequence', 'fields.k.start' = '0',
                          'fields.k.end' = '1000000');
                        CREATE TABLE o (k BIGINT) WITH ('connector' = 'blackhole');
                        CREATE TABLE few (k BIGINT) WITH ('connector' = 'blackhole');
                        INSERT INTO o SELECT k FROM t;
                        INSERT INTO few SELECT k FROM t LIMIT 3;
                        """;
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults())) {
            Manifest first = interrupted(millrace, script, "limit");
            Manifest second = interrupted(millrace, script, "limit");
            assertThat(second.incarnation()).isGreaterThan(first.incarnation());
        }
    }

    @Test
    void refusesToLeaveAnAggregateBehindUnasked() throws Exception {
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults())) {
            interrupted(millrace, MAXIMA, "order");
            String swapped = ENDLESS + "INSERT INTO o SELECT k, max(b), min(a) FROM t GROUP BY k;";
            MillraceException refused = refusal(millrace, swapped, kept("order"));
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_OPTION);
            assertThat(refused).hasMessageContaining("Aggregate");
            interrupted(millrace, MAXIMA, "order");
        }
    }

    @Test
    void aStartThatIsRefusedClaimsNothing() throws Exception {
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults())) {
            interrupted(millrace, MAXIMA, "claim");
            long before = logEntries("claim");
            String other = ENDLESS + "INSERT INTO o SELECT k, count(*), 1 FROM t GROUP BY k;";
            assertThat(refusal(millrace, other, kept("claim")).code()).isEqualTo(ErrorCode.INVALID_OPTION);
            assertThat(refusal(millrace, "SET 'state.key-groups' = '64';\n" + MAXIMA, kept("claim")))
                    .hasMessageContaining("key-groups");
            assertThat(logEntries("claim")).isEqualTo(before);
        }
    }

    @Test
    void whoAsksAnEndedJobForACheckpointIsTold() throws Exception {
        String script =
                SETTINGS
                        + """
                        CREATE TABLE o (k INT) WITH ('connector' = 'blackhole');
                        INSERT INTO o VALUES (1), (2), (3);
                        """;
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults());
                Session session = millrace.session()) {
            EngineJob job = session.start("job", script, kept("ended")).job();
            assertThat(job.await()).isEqualTo(JobState.FINISHED);
            assertThatThrownBy(() -> job.checkpoint().get(10, TimeUnit.SECONDS)).hasMessageContaining("ended");
        }
    }
}
