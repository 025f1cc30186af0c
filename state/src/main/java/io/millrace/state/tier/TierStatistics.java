package io.millrace.state.tier;

import java.util.concurrent.atomic.AtomicLong;

/** What a tier did, summed over its tables. Thread-safe. */
public final class TierStatistics {
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong rowsOut = new AtomicLong();
    private final AtomicLong writtenBytes = new AtomicLong();
    private final AtomicLong mostRuns = new AtomicLong();
    private final AtomicLong folds = new AtomicLong();
    private final AtomicLong foldedBytes = new AtomicLong();
    private final AtomicLong lookups = new AtomicLong();
    private final AtomicLong copiedBytes = new AtomicLong();

    void wrote(long rows, long bytes) {
        runs.incrementAndGet();
        rowsOut.addAndGet(rows);
        writtenBytes.addAndGet(bytes);
    }

    void folded(long bytes) {
        folds.incrementAndGet();
        foldedBytes.addAndGet(bytes);
    }

    void runsOf(int count) {
        mostRuns.accumulateAndGet(count, Math::max);
    }

    void lookedUp(long keys) {
        lookups.addAndGet(keys);
    }

    void copied(long bytes) {
        copiedBytes.addAndGet(bytes);
    }

    /** Tables that were written out. */
    public long runs() {
        return runs.get();
    }

    /** Rows of them, those of one key counted each time. */
    public long rowsOut() {
        return rowsOut.get();
    }

    /** Bytes of their files. */
    public long writtenBytes() {
        return writtenBytes.get();
    }

    /** The most runs that one table had at a time. */
    public long mostRuns() {
        return mostRuns.get();
    }

    /** How often the runs of a table were made one. */
    public long folds() {
        return folds.get();
    }

    /** Bytes that folding wrote: with {@link #writtenBytes}, over that, the write amplification. */
    public long foldedBytes() {
        return foldedBytes.get();
    }

    /** Keys that were looked up. */
    public long lookups() {
        return lookups.get();
    }

    /** Bytes of runs copied to checkpoints. */
    public long copiedBytes() {
        return copiedBytes.get();
    }
}
