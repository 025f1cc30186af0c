package io.millrace.operators.compiled;

import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.buffer.Allocator;

/**
 * What an evaluator gives to those who compile for it.
 *
 * @param afterRows how many rows are computed interpreted before it pays to compile
 */
public record CompileOptions(Allocator allocator, IoThreads io, long afterRows) {
    /** A few batches: a query over less is over before a loop would be compiled. */
    public static final long DEFAULT_AFTER_ROWS = 16_384;
}
