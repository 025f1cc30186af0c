package io.millrace.operators.interpreted;

import io.millrace.operators.kernel.Rows;

/** A condition, ready to run. Owned by one evaluator, used by one thread. */
public interface Filter extends AutoCloseable {
    /** Those of the rows for which the condition is true, ascending; the caller closes them. Computes no other rows. */
    Rows select(Frame frame, Rows rows);

    /** Frees scratch memory. Idempotent. */
    @Override
    void close();
}
