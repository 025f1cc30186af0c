package io.millrace.operators.sort;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;

/**
 * A stable merge sort of references to rows, bottom up from runs of 8, that can be done in pieces. Each reference has
 * the {@linkplain io.millrace.state.tier.RowOrder#prefix prefix} of its row beside it, so that few rows must be looked
 * at. They lie off-heap, in the budget, twice: 32 bytes a row. One thread.
 *
 * <pre>
 *   entry   i64 prefix | i64 reference
 * </pre>
 */
final class RowSorter implements AutoCloseable {
    private static final int RUN = 8;
    private static final int ENTRY_BYTES = 16;

    private final Order order;
    private Buffer rows;
    private Buffer scratch;
    private int count;
    private int runsFrom;
    private int width;
    private int mergeFrom;
    private int middle;
    private int mergeEnd;
    private int left;
    private int right;
    private int to;

    /** What decides between references of rows with one prefix. */
    interface Order {
        int compare(long a, long b);
    }

    /** For at most so many rows. */
    RowSorter(Allocator allocator, int capacityRows, Order order) {
        this.order = order;
        long bytes = (long) ENTRY_BYTES * Math.max(1, capacityRows);
        this.rows = allocator.allocate(MemoryTag.SORT, bytes);
        try {
            this.scratch = allocator.allocate(MemoryTag.SORT, bytes);
        } catch (RuntimeException failure) {
            rows.release();
            throw failure;
        }
    }

    /** Adds a row, before the first step. */
    void add(long prefix, long reference) {
        long at = rows.address() + (long) ENTRY_BYTES * count++;
        Mem.putLong(at, prefix);
        Mem.putLong(at + 8, reference);
    }

    int size() {
        return count;
    }

    /** The reference at a place, in order after the last step. */
    long get(int index) {
        return reference(rows.address(), index);
    }

    /** The prefix beside it. */
    long prefix(int index) {
        return Mem.getLong(rows.address() + (long) ENTRY_BYTES * index);
    }

    private static long reference(long at, int index) {
        return Mem.getLong(at + (long) ENTRY_BYTES * index + 8);
    }

    /** Whether the entry at one place is to stay before that at another, which lies after it. */
    private boolean isInOrder(long entryA, long entryB) {
        long a = Mem.getLong(entryA);
        long b = Mem.getLong(entryB);
        return a < b || a == b && order.compare(Mem.getLong(entryA + 8), Mem.getLong(entryB + 8)) <= 0;
    }

    /** Goes on for about this many rows; true once all is in order. */
    boolean step(int budget) {
        int done = 0;
        while (runsFrom < count) {
            sortRun(rows.address(), runsFrom, Math.min(runsFrom + RUN, count));
            runsFrom += RUN;
            done += RUN;
            if (done >= budget) {
                return false;
            }
        }
        if (width == 0) {
            width = RUN;
            beginMerge(0);
        }
        while (width < count) {
            done += merge(budget - done);
            if (to == mergeEnd) {
                if (mergeEnd == count) {
                    Buffer sorted = scratch;
                    scratch = rows;
                    rows = sorted;
                    width = width > count / 2 ? count : 2 * width;
                    beginMerge(0);
                } else {
                    beginMerge(mergeEnd);
                }
            }
            if (done >= budget) {
                return width >= count;
            }
        }
        return true;
    }

    private void sortRun(long at, int from, int limit) {
        for (int i = from + 1; i < limit; i++) {
            long entry = at + (long) ENTRY_BYTES * i;
            long prefix = Mem.getLong(entry);
            long reference = Mem.getLong(entry + 8);
            int k = i - 1;
            for (; k >= from; k--) {
                long other = at + (long) ENTRY_BYTES * k;
                long otherPrefix = Mem.getLong(other);
                long otherReference = Mem.getLong(other + 8);
                if (otherPrefix < prefix || otherPrefix == prefix && order.compare(otherReference, reference) <= 0) {
                    break;
                }
                Mem.putLong(other + ENTRY_BYTES, otherPrefix);
                Mem.putLong(other + ENTRY_BYTES + 8, otherReference);
            }
            long free = at + (long) ENTRY_BYTES * (k + 1);
            Mem.putLong(free, prefix);
            Mem.putLong(free + 8, reference);
        }
    }

    private void beginMerge(int from) {
        mergeFrom = from;
        middle = (int) Math.min(count, (long) from + width);
        mergeEnd = (int) Math.min(count, (long) from + 2L * width);
        left = from;
        right = middle;
        to = from;
    }

    /** Merges at most {@code budget} rows, at least one, of the two runs at hand; returns how many. */
    private int merge(int budget) {
        long from = rows.address();
        long target = scratch.address();
        boolean whole = to == mergeFrom;
        long middleAt = from + (long) ENTRY_BYTES * middle;
        if (whole && (middle == mergeEnd || isInOrder(middleAt - ENTRY_BYTES, middleAt))) {
            long offset = (long) ENTRY_BYTES * mergeFrom;
            Mem.copy(from + offset, target + offset, (long) ENTRY_BYTES * (mergeEnd - mergeFrom));
            to = mergeEnd;
            return mergeEnd - mergeFrom;
        }
        int limit = (int) Math.min(mergeEnd, (long) to + Math.max(1, budget));
        int count = limit - to;
        long leftAt = from + (long) ENTRY_BYTES * left;
        long rightAt = from + (long) ENTRY_BYTES * right;
        long rightEnd = from + (long) ENTRY_BYTES * mergeEnd;
        long end = target + (long) ENTRY_BYTES * limit;
        for (long at = target + (long) ENTRY_BYTES * to; at < end; at += ENTRY_BYTES) {
            boolean takeLeft = rightAt >= rightEnd || leftAt < middleAt && isInOrder(leftAt, rightAt);
            long taken = takeLeft ? leftAt : rightAt;
            Mem.putLong(at, Mem.getLong(taken));
            Mem.putLong(at + 8, Mem.getLong(taken + 8));
            leftAt += takeLeft ? ENTRY_BYTES : 0;
            rightAt += takeLeft ? 0 : ENTRY_BYTES;
        }
        left = (int) ((leftAt - from) / ENTRY_BYTES);
        right = (int) ((rightAt - from) / ENTRY_BYTES);
        to = limit;
        return count;
    }

    @Override
    public void close() {
        rows.release();
        scratch.release();
    }
}
