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
            long lists = hashes + 8L * scratchRows;
            long selection = batch.selectionAddress();
            for (int i = 0; i < keyColumns.length; i++) {
                Hashing.hashColumn(batch.column(keyColumns[i]), selection, rows, hashes, i == 0, allocator);
            }
            int listRows = scratchRows + 1;
            if (senders.length == 2) {
                listForTwo(hashes, selection, rows, ownerOfGroup, lists, listRows, counts);
            } else {
                list(hashes, selection, rows, ownerOfGroup, lists, listRows, counts);
            }
            int only = onlyTarget(rows);
            if (only >= 0 && gatherers[only].rowCount() == 0 && 2 * rows >= batchRows) {
                Batch whole = batch;
                batch = null;
                senders[only].send(whole);
                return;
            }
            for (int target = 0; target < senders.length; target++) {
                gather(batch, target, lists + 4L * listRows * target, counts[target]);
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

    /** Room for a hash a row, and for each reader a list of all rows and one more. */
    private void reserveScratch(int rows) {
        if (rows > scratchRows) {
            Buffer grown = allocator.allocate(MemoryTag.BATCH, 8L * rows + 4L * (rows + 1) * senders.length);
            if (scratch != null) {
                scratch.release();
            }
            scratch = grown;
            scratchRows = rows;
        }
    }

    /** Lists the rows of each target. */
    private static void list(
            long hashes, long selection, int rows, int[] owners, long lists, int listRows, int[] counts) {
        int groups = owners.length;
        Arrays.fill(counts, 0);
        for (int i = 0; i < rows; i++) {
            int target = owners[Hashing.keyGroup(Mem.getLong(hashes + 8L * i), groups)];
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            Mem.putInt(lists + 4L * ((long) listRows * target + counts[target]++), row);
        }
    }

    /** As {@link #list}, without a branch or a count in memory: each row is written to both lists and stays in one. */
    private static void listForTwo(
            long hashes, long selection, int rows, int[] owners, long lists, int listRows, int[] counts) {
        int groups = owners.length;
        long first = lists;
        long second = lists + 4L * listRows;
        for (int i = 0; i < rows; i++) {
            int target = owners[Hashing.keyGroup(Mem.getLong(hashes + 8L * i), groups)];
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            Mem.putInt(first, row);
            Mem.putInt(second, row);
            second += 4L * target;
            first += 4L * (1 - target);
        }
        counts[0] = (int) (first - lists) / 4;
        counts[1] = rows - counts[0];
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
    public void limit(int batches) {
        for (Sender sender : senders) {
            sender.limit(batches);
        }
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
