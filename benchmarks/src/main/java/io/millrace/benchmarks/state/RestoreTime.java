package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.KeyChoice;
import io.millrace.benchmarks.report.Report;
import io.millrace.memory.time.Clock;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** One checkpoint of keys that all changed since there was none, and jobs that go on from it. */
final class RestoreTime {
    private static final Clock CLOCK = Clock.system();
    private static final long SEED = 7;

    /** Longer than anything here takes: checkpoints are asked for. */
    private static final long NO_INTERVAL_MILLIS = 86_400_000;

    private static final int MORE_ROWS = 4_096;

    private final StateLoad load;
    private final KeyChoice choice;
    private final int moreRows;
    private final Path state;

    RestoreTime(StateLoad load) {
        this.load = load;
        this.choice = new KeyChoice(KeyChoice.Kind.EACH, load.dirtyKeys(), SEED);
        this.moreRows = Math.min(MORE_ROWS, load.dirtyKeys());
        this.state = load.directory().resolve("dirty");
    }

    /** Writes the checkpoint that {@link #restore} goes on from. */
    Map<String, Object> checkpoint() throws InterruptedException, ExecutionException {
        try (CountingJob job = start(load.dirtyKeys())) {
            job.await("all keys counted", () -> job.rows().counted() == load.dirtyKeys());
            job.rows().check();
            if (job.rows().keysCounted() != load.dirtyKeys()) {
                throw new IllegalStateException(
                        "expected keys=" + load.dirtyKeys() + ", found " + job.rows().keysCounted());
            }
            double loadSeconds = job.wallSeconds();
            double cpuBefore = job.cpuSeconds();
            job.job().checkpoint().get();
            double cpu = job.cpuSeconds() - cpuBefore;
            double seconds = job.wallSeconds() - loadSeconds;
            CheckpointStatistics made = job.job().checkpoints().orElseThrow();
            job.cancel();
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("keys", load.dirtyKeys());
            figures.put("load_s", Report.rounded(loadSeconds, 3));
            figures.put("pause_ms", Report.rounded(made.longestPauseNanos() / 1e6, 3));
            figures.put("checkpoint_s", Report.rounded(seconds, 3));
            figures.put("checkpoint_cpu_s", Report.rounded(cpu, 3));
            figures.put("bytes", made.lastBytes());
            figures.put("bytes_a_key", Report.rounded((double) made.lastBytes() / load.dirtyKeys(), 1));
            return figures;
        }
    }

    /** Goes on from it and copies it, in turn, with the files in the system's cache and without. */
    Map<String, Object> restore() throws IOException, InterruptedException {
        List<Double> warm = new ArrayList<>();
        List<Double> warmCopies = new ArrayList<>();
        List<Double> cold = new ArrayList<>();
        List<Double> coldCopies = new ArrayList<>();
        boolean canDrop = true;
        for (int repeat = 0; repeat < load.repeats(); repeat++) {
            warm.add(firstOutputSeconds());
            warmCopies.add(copySeconds());
            canDrop = canDrop && Trees.dropCached(state);
            if (canDrop) {
                cold.add(firstOutputSeconds());
                Trees.dropCached(state);
                coldCopies.add(copySeconds());
            }
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bytes", Trees.bytes(state));
        figures.put("keys", load.dirtyKeys());
        put(figures, "files_in_cache", warm, warmCopies);
        if (canDrop) {
            put(figures, "files_not_in_cache", cold, coldCopies);
        }
        return figures;
    }

    private void put(Map<String, Object> into, String name, List<Double> outputs, List<Double> copies) {
        double median = median(outputs);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("first_output_s", Report.rounded(median, 3));
        figures.put("first_output_s_of_each", outputs.stream().map(s -> Report.rounded(s, 3)).toList());
        figures.put("keys_a_second", Math.round(load.dirtyKeys() / median));
        figures.put("cp_s", Report.rounded(median(copies), 3));
        figures.put("to_cp", Report.rounded(median / median(copies), 2));
        into.put(name, figures);
    }

    private static double median(List<Double> seconds) {
        return Report.median(seconds.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private double firstOutputSeconds() throws InterruptedException {
        try (CountingJob job = start(load.dirtyKeys() + (long) moreRows)) {
            KeyedRows rows = job.rows();
            job.await("the rest counted", () -> rows.counted() == moreRows && rows.firstEpochNanos() > 0);
            rows.check();
            boolean restored = job.job().checkpoints().orElseThrow().restoredCheckpoint() > 0;
            if (!restored || rows.rowsTakenAway() != moreRows || rows.keysCounted() != 0) {
                throw new IllegalStateException(
                        "expected restored=true and counts of "
                                + moreRows
                                + " keys replaced, found restored="
                                + restored
                                + " and "
                                + rows.rowsTakenAway());
            }
            job.cancel();
            return job.firstOutputSeconds();
        }
    }

    private double copySeconds() throws IOException, InterruptedException {
        Path copy = load.directory().resolve("copy");
        try {
            long start = CLOCK.nanoTime();
            Trees.copy(state, copy);
            return (CLOCK.nanoTime() - start) / 1e9;
        } finally {
            Trees.delete(copy);
        }
    }

    private CountingJob start(long limit) {
        return new CountingJob(choice, limit, load.memoryBytes(), state, NO_INTERVAL_MILLIS);
    }
}
