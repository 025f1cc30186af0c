package io.millrace.scheduler.job;

import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.OperatorRun;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.checkpoint.CheckpointStatistics;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.tier.TierStatistics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An execution of a graph. Thread-safe. */
public interface Job {
    /** Unique in its scheduler. */
    long id();

    String name();

    OperatorGraph graph();

    JobState state();

    /** Waits for a terminal state and returns it; interrupting the wait does not stop the job. */
    JobState await() throws InterruptedException;

    /** Waits at most this long for a terminal state; returns whether it was reached. */
    boolean await(long timeoutNanos) throws InterruptedException;

    /** Asks the job to stop; returns at once. Without effect on one that has read all its input. */
    void cancel();

    /**
     * Asks all sources to end as soon as what lies in them now has been read; the job then finishes by itself. Without
     * effect before {@link JobState#RUNNING}.
     */
    void drain();

    /**
     * Asks for a checkpoint now, and says which it was: when it is told, it is durable and the sinks are committed.
     * UNSUPPORTED when the job takes none.
     */
    CompletableFuture<Manifest> checkpoint();

    /** What its tables that outgrew memory did; empty when none may. */
    Optional<TierStatistics> tierStatistics();

    /** How its checkpoints went; empty when it takes none. */
    Optional<CheckpointStatistics> checkpointStatistics();

    /** Why the job {@link JobState#FAILED}: the first failure, those after it suppressed; empty in other states. */
    Optional<MillraceException> failure();

    /** By node id. Zero before {@link JobState#RUNNING}. */
    List<NodeStatistics> statistics();

    /**
     * By node id, for progress and handover reports; empty before {@link JobState#RUNNING}. They are closed when the
     * job reaches a terminal state, and may still be asked for their progress then.
     */
    List<OperatorRun> runs();

    /** The last epoch that all tasks have passed, 0 before the first. */
    long completedEpoch();
}
