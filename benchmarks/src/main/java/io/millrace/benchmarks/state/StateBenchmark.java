package io.millrace.benchmarks.state;

import io.millrace.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/**
 * Question: what do checkpoints cost, how long does one of many changed keys hold a job up, and how soon after a start
 * does a job that goes on from it show something? The whole engine in this process counts rows by key, a key of 16
 * bytes and a row of 32 with it, and emits each epoch what changed.
 *
 * <ul>
 *   <li>Without checkpoints, with one each 10 s and with one each second, in turn, each run of the same length; keys
 *       uniform and Zipf 0.99. CPU time is the whole process's. A run longer than 10 s and shorter than 20 has one rare
 *       checkpoint; the counts of checkpoints are those before the end of the input.
 *   <li>All dirty keys are loaded once, then one checkpoint is asked for. The pause is the longest that a task did
 *       nothing else at the barrier.
 *   <li>From that a job goes on, from its start to the end of the first epoch that gave the sink rows, beside {@code cp
 *       -r} of the same files; each with the files in the system's cache and, where {@code dd} can have it forget them,
 *       without. The first of each is that of a JVM that has restored nothing yet. Up to {@code view.epoch} of it, 100
 *       ms, is waiting for the epoch to end.
 * </ul>
 *
 * <p>Every row that was made is counted once, and after a restore every further row found its key's count, or nothing
 * is reported. States lie below {@code java.io.tmpdir}, on whatever disk that is.
 *
 * <p>{@code benchmarks/run state [keys (1000000)] [ms of a run (11000)] [repeats (3)] [dirty keys (10000000)] [MiB of
 * memory with those (6144)] [file for the result]}
 */
public final class StateBenchmark {
    private static final int RARE_MILLIS = 10_000;
    private static final int OFTEN_MILLIS = 1_000;

    private StateBenchmark() {}

    public static void main(String[] arguments) throws IOException, ExecutionException, InterruptedException {
        Path directory = Files.createTempDirectory("state");
        StateLoad load =
                new StateLoad(
                        number(arguments, 0, 1_000_000),
                        number(arguments, 1, 11_000),
                        RARE_MILLIS,
                        OFTEN_MILLIS,
                        number(arguments, 2, 3),
                        number(arguments, 3, 10_000_000),
                        (long) number(arguments, 4, 6_144) << 20,
                        directory);
        try {
            measure(load).publish(arguments.length > 5 ? Path.of(arguments[5]) : null);
        } finally {
            Trees.delete(directory);
        }
    }

    /** All of it. */
    static Report measure(StateLoad load) throws IOException, ExecutionException, InterruptedException {
        RestoreTime restore = new RestoreTime(load);
        return new Report("state")
                .put("workers", Runtime.getRuntime().availableProcessors())
                .put("repeats", load.repeats())
                .put("file_system", Files.getFileStore(load.directory()).type())
                .put("keyed_count", new CheckpointCost(load).measure())
                .put("checkpoint_of_dirty_keys", restore.checkpoint())
                .put("restore", restore.restore());
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }
}
