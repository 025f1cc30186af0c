package io.millrace.scheduler.exchange;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.hash.Hashing;
import io.millrace.memory.types.Schema;
import java.util.Arrays;

/**
 * Sends each row to the task that owns its key group. Rows are gathered into a batch a reader, which goes out when
 * full, before a marker or the end, and when its reader has nothing to do. A watermark waits behind the rows gathered
 * before it, which it may: it only says less than is known.
 */
public class HashWriter implements EdgeWriter {
    private final Sender[] senders;
    private final int[] keyColumns;
    private final Allocator allocator;
    private final int batchRows;
    private final BatchGatherer[] gatherers;
    private final Watermark[] heldWatermarks;
    private final int[] ownerOfGroup;
    private final int[] counts;
    private final int[] starts;
    private Buffer scratch;
    private int scratchRows;

    public HashWriter(
            Sender[] senders, int[] keyColumns, int keyGroups, Schema schema, int batchRows, Allocator allocator) {
        this.senders = senders;
        this.keyColumns = keyColumns;
        this.allocator = allocator;
        this.batchRows = batchRows;
        this.gatherers = new BatchGatherer[senders.length];
        for (int i = 0; i < gatherers.length; i++) {
            gatherers[i] = new BatchGatherer(allocator, schema, batchRows);
        }
        this.heldWatermarks = new Watermark[senders.length];
        this.ownerOfGroup = ownersOf(keyGroups, senders.length);
        this.counts = new int[senders.length];
        this.starts = new int[senders.length];
    }

    /** Which reader owns each key group. */
    protected int[] ownersOf(int keyGroups, int readers) {
        int[] owners = new int[keyGroups];
        for (int group = 0; group < keyGroups; group++) {
            owners[group] = Hashing.ownerOf(group, keyGroups, readers);
        }
        return owners;
    }

    @Override
    public boolean isFull() {
        for (Sender sender : senders) {
            if (sender.isFull()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void write(Batch batch) {
        int rows = batch.activeCount();
        try {
            reserveScratch(rows);
            long hashes = scratch.address();
            long targets = hashes + 8L * scratchRows;
            long chosen = targets + 4L * scratchRows;
            long selection = batch.selectionAddress();
            for (int i = 0; i < keyColumns.length; i++) {
                Hashing.hashColumn(batch.column(keyColumns[i]), selection, rows, hashes, i == 0, allocator);
            }
            Arrays.fill(counts, 0);
            assign(hashes, rows, ownerOfGroup, targets, counts);
            int only = onlyTarget(rows);
            if (only >= 0 && gatherers[only].rowCount() == 0 && 2 * rows >= batchRows) {
                Batch whole = batch;
                batch = null;
                senders[only].send(whole);
                return;
            }
            int start = 0;
            for (int target = 0; target < starts.length; target++) {
                starts[target] = start;
                start += counts[target];
            }
            scatter(targets, selection, rows, starts, chosen);
            for (int target = 0; target < senders.length; target++) {
                gather(batch, target, chosen + 4L * (starts[target] - counts[target]), counts[target]);
            }
        } finally {
            if (batch != null) {
                batch.close();
            }
        }
    }

    private int onlyTarget(int rows) {
        for (int target = 0; target < counts.length; target++) {
            if (counts[target] == rows) {
                return target;
            }
        }
        return -1;
    }

    private void reserveScratch(int rows) {
        if (rows > scratchRows) {
            Buffer grown = allocator.allocate(MemoryTag.BATCH, 16L * rows);
            if (scratch != null) {
                scratch.release();
            }
            scratch = grown;
            scratchRows = rows;
        }
    }

    private static void assign(long hashes, int rows, int[] owners, long targets, int[] counts) {
        int groups = owners.length;
        for (int i = 0; i < rows; i++) {
            int target = owners[Hashing.keyGroup(Mem.getLong(hashes + 8L * i), groups)];
            Mem.putInt(targets + 4L * i, target);
            counts[target]++;
        }
    }

    /** Lists the rows of each target one after another; {@code starts} become ends. */
    private static void scatter(long targets, long selection, int rows, int[] starts, long chosen) {
        for (int i = 0; i < rows; i++) {
            int target = Mem.getInt(targets + 4L * i);
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            Mem.putInt(chosen + 4L * starts[target]++, row);
        }
    }

    private void gather(Batch batch, int target, long rowsAddress, int count) {
        BatchGatherer gatherer = gatherers[target];
        int done = 0;
        while (done < count) {
            int part = Math.min(count - done, gatherer.roomRows());
            gatherer.gather(batch, rowsAddress + 4L * done, part);
            done += part;
            if (gatherer.isFull()) {
                flushTarget(target);
            }
        }
    }

    /** Sends what was gathered for a reader, then the watermark that waited behind it. */
    protected void flushTarget(int target) {
        if (gatherers[target].rowCount() != 0) {
            senders[target].send(gatherers[target].build());
        }
        Watermark held = heldWatermarks[target];
        if (held != null) {
            heldWatermarks[target] = null;
            senders[target].send(held);
        }
    }

    @Override
    public void control(Object item) {
        for (int target = 0; target < senders.length; target++) {
            if (item instanceof Watermark watermark && !watermark.isEnd() && gatherers[target].rowCount() != 0) {
                heldWatermarks[target] = watermark;
            } else {
                flushTarget(target);
                senders[target].send(item);
            }
        }
    }

    @Override
    public boolean flush(boolean idle) {
        boolean moved = false;
        for (int target = 0; target < senders.length; target++) {
            Sender sender = senders[target];
            moved |= sender.flush();
            if (gatherers[target].rowCount() != 0 && (idle ? !sender.isFull() : sender.isIdle())) {
                flushTarget(target);
                moved = true;
            }
        }
        return moved;
    }

    @Override
    public boolean isAbandoned() {
        for (Sender sender : senders) {
            if (!sender.isAbandoned()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean hasPending() {
        for (int target = 0; target < senders.length; target++) {
            if (senders[target].hasPending() || gatherers[target].rowCount() != 0) {
                return true;
            }
        }
        return false;
    }

    /** The rows gathered for a reader, taken away; how tests lose them. */
    protected final Batch takeGathered(int target) {
        return gatherers[target].rowCount() == 0 ? null : gatherers[target].build();
    }

    @Override
    public void close() {
        for (Sender sender : senders) {
            sender.close();
        }
        for (BatchGatherer gatherer : gatherers) {
            gatherer.close();
        }
        if (scratch != null) {
            scratch.release();
            scratch = null;
            scratchRows = 0;
        }
    }
}
