package io.millrace.operators.interpreted;

import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.kernel.Target;

/** What a {@link CallNode} computes: one value a row, from the values of that row. */
interface RowKernel extends AutoCloseable {
    /** Computes these rows; of a strict call none of them has a NULL operand. */
    void run(Operand[] operands, Rows rows, Target out);

    @Override
    default void close() {}
}
