package io.millrace.connectors.hybrid;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import org.agrona.collections.IntHashSet;

/**
 * Lets live rows through, less those of the band that history holds. A partition's watermark stays at C until the
 * partition is past its band; then it follows the declared delay. One worker.
 */
final class LiveOutput implements SourceOutput {
    private static final int LIVE_SPLIT = 1 << 30;

    private final HybridRun run;
    private final ReaderContext context;
    private final IntHashSet past = new IntHashSet();
    private SourceOutput output;

    LiveOutput(HybridRun run, ReaderContext context) {
        this.run = run;
        this.context = context;
    }

    void target(SourceOutput target) {
        output = target;
    }

    private static int split(int partition) {
        return LIVE_SPLIT | partition;
    }

    static int partition(int split) {
        return split & ~LIVE_SPLIT;
    }

    @Override
    public boolean isFull() {
        return output.isFull();
    }

    @Override
    public void openSplit(int partition, long boundMicros) {
        output.openSplit(split(partition), run.heldMicros());
        if (run.startsPastBand(partition)) {
            past.add(partition);
            output.declared(split(partition));
        }
    }

    @Override
    public void emit(int partition, Batch batch) {
        int before = batch.activeCount();
        boolean passes = false;
        if (!past.contains(partition) && before > 0) {
            Column offsets = batch.column(batch.columnCount() - 1);
            long last = offsets.getLong(batch.row(before - 1));
            passes = last + 1 >= run.bandEnd(partition);
            if (!(run.source().handover() instanceof Handover.ByOffset)) {
                dropKnown(batch, offsets, run.bandEnd(partition));
            }
        }
        int after = batch.activeCount();
        run.liveEmitted(after, before - after, context.clock().nanoTime());
        output.emit(split(partition), run.columns().trim(batch));
        if (passes) {
            pass(partition);
        }
    }

    private void pass(int partition) {
        if (past.add(partition)) {
            run.passedBand();
            output.declared(split(partition));
        }
    }

    /** Narrows the batch to the rows that history does not hold. */
    private void dropKnown(Batch batch, Column offsets, long bandEnd) {
        int count = batch.activeCount();
        Buffer kept = context.allocator().allocate(MemoryTag.BATCH, 4L * count);
        int keptCount = 0;
        Column times = run.columns().times(batch, context.allocator());
        try {
            Column[] ids = run.columns().ids(batch);
            boolean byId = run.source().handover() instanceof Handover.ByEventId;
            for (int i = 0; i < count; i++) {
                int row = batch.row(i);
                boolean inBand = offsets.getLong(row) < bandEnd && !times.isNull(row);
                boolean known =
                        inBand
                                && (byId
                                        ? knownById(times, ids, row)
                                        : times.getLong(row) <= run.greatestHistoryMicros());
                if (!known) {
                    Mem.putInt(kept.address() + 4L * keptCount++, row);
                }
            }
        } finally {
            times.release();
        }
        batch.select(new Selection(kept, keptCount));
    }

    private boolean knownById(Column times, Column[] ids, int row) {
        // What is older than the band is history's: only disorder wider than the overlap brings it here.
        return times.getLong(row) < run.bandStartMicros() || run.ids().contains(ids, row);
    }

    @Override
    public void nothingToRead(int partition) {
        pass(partition);
        output.nothingToRead(split(partition));
    }

    @Override
    public void somethingToRead(int partition) {
        output.somethingToRead(split(partition));
    }

    @Override
    public void closeSplit(int partition) {
        output.closeSplit(split(partition));
    }

    @Override
    public void bound(int partition, long boundMicros) {}

    @Override
    public void declared(int partition) {}

    @Override
    public void bad(BadRecord badRecord) {
        output.bad(badRecord);
    }
}
