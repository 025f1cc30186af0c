package io.millrace.scheduler.exchange;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;

/** Collects chosen rows of batches, weights included, into a batch of its own. Owns what it has not built. */
final class BatchGatherer implements AutoCloseable {
    /** Bytes of strings at which a batch is full whatever its rows. */
    private static final long MAX_DATA_BYTES = 4L << 20;

    private final Schema schema;
    private final int capacityRows;
    private final ColumnGatherer[] columns;
    private final ColumnBuilder weights;
    private boolean weighted;
    private int rowCount;

    BatchGatherer(Allocator allocator, Schema schema, int capacityRows) {
        this.schema = schema;
        this.capacityRows = capacityRows;
        this.columns = new ColumnGatherer[schema.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new ColumnGatherer(allocator, schema.type(i), capacityRows);
        }
        this.weights = new ColumnBuilder(allocator, MemoryTag.BATCH, DataType.BIGINT.notNull(), capacityRows);
    }

    int rowCount() {
        return rowCount;
    }

    /** Rows that may still be gathered. */
    int roomRows() {
        return capacityRows - rowCount;
    }

    /** Whether it should be built before more is gathered. */
    boolean isFull() {
        if (rowCount == capacityRows) {
            return true;
        }
        long dataBytes = 0;
        for (ColumnGatherer column : columns) {
            dataBytes += column.dataBytes();
        }
        return dataBytes >= MAX_DATA_BYTES;
    }

    /** Copies the rows whose i32 indices lie at {@code rowsAddress}; at most {@link #roomRows}. */
    void gather(Batch batch, long rowsAddress, int count) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].gather(batch.column(i), rowsAddress, count);
        }
        if (batch.weights() != null) {
            if (!weighted) {
                weighted = true;
                appendOnes(rowCount);
            }
            weights.gather(batch.weights(), rowsAddress, count);
        } else if (weighted) {
            appendOnes(count);
        }
        rowCount += count;
    }

    private void appendOnes(int count) {
        for (int i = 0; i < count; i++) {
            weights.appendLong(1);
        }
    }

    /** What was gathered, for the caller to own; the gatherer is empty again. */
    Batch build() {
        Column[] built = new Column[columns.length];
        for (int i = 0; i < columns.length; i++) {
            built[i] = columns[i].build();
        }
        Batch batch = new Batch(schema, built, rowCount, null, weighted ? weights.build() : null);
        weighted = false;
        rowCount = 0;
        return batch;
    }

    @Override
    public void close() {
        for (ColumnGatherer column : columns) {
            column.close();
        }
        weights.close();
        weighted = false;
        rowCount = 0;
    }
}
