package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.PeerJob;
import io.millrace.benchmarks.keyed.PeerLoad;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.time.Clock;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import java.util.LinkedHashMap;
import java.util.Map;

/** The keyed count in Millrace, as it is run beside another engine. */
final class MillraceJob implements PeerJob {
    /** What a JVM needs besides its heap; as {@link MillraceConfig#offHeapBytes} has it. */
    private static final long JVM_MIB = 160;

    /** The least whole memory of an engine, and how much of it rows have at least. */
    private static final long MIN_MIB = 512;

    private static final int LEAST_SHARE = 4;
    private static final int ROUNDING_MIB = 2;

    private final CountingJob job;
    private final MillraceConfig config;
    private final boolean atEnd;

    private MillraceJob(CountingJob job, MillraceConfig config, boolean atEnd) {
        this.job = job;
        this.config = config;
        this.atEnd = atEnd;
    }

    static MillraceJob start(PeerLoad load) {
        MillraceConfig config =
                MillraceConfig.defaults()
                        .withMemoryBytes(memoryMib(load.memoryMib()) << 20)
                        .withParallelism(load.parallelism())
                        .withSetting("execution.runtime-mode", load.atEnd() ? "batch" : "streaming")
                        .withSetting("view.epoch", load.number("epoch-ms", 100) + " ms")
                        .withSetting("execution.checkpointing.interval", load.checkpointMillis() + " ms");
        if (Math.abs((config.offHeapBytes() >> 20) - load.memoryMib()) > ROUNDING_MIB) {
            throw new IllegalArgumentException(
                    "expected memory-mib that can be set, at least "
                            + MIN_MIB / LEAST_SHARE
                            + ", found "
                            + load.memoryMib()
                            + ", which gives "
                            + (config.offHeapBytes() >> 20));
        }
        KeyedRows rows = new KeyedRows(load.events(), load.atEnd(), load.keys(), Clock.system());
        return new MillraceJob(new CountingJob(rows, config, load.directory().resolve("state")), config, load.atEnd());
    }

    /** Of the whole process, so that so much of it is for rows and state beside this heap. */
    private static long memoryMib(long offHeapMib) {
        long heapMib = (Runtime.getRuntime().maxMemory() >> 20) + 1;
        long whole = (offHeapMib + heapMib + JVM_MIB) * 16 / 15 + 1;
        return whole / LEAST_SHARE > offHeapMib ? Math.max(MIN_MIB, offHeapMib * LEAST_SHARE) : whole;
    }

    @Override
    public long madeRows() {
        return job.rows().madeRows();
    }

    @Override
    public void limit(long position) {
        job.rows().limit(position);
    }

    @Override
    public void awaitCounted(long rows) throws InterruptedException {
        // Results that are due at the end tell nothing before: then the last batches may still be on their way.
        job.await("rows=" + rows, () -> (atEnd ? madeRows() : job.rows().counted()) >= rows);
    }

    @Override
    public void checkRunning() throws InterruptedException {
        job.run(0);
    }

    @Override
    public void finish() throws InterruptedException {
        job.job().drain();
        job.awaitEndOr(() -> job.rows().ends().length == config.parallelism() && job.rows().counted() == madeRows());
    }

    @Override
    public Result result() throws InterruptedException {
        job.drain();
        return new Result(job.rows().answer(), job.rows().rowsAdded(), job.rows().ends());
    }

    @Override
    public Checkpoints checkpoints() {
        return job.job()
                .checkpoints()
                .map(MillraceJob::checkpoints)
                .orElseThrow(() -> new IllegalStateException("expected a job with checkpoints, found none"));
    }

    private static Checkpoints checkpoints(CheckpointStatistics made) {
        return new Checkpoints(made.completed(), made.failed(), made.writtenBytes(), made.lastBytes());
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("setting.memory-bytes", config.memoryBytes());
        said.put("setting.off-heap-bytes", config.offHeapBytes());
        said.put("setting.parallelism", config.parallelism());
        config.settings().forEach((name, value) -> said.put("setting." + name, value));
        job.job()
                .tier()
                .ifPresent(tier -> {
                    said.put("tier.runs", tier.runs());
                    said.put("tier.rows-out", tier.rowsOut());
                    said.put("tier.written-bytes", tier.writtenBytes());
                    said.put("tier.most-runs", tier.mostRuns());
                    said.put("tier.folds", tier.folds());
                    said.put("tier.folded-bytes", tier.foldedBytes());
                    said.put("tier.lookups", tier.lookups());
                    said.put("tier.copied-bytes", tier.copiedBytes());
                });
        return said;
    }

    @Override
    public void close() {
        job.close();
    }
}
