package io.millrace.connectors.api;

import io.millrace.memory.batch.Batch;

/**
 * One of the conditions of a scan, computed by whoever reads: rows for which it is not true need not be made at all. It
 * gives the same answer for the same values, so it may be asked about a dictionary. One thread.
 */
public interface RowFilter extends AutoCloseable {
    /** The columns that it looks at, by their index among those that are read; none twice, at least one. */
    int[] columns();

    /**
     * Narrows the selection of a batch of those columns, in that order, to the rows for which the condition holds.
     * Fails with DATA_EXCEPTION where it has no value.
     */
    void narrow(Batch batch);

    @Override
    void close();
}
