package io.millrace.state.tier;

import io.millrace.memory.batch.Batch;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * All rows that are not in memory, in order, a batch at a time: the worker {@linkplain #poll takes} one while the next
 * are read.
 */
public final class RowScan implements AutoCloseable {
    private static final int BATCHES_AHEAD = 4;

    /** A batch has fewer rows when they are of more than about so many bytes. */
    private static final long BATCH_BYTES = 1 << 20;

    private final TierQueue queue;
    private final RowTier tier;
    private final int batchRows;
    private final Parts parts = new Parts();
    private final Object guard = new Object();
    private final Queue<Batch> filled = new ArrayDeque<>();
    private boolean scheduled = true;
    private boolean over;

    // Of the I/O thread that runs.
    private boolean begun;

    /** What is freed when nobody needs it any more. */
    private final class Parts implements AutoCloseable {
        RowMerge merge;

        @Override
        public void close() {
            synchronized (guard) {
                over = true;
                filled.forEach(Batch::close);
                filled.clear();
            }
            HeldParts.close(merge);
            merge = null;
        }
    }

    RowScan(TierQueue queue, RowTier tier, int batchRows) {
        this.queue = queue;
        this.tier = tier;
        this.batchRows = batchRows;
        tier.held().add(parts);
        queue.submit(this::advance);
    }

    /** A batch, which is the caller's; null when none is there yet, or no more will be. */
    public Batch poll() {
        queue.check();
        Batch batch;
        boolean start;
        synchronized (guard) {
            batch = filled.poll();
            start = !over && !scheduled && filled.size() <= BATCHES_AHEAD / 2;
            scheduled |= start;
        }
        if (start) {
            queue.submit(this::advance);
        }
        return batch;
    }

    /** Whether all was polled. */
    public boolean isDone() {
        queue.check();
        synchronized (guard) {
            return over && filled.isEmpty();
        }
    }

    private void advance() {
        if (!begun) {
            begun = true;
            parts.merge = tier.beginScan(batchRows);
        }
        while (true) {
            synchronized (guard) {
                if (over || filled.size() >= BATCHES_AHEAD) {
                    scheduled = false;
                    return;
                }
            }
            Batch batch = parts.merge == null ? null : parts.merge.next(batchRows, BATCH_BYTES, queue::isClosed);
            synchronized (guard) {
                if (batch == null) {
                    over = true;
                } else {
                    filled.add(batch);
                }
            }
        }
    }

    /** Ends it, done or not. */
    @Override
    public void close() {
        queue.submit(() -> tier.held().letGo(parts));
    }
}
