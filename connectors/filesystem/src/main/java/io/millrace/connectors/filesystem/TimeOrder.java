package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoTask;
import io.millrace.formats.parquet.reader.ValueRange;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.MillraceException;
import io.millrace.storage.Storage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

/** Puts parts in the order of their earliest event times, and hands them out in it. Thread-safe. */
final class TimeOrder {
    /** Scanning before the start has no budget of its own to draw on; this is the most it may take. */
    private static final long SCAN_BYTES = 512L << 20;

    private final TimeBounds time;
    private final int readerCount;
    private final List<TimedPart> parts;
    private int next;
    private int open;

    /** Looks at the columns of parts whose files say nothing; blocks. */
    TimeOrder(TimeBounds time, List<? extends Part> parts, int readerCount, Storage storage) {
        this.time = time;
        this.readerCount = readerCount;
        List<TimedPart> timed = new ArrayList<>();
        for (Part part : parts) {
            Long earliest = part.statedEarliest(time);
            timed.add(
                    earliest == null
                            ? new TimedPart(part, scan(part, storage), true)
                            : new TimedPart(part, TimeSteps.whole(earliest), false));
        }
        timed.sort(Comparator.comparingLong(p -> p.times().min()));
        this.parts = List.copyOf(timed);
    }

    private TimeSteps scan(Part part, Storage storage) {
        try (Allocator memory = Allocator.root(SCAN_BYTES);
                TimeScan scan = new TimeScan(part, time, storage, memory, TimeOrder::here)) {
            while (!scan.isFinished()) {
                long ignored = scan.fetch();
                if (!scan.advance()) {
                    throw MillraceException.internal("a scan without bytes to go on with: " + part);
                }
            }
            return scan.result();
        }
    }

    /** Runs the call on this thread. */
    private static <T> IoTask<T> here(String what, Callable<T> call) {
        T result;
        try {
            result = call.call();
        } catch (Exception failure) {
            throw MillraceException.wrap(failure);
        }
        return new IoTask<>() {
            @Override
            public boolean isDone() {
                return true;
            }

            @Override
            public T result() {
                return result;
            }

            @Override
            public void cancel() {}
        };
    }

    TimeBounds time() {
        return time;
    }

    /** No row of a part that was not yet taken is earlier; {@link TimeSteps#NO_TIME} when all were. */
    synchronized long nextMin() {
        return next < parts.size() ? parts.get(next).times().min() : TimeSteps.NO_TIME;
    }

    synchronized boolean isExhausted() {
        return next == parts.size();
    }

    /**
     * The next part, for a reader that has so many open; null when all were taken, or when other readers have fewer
     * open and shall take it.
     */
    synchronized TimedPart take(int ownOpen) {
        if (next == parts.size() || (long) ownOpen * readerCount > open) {
            return null;
        }
        open++;
        return parts.get(next++);
    }

    /** A part that was taken is read, or its reader was closed. */
    synchronized void done() {
        open--;
    }

    /** How many parts overlap at most, by the bounds of one column: what a reader may have to hold open. */
    static int greatestOverlap(List<? extends Part> parts, int column) {
        List<long[]> ends = new ArrayList<>();
        for (Part part : parts) {
            ValueRange range = part.stated(column);
            if (range == null || !range.isLong()) {
                return -1;
            }
            ends.add(new long[] {range.minLong(), 0});
            ends.add(new long[] {range.maxLong(), 1});
        }
        // Those that begin where another ends overlap it: its rows may all lie there.
        ends.sort(Comparator.<long[]>comparingLong(e -> e[0]).thenComparingLong(e -> e[1]));
        int open = 0;
        int greatest = 0;
        for (long[] end : ends) {
            open += end[1] == 0 ? 1 : -1;
            greatest = Math.max(greatest, open);
        }
        return greatest;
    }
}
