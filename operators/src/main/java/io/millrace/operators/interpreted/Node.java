package io.millrace.operators.interpreted;

import io.millrace.memory.column.Column;
import io.millrace.operators.kernel.Rows;

/** One node of an expression, ready to run. Owned by one evaluator, used by one thread. */
public interface Node extends AutoCloseable {
    /**
     * Computes the given rows and no others: nothing fails on account of a row that is not among them. The column has
     * all the frame's rows, in any encoding; those not computed are present and zero, or NULL. The caller releases it.
     */
    Column evaluate(Frame frame, Rows rows);

    /** Frees scratch memory. Idempotent. */
    @Override
    void close();
}
