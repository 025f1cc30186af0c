package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.BadRecord;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.Schema;
import java.util.function.Consumer;

/** Adds columns of one value each to what comes in. */
final class PartitionedStream implements PartStream {
    private final PartStream inner;
    private final Schema schema;
    private final int[] from;
    private final Column[] single;

    /** Takes the stream; the rest as a {@link PartitionedPart} has it. */
    PartitionedStream(PartStream inner, Schema schema, int[] from, Object[] values, Allocator allocator) {
        this.inner = inner;
        this.schema = schema;
        this.from = from;
        this.single = new Column[from.length];
        try {
            for (int i = 0; i < from.length; i++) {
                if (from[i] < 0) {
                    try (ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.READ, schema.type(i), 1)) {
                        if (values[i] == null) {
                            builder.appendNull();
                        } else {
                            builder.appendObject(values[i]);
                        }
                        single[i] = builder.build();
                    }
                }
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    @Override
    public StripeFetch fetch() {
        return inner.fetch();
    }

    @Override
    public boolean ready(int batchRows) {
        return inner.ready(batchRows);
    }

    @Override
    public Batch read(int batchRows, Consumer<BadRecord> bad) {
        Batch batch = inner.read(batchRows, bad);
        Column[] columns = new Column[from.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] =
                    from[i] < 0
                            ? Column.constant(single[i].retain(), batch.rowCount())
                            : batch.column(from[i]).retain();
        }
        return batch.replaceColumns(schema, columns);
    }

    @Override
    public long position() {
        return inner.position();
    }

    @Override
    public long rowsRead() {
        return inner.rowsRead();
    }

    @Override
    public long rowsDecoded() {
        return inner.rowsDecoded();
    }

    @Override
    public boolean isFinished() {
        return inner.isFinished();
    }

    @Override
    public void close() {
        inner.close();
        for (int i = 0; i < single.length; i++) {
            if (single[i] != null) {
                single[i].release();
                single[i] = null;
            }
        }
    }
}
