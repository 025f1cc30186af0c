package io.millrace.formats.parquet.reader;

import io.millrace.memory.batch.Batch;

/**
 * One of the conditions that every row which matters satisfies. A row-group reader asks before it decodes what else is
 * read. It may be asked about the values of a dictionary too, each once, and about a NULL.
 */
public interface RowFilter {
    /** The columns of the projection that it looks at, none twice. */
    int[] columns();

    /** Narrows the selection of a batch of those columns, in that order, to the rows for which the condition holds. */
    void narrow(Batch batch);
}
