package io.millrace.engine.collect;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.engine.changelog.FoldMode;
import io.millrace.engine.changelog.PendingRows;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Folds a changelog: by epoch when changes are wanted, over all of the input otherwise. A change of a key's row is an
 * update when a unique key is known; without one each row comes or goes by itself.
 */
final class ChangeWriter implements SinkWriter {
    private final ResultQueue queue;
    private final boolean asChanges;
    private final int batchRows;
    private final PendingRows pending;
    private final BatchBuilder out;

    ChangeWriter(
            ResultQueue queue,
            Schema schema,
            Schema resultSchema,
            boolean asChanges,
            List<Integer> uniqueKey,
            ReaderContext context) {
        int[] all = IntStream.range(0, schema.size()).toArray();
        boolean keyed = asChanges && uniqueKey != null;
        int[] key = keyed ? uniqueKey.stream().mapToInt(Integer::intValue).toArray() : all;
        this.queue = queue;
        this.asChanges = asChanges;
        this.batchRows = context.batchRows();
        this.pending = new PendingRows(context.allocator(), keyed ? FoldMode.BY_KEY : FoldMode.BY_ROW, key, all);
        this.out = new BatchBuilder(context.allocator(), resultSchema, batchRows);
    }

    @Override
    public boolean isFull() {
        return queue.isFull();
    }

    @Override
    public void write(Batch batch) {
        pending.add(batch);
    }

    @Override
    public void endEpoch(long epoch) {
        if (asChanges) {
            flush();
        }
    }

    @Override
    public IoTask<Prepared> prepare(long checkpoint) {
        flush();
        queue.writerEnded();
        return new DrainedTask(queue);
    }

    private void flush() {
        for (int i = 0; i < pending.entryCount(); i++) {
            if (pending.isFirst(i)) {
                flushGroup(i);
            }
        }
        pending.clear();
        if (out.rowCount() > 0) {
            queue.put(out.build());
        }
    }

    private void flushGroup(int first) {
        boolean goes = false;
        boolean comes = false;
        for (int i = first; i >= 0; i = pending.next(i)) {
            goes |= pending.weight(i) < 0;
            comes |= pending.weight(i) > 0;
        }
        if (goes && !asChanges) {
            throw MillraceException.internal(
                    "expected no row of the result to be taken away that was not there, found count="
                            + pending.weight(first));
        }
        boolean update = goes && comes;
        for (int i = first; goes && i >= 0; i = pending.next(i)) {
            append(i, -pending.weight(i), update ? Op.UPDATE_BEFORE : Op.DELETE);
        }
        for (int i = first; comes && i >= 0; i = pending.next(i)) {
            append(i, pending.weight(i), update ? Op.UPDATE_AFTER : Op.INSERT);
        }
    }

    private void append(int entry, long times, Op op) {
        Batch batch = pending.batch(entry);
        int row = pending.row(entry);
        int firstColumn = asChanges ? 1 : 0;
        for (long n = 0; n < times; n++) {
            if (asChanges) {
                out.column(0).appendBytes(op.text());
            }
            for (int i = 0; i < batch.columnCount(); i++) {
                out.column(firstColumn + i).append(batch.column(i), row);
            }
            if (out.rowCount() >= batchRows) {
                queue.put(out.build());
            }
        }
    }

    @Override
    public void close() {
        pending.close();
        out.close();
    }
}
