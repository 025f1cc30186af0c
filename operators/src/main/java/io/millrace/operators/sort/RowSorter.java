package io.millrace.operators.sort;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.state.table.RowList;

/**
 * A stable merge sort of i64 row references, bottom up from runs of 8, that can be done in pieces. References and
 * scratch are off-heap, in the budget. One thread.
 */
final class RowSorter implements AutoCloseable {
    private static final int RUN = 8;

    private final Order order;
    private RowList rows;
    private RowList scratch;
    private int runsFrom;
    private int width;
    private int mergeFrom;
    private int middle;
    private int mergeEnd;
    private int left;
    private int right;
    private int to;

    /** What the references are ordered by. */
    interface Order {
        int compare(long a, long b);
    }

    RowSorter(Allocator allocator, int count, Order order) {
        this.order = order;
        this.rows = new RowList(allocator, count);
        try {
            this.scratch = new RowList(allocator, count);
        } catch (RuntimeException failure) {
            rows.close();
            throw failure;
        }
    }

    /** Where the references are put before the first step, and where they lie in order after the last. */
    RowList rows() {
        return rows;
    }

    /** Goes on for about this many rows; true once all is in order. */
    boolean step(int budget) {
        int count = rows.size();
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
            scratch.setSize(count);
            beginMerge(0);
        }
        while (width < count) {
            done += merge(budget - done);
            if (to == mergeEnd) {
                if (mergeEnd == count) {
                    RowList sorted = scratch;
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
            long moved = Mem.getLong(at + 8L * i);
            int k = i - 1;
            for (; k >= from && order.compare(Mem.getLong(at + 8L * k), moved) > 0; k--) {
                Mem.putLong(at + 8L * (k + 1), Mem.getLong(at + 8L * k));
            }
            Mem.putLong(at + 8L * (k + 1), moved);
        }
    }

    private void beginMerge(int from) {
        int count = rows.size();
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
        if (whole && (middle == mergeEnd || order.compare(row(from, middle - 1), row(from, middle)) <= 0)) {
            Mem.copy(from + 8L * mergeFrom, target + 8L * mergeFrom, 8L * (mergeEnd - mergeFrom));
            to = mergeEnd;
            return mergeEnd - mergeFrom;
        }
        int begin = to;
        int limit = (int) Math.min(mergeEnd, (long) to + Math.max(1, budget));
        while (to < limit) {
            boolean takeLeft =
                    right >= mergeEnd || left < middle && order.compare(row(from, left), row(from, right)) <= 0;
            Mem.putLong(target + 8L * to++, row(from, takeLeft ? left++ : right++));
        }
        return to - begin;
    }

    private static long row(long at, int index) {
        return Mem.getLong(at + 8L * index);
    }

    @Override
    public void close() {
        rows.close();
        scratch.close();
    }
}
