package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.RowFilter;
import io.millrace.formats.parquet.reader.ValueRange;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import java.time.ZoneId;
import java.util.List;

/**
 * A file of records to be read.
 *
 * @param projected the fields that are read, in the order of the batches' columns
 * @param all all fields of a record, in the table's order
 */
record TextPart(StoredFile file, FileFormat format, Schema projected, Schema all, ZoneId zone, int number)
        implements Part {
    @Override
    public PartStream open(
            Storage storage, int stripeBytes, List<RowFilter> filters, Allocator allocator, IoThreads io) {
        return new TextStream(storage, this, stripeBytes, allocator, io);
    }

    @Override
    public long rowCount() {
        return -1;
    }

    @Override
    public ValueRange stated(int column) {
        return null;
    }

    @Override
    public Part project(int[] columns) {
        return new TextPart(file, format, projected.project(columns), all, zone, number);
    }

    @Override
    public String toString() {
        return "file=" + file.location();
    }
}
