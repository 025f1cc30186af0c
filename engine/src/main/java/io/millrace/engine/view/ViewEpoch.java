package io.millrace.engine.view;

import io.millrace.memory.batch.Batch;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What readers see: all views of a group at the end of one epoch. Counted: the group holds its current one, each reader
 * the one it reads, and each epoch the one after it. So an epoch that is no longer held knows that none before it is,
 * and frees the batches of which it was the last to have them. Thread-safe; a reader takes no lock.
 */
final class ViewEpoch {
    private final long epoch;
    private final List<List<ShardVersion>> versions;
    private final long publishedNanos;
    private final boolean finished;
    private final AtomicInteger holders = new AtomicInteger(1);
    private List<Batch> lastSeen = List.of();
    private ViewEpoch next;

    /**
     * An epoch with one holder, the group.
     *
     * @param versions by view, then by shard
     */
    ViewEpoch(long epoch, List<List<ShardVersion>> versions, long publishedNanos, boolean finished) {
        this.epoch = epoch;
        this.versions = versions;
        this.publishedNanos = publishedNanos;
        this.finished = finished;
    }

    long epoch() {
        return epoch;
    }

    List<ShardVersion> shards(int view) {
        return versions.get(view);
    }

    List<List<ShardVersion>> versions() {
        return versions;
    }

    long publishedNanos() {
        return publishedNanos;
    }

    /** Whether nothing will change any more. */
    boolean isFinished() {
        return finished;
    }

    long frontierMicros(int view) {
        long least = Long.MAX_VALUE;
        for (ShardVersion version : versions.get(view)) {
            least = Math.min(least, version.frontierMicros());
        }
        return least;
    }

    long rowCount(int view) {
        long rows = 0;
        for (ShardVersion version : versions.get(view)) {
            rows += version.rowCount();
        }
        return rows;
    }

    /** Takes a hold, unless it was freed. */
    boolean tryRetain() {
        int before;
        do {
            before = holders.get();
            if (before == 0) {
                return false;
            }
        } while (!holders.compareAndSet(before, before + 1));
        return true;
    }

    /** Names the successor and what it no longer has; called once, by the group, before it lets go of this one. */
    void succeed(ViewEpoch successor, List<Batch> batchesLastSeen) {
        next = successor;
        lastSeen = batchesLastSeen;
        if (successor != null) {
            successor.holders.incrementAndGet();
        }
    }

    void release() {
        ViewEpoch freed = this;
        while (freed != null && freed.holders.decrementAndGet() == 0) {
            freed.lastSeen.forEach(Batch::close);
            freed = freed.next;
        }
    }
}
