package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoThreads;
import io.millrace.formats.parquet.ChunkBytes;
import io.millrace.formats.parquet.ParquetProjection;
import io.millrace.formats.parquet.RowGroup;
import io.millrace.formats.parquet.RowGroupReader;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;

/** One row group on its way in: what is fetched and what decodes it. One worker. */
final class PartReader implements AutoCloseable {
    private final StripeFetch fetch;
    private final RowGroupReader reader;
    private final Allocator allocator;
    private final IoThreads io;

    PartReader(
            Storage storage,
            StoredFile file,
            ParquetProjection projection,
            RowGroup group,
            int stripeBytes,
            Allocator allocator,
            IoThreads io) {
        this.allocator = allocator;
        this.io = io;
        this.fetch = new StripeFetch(storage, file, projection.chunks(group), stripeBytes);
        boolean done = false;
        try {
            this.reader = new RowGroupReader(projection, group, fetch.bytes(), allocator);
            done = true;
        } finally {
            if (!done) {
                fetch.bytes().forEach(ChunkBytes::close);
            }
        }
    }

    boolean isAllSubmitted() {
        return fetch.isAllSubmitted();
    }

    /** Bytes that {@link #submitNext} would fetch. */
    long nextBytes() {
        return fetch.nextBytes();
    }

    void submitNext() {
        fetch.submitNext(allocator, io);
    }

    /** Bytes under way, or arrived and not yet read. */
    long heldBytes() {
        return fetch.heldBytes();
    }

    /** Takes in what has arrived; returns its bytes. */
    long collect() {
        return fetch.collect();
    }

    /** Whether the next batch can be decoded only after a fetch that was not yet begun. */
    boolean isStarving(int batchRows) {
        return !fetch.isAllSubmitted() && !fetch.isUnderWay() && !reader.ready(batchRows);
    }

    boolean ready(int batchRows) {
        return reader.ready(batchRows);
    }

    Batch read(int batchRows) {
        return reader.read(batchRows);
    }

    long rowsRead() {
        return reader.rowsRead();
    }

    boolean isFinished() {
        return reader.isFinished();
    }

    @Override
    public void close() {
        fetch.close();
        reader.close();
    }
}
