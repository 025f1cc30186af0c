package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.KeyChoice;
import io.millrace.benchmarks.keyed.KeyChoice.Kind;
import io.millrace.benchmarks.report.Report;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A keyed count without checkpoints, with rare ones and with many, in turn. */
final class CheckpointCost {
    private static final long SEED = 7;
    private static final int WARM_UP_PART = 2;

    /** One run; the statistics are those before it was asked to end, and null without checkpoints. */
    private record Run(long events, double cpuSeconds, double wallSeconds, CheckpointStatistics checkpoints) {
        double cpuPerMillion() {
            return cpuSeconds / events * 1e6;
        }

        double wallPerMillion() {
            return wallSeconds / events * 1e6;
        }
    }

    private final StateLoad load;

    CheckpointCost(StateLoad load) {
        this.load = load;
    }

    /** By distribution and variant. */
    Map<String, Object> measure() throws IOException, InterruptedException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("keys", load.keys());
        all.put("run_ms", load.runMillis());
        for (Kind kind : List.of(Kind.UNIFORM, Kind.ZIPF)) {
            all.put(kind == Kind.UNIFORM ? "uniform" : "zipf_0_99", measure(new KeyChoice(kind, load.keys(), SEED)));
        }
        return all;
    }

    private Map<String, Object> measure(KeyChoice choice) throws IOException, InterruptedException {
        int[] intervals = {0, load.rareMillis(), load.oftenMillis()};
        run(choice, load.oftenMillis(), load.runMillis() / WARM_UP_PART);
        List<List<Run>> runs = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int repeat = 0; repeat < load.repeats(); repeat++) {
            for (int turn = 0; turn < intervals.length; turn++) {
                // Another order each time, so that none is always the first.
                int variant = (turn + repeat) % intervals.length;
                runs.get(variant).add(run(choice, intervals[variant], load.runMillis()));
            }
        }
        double without = median(runs.get(0), Run::cpuPerMillion);
        double withoutWall = median(runs.get(0), Run::wallPerMillion);
        Map<String, Object> figures = new LinkedHashMap<>();
        for (int variant = 0; variant < intervals.length; variant++) {
            String name = intervals[variant] == 0 ? "no_checkpoints" : "each_" + intervals[variant] + "_ms";
            figures.put(name, figures(runs.get(variant), without, withoutWall));
        }
        return figures;
    }

    private Run run(KeyChoice choice, int intervalMillis, int millis) throws IOException, InterruptedException {
        Path state = intervalMillis == 0 ? null : load.directory().resolve("count");
        long memory = MillraceConfig.DEFAULT_MEMORY_BYTES;
        try (CountingJob job = new CountingJob(choice, Long.MAX_VALUE, memory, state, Math.max(1, intervalMillis))) {
            job.run(millis);
            CheckpointStatistics checkpoints = job.job().checkpoints().orElse(null);
            job.drain();
            return new Run(job.rows().madeRows(), job.cpuSeconds(), job.wallSeconds(), checkpoints);
        } finally {
            Trees.delete(state);
        }
    }

    private static Map<String, Object> figures(List<Run> runs, double without, double withoutWall) {
        Map<String, Object> figures = new LinkedHashMap<>();
        double cpu = median(runs, Run::cpuPerMillion);
        double wall = median(runs, Run::wallPerMillion);
        figures.put("events", runs.stream().map(Run::events).toList());
        figures.put("cpu_s_a_million", Report.rounded(cpu, 4));
        figures.put("cpu_to_no_checkpoints", Report.rounded(cpu / without, 3));
        figures.put("wall_s_a_million", Report.rounded(wall, 4));
        figures.put("wall_to_no_checkpoints", Report.rounded(wall / withoutWall, 3));
        figures.put("cpu_s_a_million_of_each", runs.stream().map(r -> Report.rounded(r.cpuPerMillion(), 4)).toList());
        if (runs.getFirst().checkpoints() != null) {
            List<CheckpointStatistics> made = runs.stream().map(Run::checkpoints).toList();
            long completed = made.stream().mapToLong(CheckpointStatistics::completed).sum();
            long written = made.stream().mapToLong(CheckpointStatistics::writtenBytes).sum();
            figures.put("checkpoints", made.stream().map(CheckpointStatistics::completed).toList());
            figures.put("checkpoints_failed", made.stream().mapToLong(CheckpointStatistics::failed).sum());
            figures.put("bytes_written_a_checkpoint", completed == 0 ? 0 : written / completed);
            long pause = made.stream().mapToLong(CheckpointStatistics::longestPauseNanos).max().orElseThrow();
            figures.put("longest_pause_ms", Report.rounded(pause / 1e6, 3));
        }
        return figures;
    }

    private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
        return Report.median(runs.stream().mapToDouble(figure).toArray());
    }
}
