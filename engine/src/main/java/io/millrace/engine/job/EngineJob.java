package io.millrace.engine.job;

import io.millrace.connectors.api.SourceProgress;
import io.millrace.engine.durable.DurableJob;
import io.millrace.engine.durable.Savepoint;
import io.millrace.engine.view.View;
import io.millrace.engine.view.ViewGroup;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.scan.ScanRun;
import io.millrace.operators.sink.SinkSpec;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import io.millrace.scheduler.job.Job;
import io.millrace.scheduler.job.JobState;
import io.millrace.scheduler.job.NodeStatistics;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.tier.TierStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A running or ended job, with the views it fills. Thread-safe. */
public final class EngineJob {
    private final Job job;
    private final DurableJob kept;
    private final ViewGroup views;
    private final Clock clock;
    private final long startedNanos;
    private volatile long endedNanos;
    private volatile boolean ended;

    EngineJob(Job job, ViewGroup views, Clock clock, DurableJob kept) {
        this.kept = kept;
        this.job = job;
        this.views = views;
        this.clock = clock;
        this.startedNanos = clock.nanoTime();
    }

    public long id() {
        return job.id();
    }

    public String name() {
        return job.name();
    }

    public OperatorGraph graph() {
        return job.graph();
    }

    public JobState state() {
        return job.state();
    }

    /** The views it fills, published together; null when it fills none. */
    public ViewGroup views() {
        return views;
    }

    /** By node, for whoever wants more than {@link #status}. */
    public List<NodeStatistics> statistics() {
        return job.statistics();
    }

    /** Rows its sinks were given so far. */
    public long rowsWritten() {
        long rows = 0;
        for (NodeStatistics node : job.statistics()) {
            if (job.graph().nodes().get(node.nodeId()).spec() instanceof SinkSpec) {
                rows += node.rowsIn();
            }
        }
        return rows;
    }

    /** Asks it to stop; returns at once. */
    public void cancel() {
        job.cancel();
    }

    /**
     * Stops it with a checkpoint, when it takes any, from which it can go on; otherwise as {@link #cancel}. Returns at
     * once; the checkpoint is told when it is durable.
     */
    public CompletableFuture<Manifest> stop() {
        if (kept == null || job.state() != JobState.RUNNING) {
            job.cancel();
            return CompletableFuture.completedFuture(null);
        }
        return job.checkpoint().whenComplete((manifest, failure) -> job.cancel());
    }

    /**
     * Stops it with a savepoint, when it is kept; otherwise as {@link #cancel}. Blocks until the savepoint is there.
     * Its checkpoint is first made as all others are, and stands when the copy fails.
     *
     * @return empty when there is nothing to keep
     */
    public Optional<Savepoint> stopWithSavepoint() {
        if (kept == null) {
            job.cancel();
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(kept.saveLast(this::stop));
        } finally {
            job.cancel();
        }
    }

    /** Asks for a checkpoint now. UNSUPPORTED when it takes none. */
    public CompletableFuture<Manifest> checkpoint() {
        return job.checkpoint();
    }

    /**
     * Takes a checkpoint now and writes it to a new directory of this name where the job's savepoints go. Blocks.
     * UNSUPPORTED when it takes none, INVALID_OPTION when it is no plain name, ALREADY_EXISTS when something has it.
     */
    public Savepoint savepoint(String name) {
        return kept == null ? new Savepoint(job.checkpoint().join(), "") : kept.saveNamed(job::checkpoint, name);
    }

    /** What its tables that outgrew memory did. */
    public Optional<TierStatistics> tier() {
        return job.tierStatistics();
    }

    /** How its checkpoints went; empty when it takes none. */
    public Optional<CheckpointStatistics> checkpoints() {
        return job.checkpointStatistics();
    }

    /** What it holds as it is kept; empty when it is not. */
    public Optional<DurableJob> kept() {
        return Optional.ofNullable(kept);
    }

    /** Asks it to end when what lies in its sources now has been read; returns at once. */
    public void drain() {
        job.drain();
    }

    /** Waits for the end; when it failed, throws why. */
    public JobState await() throws InterruptedException {
        JobState state = job.await();
        noteEnd();
        throwFailure();
        return state;
    }

    /** Waits at most this long for the end, and says whether it came; when it failed, throws why. */
    public boolean await(long timeoutNanos) throws InterruptedException {
        boolean over = job.await(timeoutNanos);
        if (over) {
            noteEnd();
            throwFailure();
        }
        return over;
    }

    private void throwFailure() {
        Optional<MillraceException> failure = job.failure();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private void noteEnd() {
        if (!ended) {
            endedNanos = clock.nanoTime();
            ended = true;
            if (kept != null) {
                kept.close();
            }
        }
    }

    /** How it stands. */
    public JobStatus status() {
        if (job.state().isTerminal()) {
            noteEnd();
        }
        long runNanos = Math.max(0, (ended ? endedNanos : clock.nanoTime()) - startedNanos);
        List<String> viewNames = views == null ? List.of() : views.views().stream().map(View::name).toList();
        return new JobStatus(
                job.id(),
                job.name(),
                job.state(),
                runNanos / 1_000_000,
                job.completedEpoch(),
                sources(runNanos),
                viewNames,
                job.checkpointStatistics().orElse(null),
                job.failure().orElse(null));
    }

    private List<SourceStatus> sources(long runNanos) {
        List<NodeStatistics> statistics = job.statistics();
        List<OperatorRun> runs = job.runs();
        List<SourceStatus> sources = new ArrayList<>();
        for (int node = 0; node < runs.size(); node++) {
            if (runs.get(node) instanceof ScanRun scan) {
                long watermark = statistics.size() > node ? statistics.get(node).watermarkMicros() : Long.MIN_VALUE;
                sources.add(source(scan, watermark, runNanos));
            }
        }
        return sources;
    }

    private static SourceStatus source(ScanRun scan, long watermarkMicros, long runNanos) {
        SourceProgress progress = scan.source().progress();
        return new SourceStatus(
                scan.spec().table(),
                scan.spec().source().isBounded(),
                progress.rowsRead(),
                progress.rowsTotal(),
                progress.bytesRead(),
                progress.lagRows(),
                watermarkMicros,
                etaMillis(progress, runNanos),
                progress.live(),
                scan.source().handover().orElse(null));
    }

    private static long etaMillis(SourceProgress progress, long runNanos) {
        if (progress.rowsTotal() < 0 || progress.rowsRead() <= 0) {
            return -1;
        }
        double left = Math.max(0, progress.rowsTotal() - progress.rowsRead());
        return (long) (left / progress.rowsRead() * runNanos / 1e6);
    }
}
