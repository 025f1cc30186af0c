package io.millrace.connectors.api;

import io.millrace.memory.batch.Batch;

/**
 * Where a reader puts what it read. A split is a number that the reader chose; it is opened before its first batch.
 * Each open split has a watermark: either its reader states bounds ({@link #bound}), or it follows the declared delay
 * ({@link #declared}). The source's watermark is the least of its open, not idle splits' and never goes back.
 */
public interface SourceOutput {
    /** Whether downstream has enough for now. */
    boolean isFull();

    /**
     * Opens a split whose rows will be no earlier than {@code boundMicros}; {@link Long#MIN_VALUE} when nothing is
     * known.
     */
    void openSplit(int split, long boundMicros);

    /** Takes a batch of the split's rows, in the order of the requested projection. */
    void emit(int split, Batch batch);

    /** No later row of this split is earlier than this. */
    void bound(int split, long boundMicros);

    /**
     * From now on the split's watermark is its greatest event time less the declared delay (but not below its bound).
     */
    void declared(int split);

    /**
     * The split has nothing to read at this moment, and is neither paused nor waiting for an answer. Said again
     * whenever it is found so again: a split of which nothing is heard is not idle.
     */
    void nothingToRead(int split);

    /** Rows of the split have come as far as the reader; to be said before a sibling's later rows are emitted. */
    default void somethingToRead(int split) {}

    /** The split has ended. */
    void closeSplit(int split);

    /** A record that could not be decoded, for {@code <table>$bad}. */
    void bad(BadRecord record);
}
