package io.millrace.engine.collect;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.Schema;

/** Passes rows on as they are; as changes, each is an insertion. */
final class RowWriter implements SinkWriter {
    private final ResultQueue queue;
    private final Schema changeSchema;
    private final Allocator allocator;

    /**
     * A writer to the queue.
     *
     * @param changeSchema with the operation in front, or null for plain rows
     */
    RowWriter(ResultQueue queue, Schema changeSchema, Allocator allocator) {
        this.queue = queue;
        this.changeSchema = changeSchema;
        this.allocator = allocator;
    }

    @Override
    public boolean isFull() {
        return queue.isFull();
    }

    @Override
    public void write(Batch batch) {
        queue.put(changeSchema == null ? batch : withInsertions(batch));
    }

    private Batch withInsertions(Batch batch) {
        Column[] columns = new Column[batch.columnCount() + 1];
        try (ColumnBuilder op = new ColumnBuilder(allocator, MemoryTag.BATCH, changeSchema.type(0), 1)) {
            op.appendBytes(Op.INSERT.text());
            columns[0] = Column.constant(op.build(), batch.rowCount());
        } catch (RuntimeException failure) {
            batch.close();
            throw failure;
        }
        for (int i = 1; i < columns.length; i++) {
            columns[i] = batch.column(i - 1).retain();
        }
        return batch.replaceColumns(changeSchema, columns);
    }

    @Override
    public IoTask<Prepared> prepare(long checkpoint) {
        queue.writerEnded();
        return new DrainedTask(queue);
    }

    @Override
    public void close() {}
}
