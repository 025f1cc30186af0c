package io.millrace.engine.collect;

import io.millrace.memory.batch.Batch;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Batches on their way from a job's workers to one reader. Workers never wait: they ask {@link #isFull} first. The job
 * cannot end well before the reader gave every batch back, because the memory is the job's. Thread-safe; one reader.
 */
final class ResultQueue {
    private static final long LONGEST_PARK_NANOS = 100_000_000L;
    private static final int LONGEST_WAIT_MILLIS = 2_000;

    private final int capacityBatches;
    private final Queue<Batch> batches = new ConcurrentLinkedQueue<>();

    /** Batches in the queue or with the reader. */
    private final AtomicInteger outstanding = new AtomicInteger();

    private volatile int writersLeft = Integer.MAX_VALUE;
    private volatile boolean over;
    private volatile boolean abandoned;
    private volatile Thread reader;

    ResultQueue(int capacityBatches) {
        this.capacityBatches = capacityBatches;
    }

    synchronized void expectWriters(int count) {
        writersLeft = count;
    }

    boolean isFull() {
        return !abandoned && outstanding.get() >= capacityBatches;
    }

    /** Takes the batch. */
    void put(Batch batch) {
        outstanding.incrementAndGet();
        batches.add(batch);
        if (abandoned || over) {
            discard();
        }
        wakeReader();
    }

    /** A writer has given all it had. */
    synchronized void writerEnded() {
        writersLeft = writersLeft - 1;
        wakeReader();
    }

    /** Whether the reader has given everything back. */
    boolean isDrained() {
        return outstanding.get() == 0;
    }

    /** The job is over, well or not: nothing will come, and what was not read is gone. */
    void end() {
        over = true;
        discard();
        wakeReader();
    }

    /** As {@link #end}; waits a moment for the batch that the reader may still hold. */
    void endAndWait() {
        end();
        for (int i = 0; i < LONGEST_WAIT_MILLIS && !isDrained(); i++) {
            LockSupport.parkNanos(this, 1_000_000L);
        }
    }

    /** The reader wants no more. */
    void abandon() {
        abandoned = true;
        discard();
    }

    private void discard() {
        for (Batch batch = batches.poll(); batch != null; batch = batches.poll()) {
            giveBack(batch);
        }
    }

    private void wakeReader() {
        Thread waiting = reader;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * The next batch, which the reader gives back; waits for it. Null when there is none any more.
     *
     * @param jobIsOver for a job that ended before it opened its writers, of which nobody else would tell
     */
    Batch take(BooleanSupplier jobIsOver) throws InterruptedException {
        reader = Thread.currentThread();
        try {
            while (true) {
                boolean last = over || writersLeft == 0 || jobIsOver.getAsBoolean();
                Batch batch = batches.poll();
                if (batch != null) {
                    return batch;
                }
                if (last) {
                    return null;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(this, LONGEST_PARK_NANOS);
            }
        } finally {
            reader = null;
        }
    }

    void giveBack(Batch batch) {
        batch.close();
        outstanding.decrementAndGet();
    }
}
