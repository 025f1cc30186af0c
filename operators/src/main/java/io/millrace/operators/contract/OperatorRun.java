package io.millrace.operators.contract;

import io.millrace.connectors.api.HandoverReport;
import io.millrace.connectors.api.SourceProgress;
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

    /** All tasks have ended well: what was prepared becomes visible. Blocks; called on no worker, once. */
    default void complete() {}

    /** The job failed or was cancelled before {@link #complete}: what was prepared is removed. Blocks. */
    default void abort() {}

    /** Frees what the tasks shared, after all of them closed. Idempotent. */
    @Override
    default void close() {}
}
