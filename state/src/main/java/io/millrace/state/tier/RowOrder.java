package io.millrace.state.tier;

import io.millrace.memory.batch.Batch;

/** Orders the rows of batches of one schema. Rows are equal only when they are so in all columns. Any thread. */
public interface RowOrder {
    /** Negative, 0 or positive, as the first row is before, equal to or after the second. */
    int compare(Batch batchA, int rowA, Batch batchB, int rowB);
}
