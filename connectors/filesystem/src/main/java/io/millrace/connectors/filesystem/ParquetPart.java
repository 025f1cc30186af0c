package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.RowFilter;
import io.millrace.formats.parquet.footer.RowGroup;
import io.millrace.formats.parquet.reader.ParquetProjection;
import io.millrace.formats.parquet.reader.ValueRange;
import io.millrace.memory.buffer.Allocator;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import java.util.List;

/** A row group to be read, and which columns of it. */
record ParquetPart(StoredFile file, ParquetProjection projection, RowGroup group, int number) implements Part {
    @Override
    public PartStream open(
            Storage storage, int stripeBytes, List<RowFilter> filters, Allocator allocator, IoThreads io) {
        return new ParquetStream(storage, this, stripeBytes, filters, allocator, io);
    }

    @Override
    public long rowCount() {
        return group.rowCount();
    }

    @Override
    public Long statedEarliest(TimeBounds time) {
        if (time.computable() && time.inputs().length == 1) {
            long nulls = projection.nullCount(group, time.inputs()[0]);
            if (nulls == group.rowCount()) {
                return TimeSteps.NO_TIME;
            }
        }
        return Part.super.statedEarliest(time);
    }

    @Override
    public ValueRange stated(int column) {
        return projection.range(group, column);
    }

    @Override
    public Part project(int[] columns) {
        return new ParquetPart(
                file, ParquetProjection.of(projection.footer(), projection.schema().project(columns)), group, number);
    }

    @Override
    public String toString() {
        return "file=" + file.location() + " rowGroup=" + group.ordinal();
    }
}
