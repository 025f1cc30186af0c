package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoThreads;
import io.millrace.formats.parquet.ParquetProjection;
import io.millrace.formats.parquet.RowGroup;
import io.millrace.memory.buffer.Allocator;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;

/** A row group to be read, and of what. */
record Part(StoredFile file, ParquetProjection projection, RowGroup group) {
    PartReader open(Storage storage, int stripeBytes, Allocator allocator, IoThreads io) {
        return new PartReader(storage, file, projection, group, stripeBytes, allocator, io);
    }

    /** The same row group with other columns of its file. */
    Part withProjection(ParquetProjection other) {
        return new Part(file, other, group);
    }

    @Override
    public String toString() {
        return "file=" + file.location() + " rowGroup=" + group.ordinal();
    }
}
