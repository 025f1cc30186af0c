package io.millrace.operators.contract;

import io.millrace.connectors.api.HandoverReport;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.SourceProgress;
import java.util.List;
import java.util.Optional;

/** One execution of a node: what its tasks share. {@link #open} is called on any one thread, a task at a time. */
@FunctionalInterface
public interface OperatorRun extends AutoCloseable {
    Operator open(OperatorContext context);

    /** How far a node without inputs is; empty when it cannot tell, as of other nodes. Thread-safe, never blocks. */
    default Optional<SourceProgress> progress() {
        return Optional.empty();
    }

    /** How history met the live topic; only of a node that reads a hybrid source. Thread-safe, never blocks. */
    default Optional<HandoverReport> handover() {
        return Optional.empty();
    }

    /**
     * Asks a node without inputs to end as soon as what lies in its source now has been read. Thread-safe, never
     * blocks.
     */
    default void drain() {}

    /**
     * Takes over from the execution that ended at this checkpoint, before any task is opened; 0 and nothing when there
     * was none. Only of a job that takes checkpoints. Blocks; called on no worker.
     */
    default void recover(long checkpoint, List<Prepared> prepared) {}

    /**
     * What its tasks prepared becomes visible: the checkpoint is durable, or, of a job that takes none, all tasks have
     * ended well. Blocks; called on no worker, in the order of the checkpoints.
     */
    default void commit(long checkpoint, List<Prepared> prepared) {}

    /** The job failed or was cancelled, and takes no checkpoints: what was prepared is removed. Blocks. */
    default void abort() {}

    /** Frees what the tasks shared, after all of them closed. Idempotent. */
    @Override
    default void close() {}
}
