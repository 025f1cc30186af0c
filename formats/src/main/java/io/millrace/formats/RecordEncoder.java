package io.millrace.formats;

import io.millrace.memory.batch.Batch;

/** Turns rows into records. One thread. */
public interface RecordEncoder extends AutoCloseable {
    /** Appends what stands at the head of a file of such records, its line end included; nothing for most formats. */
    default void header(EncodedBytes out) {}

    /**
     * Appends one record, without a line end.
     *
     * @param row an index into the batch's columns, not into its selection
     */
    void encode(Batch batch, int row, EncodedBytes out);

    /** Frees scratch. Idempotent. */
    @Override
    void close();
}
