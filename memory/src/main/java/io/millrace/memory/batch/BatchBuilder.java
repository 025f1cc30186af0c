package io.millrace.memory.batch;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;

/** Makes batches, again and again, from one column builder a column. Owns what it has not built. One thread. */
public final class BatchBuilder implements AutoCloseable {
    private final Schema schema;
    private final ColumnBuilder[] columns;
    private final ColumnBuilder weights;
    private int rowsWithoutColumns;

    /** A builder of batches without weights; {@code capacityRows} is a hint. */
    public BatchBuilder(Allocator allocator, Schema schema, int capacityRows) {
        this(allocator, schema, capacityRows, false);
    }

    public BatchBuilder(Allocator allocator, Schema schema, int capacityRows, boolean weighted) {
        this(allocator, MemoryTag.BATCH, schema, capacityRows, weighted);
    }

    /** A builder whose memory is charged to another tag than batches in flight: rows that are kept. */
    public BatchBuilder(Allocator allocator, MemoryTag tag, Schema schema, int capacityRows, boolean weighted) {
        this.schema = schema;
        this.columns = new ColumnBuilder[schema.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new ColumnBuilder(allocator, tag, schema.type(i), capacityRows);
        }
        this.weights = weighted ? new ColumnBuilder(allocator, tag, DataType.BIGINT.notNull(), capacityRows) : null;
    }

    public Schema schema() {
        return schema;
    }

    public ColumnBuilder column(int index) {
        return columns[index];
    }

    /** The builder of the weights; only of a weighted builder. */
    public ColumnBuilder weights() {
        return weights;
    }

    public boolean isWeighted() {
        return weights != null;
    }

    /** Rows appended so far. */
    public int rowCount() {
        return columns.length == 0 ? rowsWithoutColumns : columns[0].rowCount();
    }

    /** Bytes of the rows appended so far. */
    public long usedBytes() {
        long bytes = weights == null ? 0 : weights.usedBytes();
        for (ColumnBuilder column : columns) {
            bytes += column.usedBytes();
        }
        return bytes;
    }

    /** Counts a row of a schema without columns. */
    public void addEmptyRow() {
        if (columns.length != 0) {
            throw MillraceException.internal("an empty row for " + schema);
        }
        rowsWithoutColumns++;
    }

    /** Appends a row of objects as {@link Column#getObject} gives them. Slow. */
    public BatchBuilder append(Object... values) {
        return appendRow(1, values);
    }

    /** Appends a weighted row of objects. Slow. */
    public BatchBuilder appendWeighted(long weight, Object... values) {
        return appendRow(weight, values);
    }

    private BatchBuilder appendRow(long weight, Object[] values) {
        if (values.length != columns.length) {
            throw new IllegalArgumentException("expected " + columns.length + " values, found " + values.length);
        }
        for (int i = 0; i < columns.length; i++) {
            columns[i].appendObject(values[i]);
        }
        if (columns.length == 0) {
            rowsWithoutColumns++;
        }
        if (weights != null) {
            weights.appendLong(weight);
        } else if (weight != 1) {
            throw new IllegalArgumentException("expected weight=1 without weights, found " + weight);
        }
        return this;
    }

    /** Copies the rows of a batch that count, from one position on. */
    public void appendRows(Batch batch, int fromPosition, int count) {
        long indices = batch.selectionAddress();
        if (indices == 0 && fromPosition == 0) {
            for (int i = 0; i < columns.length; i++) {
                columns[i].gather(batch.column(i), 0, count);
            }
        } else if (indices != 0) {
            for (int i = 0; i < columns.length; i++) {
                columns[i].gather(batch.column(i), indices + 4L * fromPosition, count);
            }
        } else {
            for (int i = 0; i < columns.length; i++) {
                for (int k = 0; k < count; k++) {
                    columns[i].append(batch.column(i), fromPosition + k);
                }
            }
        }
        if (columns.length == 0) {
            rowsWithoutColumns += count;
        }
        if (weights != null) {
            for (int k = 0; k < count; k++) {
                weights.appendLong(batch.weight(batch.row(fromPosition + k)));
            }
        }
    }

    /** What was appended, as a batch that the caller owns; the builder is empty again. */
    public Batch build() {
        int rowCount = rowCount();
        Column[] built = new Column[columns.length];
        try {
            for (int i = 0; i < columns.length; i++) {
                if (columns[i].rowCount() != rowCount) {
                    throw MillraceException.internal(
                            "column " + schema.name(i) + " has " + columns[i].rowCount() + " rows of " + rowCount);
                }
                built[i] = columns[i].build();
            }
            rowsWithoutColumns = 0;
            return new Batch(schema, built, rowCount, null, weights == null ? null : weights.build());
        } catch (RuntimeException failure) {
            ColumnBuilder.release(built);
            throw failure;
        }
    }

    @Override
    public void close() {
        for (ColumnBuilder column : columns) {
            column.close();
        }
        if (weights != null) {
            weights.close();
        }
    }
}
