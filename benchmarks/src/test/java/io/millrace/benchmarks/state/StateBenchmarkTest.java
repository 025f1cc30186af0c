package io.millrace.benchmarks.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.keyed.Answer;
import io.millrace.benchmarks.keyed.KeyChoice;
import io.millrace.benchmarks.keyed.KeyedEvents;
import io.millrace.benchmarks.keyed.PeerCourse;
import io.millrace.benchmarks.keyed.PeerLoad;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import io.millrace.scheduler.job.JobState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateBenchmarkTest {
    @TempDir Path directory;

    @Test
    void aSmallRunChecksItsAnswersAndReportsEveryPart() throws Exception {
        StateLoad load = new StateLoad(2_000, 400, 200, 20, 1, 50_000, 1L << 30, directory);
        Path file = directory.resolve("result.json");

        StateBenchmark.measure(load).publish(file);

        assertThat(Files.readString(file))
                .contains("\"uniform\"", "\"zipf_0_99\"", "\"each_20_ms\"", "\"pause_ms\"", "\"files_in_cache\"");
    }

    @Test
    void aCheckpointIsSaidToHaveWrittenOnlyTheFilesThatItAdded() throws Exception {
        KeyChoice choice = new KeyChoice(KeyChoice.Kind.EACH, 10_000, 7);
        Path state = directory.resolve("kept");
        CheckpointStatistics first;
        try (CountingJob job = new CountingJob(choice, 10_000, 1L << 30, state, 86_400_000)) {
            job.await("all keys counted", () -> job.rows().counted() == 10_000);
            job.job().checkpoint().get();
            first = job.job().checkpoints().orElseThrow();
            job.job().checkpoint().get();
            CheckpointStatistics second = job.job().checkpoints().orElseThrow();
            job.cancel();

            assertThat(first.writtenBytes()).isPositive().isEqualTo(first.lastBytes());
            assertThat(second.completed()).isEqualTo(2);
            assertThat(second.writtenBytes()).isEqualTo(first.writtenBytes());
            assertThat(second.longestPauseNanos()).isGreaterThanOrEqualTo(second.lastPauseNanos());
        }
        try (CountingJob job = new CountingJob(choice, 10_000, 1L << 30, state, 86_400_000)) {
            job.await("a job that goes on", () -> job.job().state() == JobState.RUNNING);
            job.job().checkpoint().get();
            CheckpointStatistics restored = job.job().checkpoints().orElseThrow();
            job.cancel();

            assertThat(restored.lastBytes()).isEqualTo(first.lastBytes());
            assertThat(restored.writtenBytes()).isZero();
        }
    }

    @Test
    void bothKindsOfResultsOfACourseAreThoseOfARecount() throws Exception {
        for (String emit : List.of("each", "end")) {
            PeerLoad load =
                    PeerLoad.parse("keys=20000", "distribution=zipf", "emit=" + emit, "memory-mib=256", "parallelism=2")
                            .with("checkpoint-ms", 50)
                            .with("settle-ms", 50)
                            .with("warm-up-ms", 50)
                            .with("run-ms", 300)
                            .with("directory", Files.createDirectory(directory.resolve(emit)));
            Path result = directory.resolve(emit + ".result");

            new PeerCourse(load).run(MillraceJob.start(load), result);

            PeerFigures figures = PeerFigures.read(result);
            figures.checkAnswer(load.events());
            assertThat(figures.number("answer_keys")).isEqualTo(20_000);
            assertThat(figures.number("events")).isPositive();
            assertThat(figures.number("checkpoints")).isPositive();
            assertThat(PeerFigures.summary(List.of(figures))).containsKeys("events_a_cpu_s", "settings", "runs");
        }
    }

    @Test
    void aRecountKnowsWhoseBlocksWereMade() {
        KeyedEvents events = new KeyedEvents(new KeyChoice(KeyChoice.Kind.EACH, 10_000, 7), 10_000);
        // The second reader made its first block and one row of its next.
        Answer answer = Answer.recount(events, new long[] {0, 3 * KeyedEvents.BLOCK_ROWS + 1});

        assertThat(answer.count()).isEqualTo(KeyedEvents.BLOCK_ROWS + 1);
        assertThat(answer.keys()).isEqualTo(KeyedEvents.BLOCK_ROWS + 1);
    }

    @Test
    void zipfDrawsTheFirstKeyAsOftenAsItsShare() {
        int keys = 1_000;
        KeyChoice choice = new KeyChoice(KeyChoice.Kind.ZIPF, keys, 7);
        double shares = 0;
        for (int rank = 1; rank <= keys; rank++) {
            shares += Math.pow(rank, -0.99);
        }
        int draws = 1_000_000;
        int first = 0;
        int last = 0;
        for (int position = 0; position < draws; position++) {
            int key = choice.key(position);
            assertThat(key >= 0 && key < keys).isTrue();
            first += key == 0 ? 1 : 0;
            last += key == keys - 1 ? 1 : 0;
        }
        assertThat(first / (double) draws).isBetween(0.97 / shares, 1.03 / shares);
        assertThat(last).isBetween(80, 220);
    }

    @Test
    void uniformDrawsEveryKeyAndEachDrawsThemInTurn() {
        KeyChoice uniform = new KeyChoice(KeyChoice.Kind.UNIFORM, 100, 7);
        Set<Integer> drawn = new HashSet<>();
        for (int position = 0; position < 10_000; position++) {
            drawn.add(uniform.key(position));
        }
        assertThat(drawn).hasSize(100);
        KeyChoice each = new KeyChoice(KeyChoice.Kind.EACH, 3, 7);
        assertThat(new int[] {each.key(0), each.key(2), each.key(3)}).containsExactly(0, 2, 0);
    }
}
