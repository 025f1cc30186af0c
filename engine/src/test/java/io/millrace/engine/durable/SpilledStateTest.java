package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.engine.job.EngineJob;
import io.millrace.scheduler.job.JobState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State that may hold nothing in memory. */
final class SpilledStateTest {
    private static final String SCRIPT =
            """
            SET 'execution.runtime-mode' = '%s';
            SET 'parallelism.default' = '2';
            SET 'state.memory-percent' = '%d';
            CREATE TABLE t (k BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '10000000',
              'fields.k.kind' = 'sequence', 'fields.k.start' = '1', 'fields.k.end' = '200000');
            CREATE TABLE o (k BIGINT, n BIGINT) WITH ('connector' = 'blackhole');
            INSERT INTO o SELECT k / 3, count(*) FROM t GROUP BY k / 3;
            """;

    @TempDir private Path directory;

    private EngineJob run(Millrace millrace, String mode, int percent) throws Exception {
        try (Session session = millrace.session()) {
            String script = String.format(Locale.ROOT, SCRIPT, mode, percent);
            String state = directory.resolve(mode + percent).toString();
            EngineJob job = session.start("job", script, new Durability(state, null, null, false)).job();
            assertThat(job.await()).isEqualTo(JobState.FINISHED);
            return job;
        }
    }

    @Test
    void goesToRunsWhichAreGoneWhenTheJobHasEnded() throws Exception {
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults())) {
            for (String mode : List.of("batch", "streaming")) {
                EngineJob job = run(millrace, mode, 0);
                assertThat(job.tier().orElseThrow().runs()).as(mode).isPositive();
                try (Stream<Path> left = Files.list(directory.resolve(mode + "0/tier"))) {
                    assertThat(left).isEmpty();
                }
            }
        }
    }

    @Test
    void staysInMemoryWhileThereIsRoom() throws Exception {
        try (Millrace millrace = Millrace.open(MillraceConfig.defaults())) {
            EngineJob job = run(millrace, "batch", 65);
            assertThat(job.tier().orElseThrow().runs()).isZero();
        }
    }
}
