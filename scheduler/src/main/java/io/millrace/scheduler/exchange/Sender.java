package io.millrace.scheduler.exchange;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.EpochMarker;
import java.util.ArrayDeque;

/**
 * The producer's end of a channel: keeps in order what the channel has no room for. What waits is bounded because
 * {@link #isFull} stops the producer. Owned by the emitting task.
 */
public class Sender {
    private final Channel channel;
    private final ArrayDeque<Object> pending = new ArrayDeque<>();

    public Sender(Channel channel) {
        this.channel = channel;
    }

    /** Takes a batch, watermark or marker. */
    public void send(Object item) {
        if (channel.isAbandoned()) {
            release(item);
            return;
        }
        if (pending.isEmpty() && offer(item)) {
            return;
        }
        if (item instanceof Watermark && pending.peekLast() instanceof Watermark) {
            pending.pollLast();
        }
        pending.addLast(item);
    }

    /** Puts an item into the channel when there is room for its kind; whatever waits is overtaken. */
    protected final boolean offer(Object item) {
        return (!(item instanceof Batch) || channel.hasRoom()) && channel.offer(item);
    }

    /** How many batches the channel may hold from now on. */
    final void limit(int batches) {
        channel.limit(batches);
    }

    /** Moves on what waits; returns whether anything moved. */
    public boolean flush() {
        if (channel.isAbandoned()) {
            close();
            return false;
        }
        boolean moved = false;
        while (!pending.isEmpty() && offer(pending.peekFirst())) {
            pending.pollFirst();
            moved = true;
        }
        return moved;
    }

    /** The first item that waits, taken out; how tests lose one. */
    protected final Object pollPending() {
        return pending.pollFirst();
    }

    public final boolean hasPending() {
        return !pending.isEmpty();
    }

    /** Whether the producer should emit no more batches. */
    public final boolean isFull() {
        return !channel.isAbandoned() && (!pending.isEmpty() || !channel.hasRoom());
    }

    /** Whether whatever is sent is for nobody. */
    public final boolean isAbandoned() {
        return channel.isAbandoned();
    }

    /** Whether the consumer has taken everything. */
    public final boolean isIdle() {
        return pending.isEmpty() && channel.isEmpty();
    }

    /** Releases what waits. Idempotent. */
    public void close() {
        for (Object item = pending.pollFirst(); item != null; item = pending.pollFirst()) {
            release(item);
        }
    }

    /** Releases an item that nobody will take. */
    public static void release(Object item) {
        switch (item) {
            case Batch batch -> batch.close();
            case Watermark ignored -> {}
            case EpochMarker ignored -> {}
            default -> throw MillraceException.internal("not an item of a channel: " + item);
        }
    }
}
