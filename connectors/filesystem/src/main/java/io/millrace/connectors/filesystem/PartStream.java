package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.BadRecord;
import io.millrace.memory.batch.Batch;
import java.util.function.Consumer;

/** A part on its way in: what is fetched, and what decodes it. One worker; no method blocks. */
sealed interface PartStream extends AutoCloseable permits ParquetStream, TextStream, PartitionedStream {
    /** The bytes on their way. */
    StripeFetch fetch();

    /** Whether the next batch can be decoded, if there is one. */
    boolean ready(int batchRows);

    /** The next rows, which the caller owns; at most {@code batchRows}, perhaps none. Only when ready. */
    Batch read(int batchRows, Consumer<BadRecord> bad);

    /** Rows, or of records lines, that were taken from its start; where a read of it can go on. */
    long position();

    /** Rows in the batches so far. */
    long rowsRead();

    /** Those of them that were looked at at all. */
    default long rowsDecoded() {
        return rowsRead();
    }

    boolean isFinished();

    /** Whether the next batch can be decoded only after a fetch that was not yet begun. */
    default boolean isStarving(int batchRows) {
        return !fetch().isAllSubmitted() && !fetch().isUnderWay() && !ready(batchRows);
    }

    @Override
    void close();
}
