package io.millrace.state.tier;

import io.millrace.memory.batch.Batch;

/** Orders the rows of batches of one schema. Rows are equal only when they are so in all columns. Any thread. */
public interface RowOrder {
    /** Negative, 0 or positive, as the first row is before, equal to or after the second. */
    int compare(Batch batchA, int rowA, Batch batchB, int rowB);

    /**
     * A number that is never greater than that of a row after this one: where two differ, they say what {@link
     * #compare} would.
     */
    long prefix(Batch batch, int row);
}
