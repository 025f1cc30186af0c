package io.millrace.operators.contract;

/** One execution of a node: what its tasks share. {@link #open} is called on any one thread, a task at a time. */
@FunctionalInterface
public interface OperatorRun extends AutoCloseable {
    Operator open(OperatorContext context);

    /** All tasks have ended well: what was prepared becomes visible. Blocks; called on no worker, once. */
    default void complete() {}

    /** The job failed or was cancelled before {@link #complete}: what was prepared is removed. Blocks. */
    default void abort() {}

    /** Frees what the tasks shared, after all of them closed. Idempotent. */
    @Override
    default void close() {}
}
