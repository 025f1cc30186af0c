package io.millrace.benchmarks.keyed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The course of one run, the same for each engine: every key is loaded once, the process is left alone for a while,
 * rows come as fast as they are taken, and from some time on it is measured what the process takes, until its source is
 * ended and the last row is counted and, when results are due at the end, given out.
 *
 * <p>The result is lines {@code name=value} in a file.
 */
public final class PeerCourse {
    private static final int LOOK_MILLIS = 200;

    private final PeerLoad load;
    private final Map<String, Object> figures = new LinkedHashMap<>();

    public PeerCourse(PeerLoad load) {
        this.load = load;
    }

    /** Runs the job, which has a limit of {@link KeyedEvents#loadRows}, and closes it. */
    public void run(PeerJob job, Path result) throws Exception {
        try (job) {
            ProcessCost begin = ProcessCost.now();
            job.awaitCounted(load.keys());
            put("load", ProcessCost.now().since(begin));
            rest(job, load.number("settle-ms", 2_000));
            job.limit(Long.MAX_VALUE);
            rest(job, load.number("warm-up-ms", 5_000));
            measure(job);
            figures.putAll(job.settings());
        }
        write(result);
    }

    private void measure(PeerJob job) throws Exception {
        long firstRow = job.madeRows();
        PeerJob.Checkpoints checkpointsBefore = job.checkpoints();
        ProcessCost start = ProcessCost.now();
        rest(job, load.number("run-ms", 10_000));
        PeerJob.Checkpoints checkpoints = job.checkpoints();
        ProcessCost stop = ProcessCost.now();
        job.finish();
        ProcessCost end = ProcessCost.now();
        PeerJob.Result result = job.result();

        figures.put("events", result.answer().count() - firstRow);
        put("measured", end.since(start));
        put("finish", end.since(stop));
        figures.put("checkpoints", checkpoints.completed() - checkpointsBefore.completed());
        figures.put("checkpoints_failed", checkpoints.failed() - checkpointsBefore.failed());
        figures.put("checkpoint_written_bytes", checkpoints.writtenBytes() - checkpointsBefore.writtenBytes());
        figures.put("checkpoint_last_bytes", checkpoints.lastBytes());
        figures.put("peak_resident_bytes", ProcessCost.peakResidentBytes());
        figures.put("emitted_rows", result.emittedRows());
        figures.put("answer_keys", result.answer().keys());
        figures.put("answer_count", result.answer().count());
        figures.put("answer_sum", result.answer().sum());
        figures.put("answer_checksum", result.answer().checksum());
        figures.put("ends", Arrays.stream(result.ends()).mapToObj(Long::toString).collect(Collectors.joining(",")));
    }

    private static void rest(PeerJob job, long millis) throws Exception {
        long deadline = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
            Thread.sleep(Math.min(left, LOOK_MILLIS));
            job.checkRunning();
        }
    }

    private void put(String part, ProcessCost cost) {
        figures.put(part + "_cpu_s", cost.cpuNanos() / 1e9);
        figures.put(part + "_wall_s", cost.wallNanos() / 1e9);
        figures.put(part + "_written_bytes", cost.writtenBytes());
        figures.put(part + "_read_bytes", cost.readBytes());
    }

    private void write(Path result) throws IOException {
        Files.writeString(
                result,
                figures.entrySet().stream()
                        .map(figure -> figure.getKey() + "=" + figure.getValue() + "\n")
                        .collect(Collectors.joining()),
                StandardCharsets.UTF_8);
    }
}
