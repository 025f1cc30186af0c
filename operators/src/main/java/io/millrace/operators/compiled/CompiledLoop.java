package io.millrace.operators.compiled;

import io.millrace.operators.kernel.Target;

/**
 * What a generated class is: one loop over rows. Stateless but for {@code objects}, which belong to the caller's
 * thread.
 */
public interface CompiledLoop {
    /**
     * Computes rows. A failed computation throws ArithmeticException or a DATA_EXCEPTION without a useful message.
     *
     * @param leaves four words a leaf: where its values lie, its validity bitmap or 0, its slot mask, its dictionary's
     *     i32 indices or 0
     * @param data the data buffers of each leaf that is text, else null
     * @param objects call-site states, scratch texts and constants, as the generator numbered them
     * @param out where a value goes; null for a condition
     * @param rows where the i32 indices lie; 0 for the first rows
     * @param nulls whether any leaf has a NULL
     * @param selected where the indices of rows that satisfy a condition go; 0 for a value
     * @return how many rows satisfy the condition; of a value anything
     */
    int run(
            long[] leaves,
            long[][] data,
            Object[] objects,
            Target out,
            long rows,
            int count,
            boolean nulls,
            long selected);
}
