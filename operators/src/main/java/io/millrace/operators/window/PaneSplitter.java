package io.millrace.operators.window;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;

/**
 * Sorts the selected rows of a batch by pane: counting sort over the panes that occur, in the order of their first row.
 * Rows without an event time are left out, and counted. One thread.
 */
final class PaneSplitter implements AutoCloseable {
    private static final int NONE = -1;

    private final Allocator allocator;
    private final Windows windows;
    private final Long2LongHashMap ordinals = new Long2LongHashMap(NONE);
    private long[] panes = new long[16];
    private int[] starts = new int[17];
    private int paneCount;
    private int nullCount;
    private Buffer scratch;
    private long selectionAddress;

    PaneSplitter(Allocator allocator, Windows windows) {
        this.allocator = allocator;
        this.windows = windows;
    }

    /** Splits the batch; the results hold until the next call. */
    void split(Batch batch, int timeColumn) {
        Column times = batch.column(timeColumn);
        int count = batch.activeCount();
        long selection = batch.selectionAddress();
        paneCount = 0;
        nullCount = 0;
        if (count == 0) {
            return;
        }
        if (!times.hasNulls() && times.encoding() == Encoding.FLAT && onePane(times, selection, count)) {
            return;
        }
        byPane(times, selection, count);
    }

    /** Whether all rows lie in one pane, and if so, the result. */
    private boolean onePane(Column times, long selection, int count) {
        long values = times.valuesAddress();
        long first = Mem.getLong(values + 8L * (selection == 0 ? 0 : Mem.getInt(selection)));
        long min = first;
        long max = first;
        for (int i = 1; i < count; i++) {
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            long time = Mem.getLong(values + 8L * row);
            min = Math.min(min, time);
            max = Math.max(max, time);
        }
        long pane = windows.paneStart(min);
        if (max - pane >= windows.paneMicros()) {
            return false;
        }
        paneCount = 1;
        panes[0] = pane;
        starts[0] = 0;
        starts[1] = count;
        selectionAddress = selection;
        return true;
    }

    private void byPane(Column times, long selection, int count) {
        if (scratch == null || scratch.capacityBytes() < 8L * count) {
            close();
            scratch = allocator.allocate(MemoryTag.STATE, 8L * count);
        }
        long ordinalOf = scratch.address() + 4L * count;
        ordinals.clear();
        long lastPane = 0;
        int lastOrdinal = NONE;
        int[] counts = starts;
        Arrays.fill(counts, 0);
        for (int i = 0; i < count; i++) {
            int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
            if (times.isNull(row)) {
                nullCount++;
                Mem.putInt(ordinalOf + 4L * i, NONE);
                continue;
            }
            long time = times.getLong(row);
            int ordinal = lastOrdinal;
            if (lastOrdinal < 0 || time < lastPane || time - lastPane >= windows.paneMicros()) {
                lastPane = windows.paneStart(time);
                ordinal = (int) ordinals.get(lastPane);
                if (ordinal == NONE) {
                    ordinal = addPane(lastPane);
                    counts = starts;
                }
                lastOrdinal = ordinal;
            }
            counts[ordinal + 1]++;
            Mem.putInt(ordinalOf + 4L * i, ordinal);
        }
        for (int p = 0; p < paneCount; p++) {
            starts[p + 1] += starts[p];
        }
        int[] next = Arrays.copyOf(starts, paneCount);
        selectionAddress = scratch.address();
        for (int i = 0; i < count; i++) {
            int ordinal = Mem.getInt(ordinalOf + 4L * i);
            if (ordinal >= 0) {
                int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
                Mem.putInt(selectionAddress + 4L * next[ordinal]++, row);
            }
        }
    }

    private int addPane(long pane) {
        int ordinal = paneCount++;
        if (paneCount > panes.length) {
            panes = Arrays.copyOf(panes, panes.length * 2);
            starts = Arrays.copyOf(starts, panes.length + 1);
        }
        panes[ordinal] = pane;
        ordinals.put(pane, ordinal);
        return ordinal;
    }

    int paneCount() {
        return paneCount;
    }

    /** Rows of the last batch without an event time. */
    int nullCount() {
        return nullCount;
    }

    long pane(int ordinal) {
        return panes[ordinal];
    }

    /** i32 indices of the pane's rows; 0 for the first {@link #rows} rows of the batch. */
    long selection(int ordinal) {
        return selectionAddress == 0 ? 0 : selectionAddress + 4L * starts[ordinal];
    }

    int rows(int ordinal) {
        return starts[ordinal + 1] - starts[ordinal];
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
    }
}
