package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.IoTask;
import io.millrace.formats.parquet.reader.ValueRange;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import io.millrace.storage.SpillDirectory;
import io.millrace.storage.Storage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

/** Puts parts in the order of their earliest event times, and hands them out in it. Thread-safe. */
final class TimeOrder implements AutoCloseable {
    /** Scanning before the start has no budget of its own to draw on; this is the most it may take. */
    private static final long SCAN_BYTES = 512L << 20;

    private final TimeBounds time;
    private final int readerCount;
    private List<TimedPart> parts;
    private Storage storage;
    private TimeSort sort;
    private final boolean sorts;
    private boolean decided;
    private boolean sorted;
    private int next;
    private int open;

    /**
     * Looks at the columns of parts whose files say nothing; blocks.
     *
     * @param sorts whether a sort must come first, since rows were emitted in its order before
     */
    TimeOrder(TimeBounds time, List<? extends Part> parts, int readerCount, Storage storage, boolean sorts) {
        this.sorts = sorts;
        this.time = time;
        this.readerCount = readerCount;
        List<TimedPart> timed = new ArrayList<>();
        for (Part part : parts) {
            Long earliest = part.statedEarliest(time);
            if (earliest == null) {
                timed.add(scan(part, storage));
            } else {
                Long latest = earliest == TimeSteps.NO_TIME ? (Long) Long.MIN_VALUE : part.statedLatest(time);
                timed.add(
                        new TimedPart(
                                part, TimeSteps.whole(earliest), latest == null ? Long.MAX_VALUE : latest, false));
            }
        }
        this.parts = inOrder(timed);
        this.storage = storage;
    }

    private static List<TimedPart> inOrder(List<TimedPart> parts) {
        return parts.stream().sorted(Comparator.comparingLong(p -> p.times().min())).toList();
    }

    /**
     * The sort that must come before the first row, or null when none is needed: when more parts overlap than all
     * readers together may hold open. The same for every reader.
     */
    synchronized TimeSort sortFirst(int maxOpen, Schema schema) {
        if (!decided) {
            decided = true;
            boolean named = schema.fields().stream().map(f -> f.name()).distinct().count() == schema.size();
            boolean wide = sorts || greatestOverlap(parts) > (long) maxOpen * readerCount;
            if (named && schema.size() > 0 && wide) {
                sort = new TimeSort(parts, time, schema, readerCount, SpillDirectory.temporary());
            }
        }
        return sort;
    }

    /** From now on the parts are those of the sort, once it is done; whether it is. */
    synchronized boolean takeSorted() {
        if (!sort.isDone()) {
            return false;
        }
        if (!sorted) {
            sorted = true;
            parts = inOrder(sort.sorted());
            storage = sort.spill().storage();
        }
        return true;
    }

    /** Where the parts lie that are handed out. */
    synchronized Storage storage() {
        return storage;
    }

    private static int greatestOverlap(List<TimedPart> parts) {
        List<long[]> ends = new ArrayList<>();
        for (TimedPart part : parts) {
            if (part.times().min() != TimeSteps.NO_TIME) {
                ends.add(new long[] {part.times().min(), 0, 0});
                ends.add(new long[] {part.latest(), 1, 0});
            }
        }
        return greatest(ends).parts();
    }

    @Override
    public synchronized void close() {
        if (sort != null) {
            sort.close();
        }
    }

    private TimedPart scan(Part part, Storage storage) {
        try (Allocator memory = Allocator.root(SCAN_BYTES);
                TimeScan scan = new TimeScan(part, time, storage, memory, TimeOrder::here)) {
            while (!scan.isFinished()) {
                long ignored = scan.fetch();
                if (!scan.advance()) {
                    throw MillraceException.internal("a scan without bytes to go on with: " + part);
                }
            }
            TimeSteps steps = scan.result();
            return new TimedPart(part, steps, scan.latest(), true);
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

    /**
     * What overlaps in event time at once.
     *
     * @param parts the most, which a reader may have to hold open
     * @param rows the most, in parts of which not all is past: no more can lie in windows that are open
     */
    record Overlap(int parts, long rows) {}

    /** By the bounds of one column; null when a part does not state them. */
    static Overlap greatestOverlap(List<? extends Part> parts, int column) {
        List<long[]> ends = new ArrayList<>();
        for (Part part : parts) {
            ValueRange range = part.stated(column);
            if (range == null || !range.isLong()) {
                return null;
            }
            ends.add(new long[] {range.minLong(), 0, part.rowCount()});
            ends.add(new long[] {range.maxLong(), 1, part.rowCount()});
        }
        return greatest(ends);
    }

    private static Overlap greatest(List<long[]> ends) {
        // Those that begin where another ends overlap it: its rows may all lie there.
        ends.sort(Comparator.<long[]>comparingLong(e -> e[0]).thenComparingLong(e -> e[1]));
        int open = 0;
        long rows = 0;
        int greatest = 0;
        long greatestRows = 0;
        for (long[] end : ends) {
            open += end[1] == 0 ? 1 : -1;
            rows += end[1] == 0 ? end[2] : -end[2];
            greatest = Math.max(greatest, open);
            greatestRows = Math.max(greatestRows, rows);
        }
        return new Overlap(greatest, greatestRows);
    }
}
