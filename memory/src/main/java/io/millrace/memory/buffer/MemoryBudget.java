package io.millrace.memory.buffer;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** The off-heap bytes one process may hold, and who holds them. Thread-safe. */
public final class MemoryBudget {
    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicLong peakBytes = new AtomicLong();
    private final AtomicLongArray usedByTag = new AtomicLongArray(MemoryTag.values().length);

    public MemoryBudget(long limitBytes) {
        if (limitBytes <= 0) {
            throw new IllegalArgumentException("expected limitBytes > 0, found " + limitBytes);
        }
        this.limitBytes = limitBytes;
    }

    /** Takes {@code bytes} from the budget, or takes nothing and returns false. */
    public boolean tryReserve(MemoryTag tag, long bytes) {
        long used;
        do {
            used = usedBytes.get();
            if (used + bytes > limitBytes) {
                return false;
            }
        } while (!usedBytes.compareAndSet(used, used + bytes));
        usedByTag.addAndGet(tag.ordinal(), bytes);
        if (used + bytes > peakBytes.get()) {
            peakBytes.accumulateAndGet(used + bytes, Math::max);
        }
        return true;
    }

    /** Takes {@code bytes} from the budget or fails with OUT_OF_MEMORY. */
    public void reserve(MemoryTag tag, long bytes, String owner) {
        if (!tryReserve(tag, bytes)) {
            throw new MillraceException(
                            ErrorCode.OUT_OF_MEMORY,
                            "memory budget spent: owner="
                                    + owner
                                    + " tag="
                                    + tag
                                    + " wantedBytes="
                                    + bytes
                                    + " usedBytes="
                                    + usedBytes.get()
                                    + " limitBytes="
                                    + limitBytes)
                    .withHelp("Raise --memory, or make the query keep less: " + usageByTag());
        }
    }

    public void release(MemoryTag tag, long bytes) {
        usedByTag.addAndGet(tag.ordinal(), -bytes);
        usedBytes.addAndGet(-bytes);
    }

    public long limitBytes() {
        return limitBytes;
    }

    public long usedBytes() {
        return usedBytes.get();
    }

    /** Bytes held now for this. */
    public long usedBytes(MemoryTag tag) {
        return usedByTag.get(tag.ordinal());
    }

    public long peakBytes() {
        return peakBytes.get();
    }

    /** Bytes held now, by tag; tags that hold nothing are left out. */
    public Map<MemoryTag, Long> usageByTag() {
        Map<MemoryTag, Long> usage = new EnumMap<>(MemoryTag.class);
        for (MemoryTag tag : MemoryTag.values()) {
            long bytes = usedByTag.get(tag.ordinal());
            if (bytes != 0) {
                usage.put(tag, bytes);
            }
        }
        return usage;
    }
}
