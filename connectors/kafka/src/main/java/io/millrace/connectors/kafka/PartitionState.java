package io.millrace.connectors.kafka;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One partition as its reader sees it. Touched by the worker only. */
final class PartitionState {
    /** Of {@link #end}: there is none. */
    static final long NO_END = Long.MAX_VALUE;

    final int partition;

    /** The offset after the last one that was emitted or is no data. */
    long next;

    /** The offset to end at. */
    long end;

    boolean paused;
    boolean closed;
    List<ConsumerRecord<Void, ByteBuffer>> pending = List.of();
    int pendingIndex;
    long positionAfterPending;
    long lag = -1;

    /** The end of what could be read when it was first known: what lies before it is no news. */
    private long present = -1;

    PartitionState(int partition, long next, long end) {
        this.partition = partition;
        this.next = next;
        this.end = end;
        this.positionAfterPending = next;
    }

    boolean hasPending() {
        return pendingIndex < pending.size();
    }

    /** Puts what was fetched behind what is still pending. */
    void take(Fetched.Part part) {
        if (hasPending()) {
            List<ConsumerRecord<Void, ByteBuffer>> both =
                    new ArrayList<>(pending.subList(pendingIndex, pending.size()));
            both.addAll(part.records());
            pending = both;
        } else {
            pending = part.records();
        }
        pendingIndex = 0;
        positionAfterPending = part.position();
        lag = part.lag();
        if (present < 0 && lag >= 0) {
            present = part.position() + lag;
        }
        if (pending.isEmpty()) {
            next = Math.max(next, part.position());
        }
    }

    /** The pending records before this index were emitted; the next is beyond the end, is to come, or is not there. */
    void passedTo(int index) {
        if (index == pending.size()) {
            dropPending();
            next = Math.min(end, positionAfterPending);
        } else if (pending.get(index).offset() >= end) {
            dropPending();
            next = end;
        } else {
            pendingIndex = index;
            next = index == 0 ? next : pending.get(index - 1).offset() + 1;
        }
    }

    /** Forgets what lies behind the end. */
    void dropPending() {
        pending = List.of();
        pendingIndex = 0;
    }

    /** Whether all has been emitted that was there when it was begun. */
    boolean isInThePresent() {
        return closed || (present >= 0 && next >= present);
    }

    boolean isAtEnd() {
        return next >= end;
    }
}
