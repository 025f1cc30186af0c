package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.RowFilter;
import io.millrace.formats.parquet.reader.ValueRange;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import java.util.List;
import java.util.stream.IntStream;

/** A part of a file below directories that are named by values: those are columns of it, one value for all rows. */
final class PartitionedPart implements Part {
    private final Part inner;
    private final Schema schema;
    private final int[] from;
    private final Object[] values;

    /**
     * A part.
     *
     * @param inner what is in the file
     * @param schema of the batches
     * @param from for each column, which of the inner part's it is; -1 for none
     * @param values for each that is none of those its value, which may be null
     */
    PartitionedPart(Part inner, Schema schema, int[] from, Object[] values) {
        this.inner = inner;
        this.schema = schema;
        this.from = from;
        this.values = values;
    }

    @Override
    public PartStream open(
            Storage storage, int stripeBytes, List<RowFilter> filters, Allocator allocator, IoThreads io) {
        // Filters are of all columns, and none has to be heeded.
        PartStream stream = inner.open(storage, stripeBytes, List.of(), allocator, io);
        return new PartitionedStream(stream, schema, from, values, allocator);
    }

    @Override
    public int number() {
        return inner.number();
    }

    @Override
    public long rowCount() {
        return inner.rowCount();
    }

    @Override
    public ValueRange stated(int column) {
        return from[column] < 0 ? Pruning.range(schema.type(column), values[column]) : inner.stated(from[column]);
    }

    @Override
    public Part project(int[] columns) {
        int[] inside = IntStream.of(columns).map(column -> from[column]).filter(column -> column >= 0).toArray();
        int[] projected = new int[columns.length];
        Object[] constants = new Object[columns.length];
        int next = 0;
        for (int i = 0; i < columns.length; i++) {
            projected[i] = from[columns[i]] < 0 ? -1 : next++;
            constants[i] = values[columns[i]];
        }
        return new PartitionedPart(inner.project(inside), schema.project(columns), projected, constants);
    }

    @Override
    public String toString() {
        return inner.toString();
    }
}
