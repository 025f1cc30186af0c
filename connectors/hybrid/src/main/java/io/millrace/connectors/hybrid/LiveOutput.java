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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<Integer, Undecided> undecided = new HashMap<>();
    private final IntHashSet opened = new IntHashSet();
    private SourceOutput output;
    private long rows;
    private long duplicatesDropped;

    /** Of the batch at hand. */
    private long duplicates;

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
        opened.add(partition);
        if (run.startsPastBand(partition)) {
            past.add(partition);
            output.declared(split(partition));
        } else if (run.restored().undecided(partition) > 0) {
            undecided.put(partition, new Undecided(partition, run.restored().bands.get(partition)));
        }
    }

    @Override
    public void emit(int partition, Batch batch) {
        int rows = batch.activeCount();
        boolean passes = false;
        if (!past.contains(partition) && rows > 0) {
            Column offsets = batch.column(batch.columnCount() - 1);
            long last = offsets.getLong(batch.row(rows - 1));
            passes = last + 1 >= run.bandEnd(partition);
            if (!(run.source().handover() instanceof Handover.ByOffset)) {
                dropKnown(partition, batch, offsets);
            }
        }
        this.rows += batch.activeCount();
        run.liveEmitted(batch.activeCount(), context.clock().nanoTime());
        if (passes) {
            // Before its rows, so that the greatest time among them counts: none may come for long.
            pass(partition);
        }
        output.emit(split(partition), run.columns().trim(batch));
    }

    private void pass(int partition) {
        if (past.add(partition)) {
            giveUp(partition);
            run.passedBand();
            output.declared(split(partition));
        }
    }

    private void giveUp(int partition) {
        Undecided rows = undecided.remove(partition);
        if (rows != null) {
            rows.giveUp(run, output);
        }
    }

    /** States what came of its partitions' bands. */
    void state(HandoverState state) {
        state.liveRows += rows;
        state.duplicates += duplicatesDropped;
        for (int partition : opened) {
            Undecided waiting = undecided.get(partition);
            state.bands.put(
                    partition,
                    new HandoverState.Band(
                            true,
                            past.contains(partition),
                            waiting == null ? 0 : waiting.count(),
                            waiting == null ? List.of() : waiting.rows()));
        }
    }

    /** Narrows the batch to the rows that history does not hold. */
    private void dropKnown(int partition, Batch batch, Column offsets) {
        long bandEnd = run.bandEnd(partition);
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
                boolean passes =
                        !inBand
                                || (byId
                                        ? isNew(partition, times.getLong(row), offsets.getLong(row), ids, row)
                                        : times.getLong(row) > run.greatestHistoryMicros());
                if (passes) {
                    Mem.putInt(kept.address() + 4L * keptCount++, row);
                } else if (!byId) {
                    duplicates++;
                }
            }
            run.duplicates(duplicates);
            duplicatesDropped += duplicates;
            duplicates = 0;
        } finally {
            times.release();
        }
        batch.select(new Selection(kept, keptCount));
    }

    /** Whether a row of the band is not in history. One that cannot be told waits for rows behind it. */
    private boolean isNew(int partition, long timeMicros, long offset, Column[] ids, int row) {
        if (run.ids().contains(ids, row)) {
            // History is what the topic once held: it has all that lies before a row that it has.
            Undecided before = undecided.isEmpty() ? null : undecided.remove(partition);
            duplicates += before == null ? 1 : 1 + before.count();
            return false;
        }
        if (timeMicros >= run.bandStartMicros()) {
            return true;
        }
        undecided.computeIfAbsent(partition, Undecided::new).add(offset, timeMicros, ids, row);
        return false;
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
        // One that ends within its band, as when the job is drained.
        giveUp(partition);
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
