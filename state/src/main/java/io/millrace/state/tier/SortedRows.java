package io.millrace.state.tier;

import io.millrace.memory.batch.Batch;
import java.util.function.BooleanSupplier;

/** Rows that are read once, in order. It may be made on one thread and read on another; one has it at a time. */
public interface SortedRows extends AutoCloseable {
    /** How many there are, at the most. */
    long rowCount();

    /** Bytes of memory that closing it frees. */
    long heldBytes();

    /**
     * The next rows, as a batch without a selection that the caller owns; null when there are no more. The first call
     * may take long.
     *
     * @param maxRows in the batch, at least one
     * @param isEnded asked now and then; once it is true the call fails with CANCELLED
     */
    Batch next(int maxRows, BooleanSupplier isEnded);

    @Override
    void close();
}
