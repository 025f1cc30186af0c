package io.millrace.scheduler.exchange;

import io.millrace.memory.batch.Batch;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * Carries batches, watermarks and epoch markers in one order from one task to another, or within one. One producer, one
 * consumer, at any time; neither waits. Control takes up no room of batches, so neither can starve the other.
 */
public final class Channel {
    /** Slots of a ring beyond its batches: a few epochs and watermarks, before control has to wait at the sender. */
    private static final int CONTROL_SLOTS = 8;

    private final Queue<Object> items;
    private int capacityBatches;
    private final AtomicLong takenBatches = new AtomicLong();
    private volatile boolean abandoned;
    private long offeredBatches;

    private Channel(Queue<Object> items, int capacityBatches) {
        this.items = items;
        this.capacityBatches = capacityBatches;
    }

    /** A bounded channel between two tasks. */
    public static Channel ring(int capacityBatches) {
        return new Channel(new OneToOneConcurrentArrayQueue<>(capacityBatches + CONTROL_SLOTS), capacityBatches);
    }

    /** A channel within a task, which takes whatever is offered and has room only when empty. */
    public static Channel local() {
        return new Channel(new ArrayDeque<>(), 1);
    }

    /** Whether both ends are one task's. */
    public boolean isLocal() {
        return items instanceof ArrayDeque;
    }

    /** The producer's: how many batches may lie here from now on, at most as many as it was made for. */
    public void limit(int batches) {
        capacityBatches = batches;
    }

    /** The producer's: whether a batch may be offered. */
    public boolean hasRoom() {
        return offeredBatches - takenBatches.get() < capacityBatches;
    }

    /** Whether everything has been taken. */
    public boolean isEmpty() {
        return items.isEmpty();
    }

    /** The producer's; false when there is no slot left, for control either. */
    public boolean offer(Object item) {
        boolean taken = items.offer(item);
        if (taken && item instanceof Batch) {
            offeredBatches++;
        }
        return taken;
    }

    /** The consumer's: the next item, owned by the caller, or null. */
    public Object poll() {
        Object item = items.poll();
        if (item instanceof Batch) {
            takenBatches.setRelease(takenBatches.getPlain() + 1);
        }
        return item;
    }

    /**
     * The consumer's: nothing more will be taken. What lies here is released, and what comes later at the latest with
     * it.
     */
    public void abandon() {
        abandoned = true;
        release();
    }

    /** Whether whatever is sent is for nobody. */
    public boolean isAbandoned() {
        return abandoned;
    }

    /** Releases what lies here; when neither end is in use any more. */
    public void release() {
        for (Object item = items.poll(); item != null; item = items.poll()) {
            if (item instanceof Batch batch) {
                batch.close();
            }
        }
    }
}
