package io.millrace.memory.buffer;

import java.util.ArrayDeque;

/**
 * Blocks given back and kept for the next taker, by power of two. Bounded in bytes; what does not fit goes back to the
 * system. Thread-safe: one short lock a size.
 */
final class BufferPool implements AutoCloseable {
    private static final int MIN_CLASS_BITS = 6;

    /** Blocks above this size are never kept. */
    private static final int MAX_CLASS_BITS = 20;

    private final MemoryBudget budget;
    private final long bytesPerClass;
    private final ArrayDeque<MemoryBlock>[] free;
    private volatile boolean closed;

    @SuppressWarnings({"unchecked", "rawtypes"})
    BufferPool(MemoryBudget budget) {
        this.budget = budget;
        this.bytesPerClass = Math.max(64 << 10, budget.limitBytes() / 16 / 4);
        this.free = new ArrayDeque[MAX_CLASS_BITS + 1];
        for (int bits = MIN_CLASS_BITS; bits <= MAX_CLASS_BITS; bits++) {
            free[bits] = new ArrayDeque<>();
        }
    }

    private static int classBits(long bytes) {
        return Math.max(MIN_CLASS_BITS, 64 - Long.numberOfLeadingZeros(bytes - 1));
    }

    /** A block charged to {@code tag}, or null when the budget refuses. */
    MemoryBlock tryTake(MemoryTag tag, long bytes) {
        int bits = classBits(Math.max(1, bytes));
        if (bits <= MAX_CLASS_BITS) {
            MemoryBlock kept;
            synchronized (free[bits]) {
                kept = free[bits].pollLast();
            }
            if (kept != null) {
                budget.release(MemoryTag.POOL, kept.rawBytes());
                if (budget.tryReserve(tag, kept.rawBytes())) {
                    return kept;
                }
                NativeMemory.free(kept);
                return null;
            }
            return allocate(tag, 1L << bits);
        }
        return allocate(tag, bytes + NativeMemory.ALIGNMENT_BYTES - 1 & -NativeMemory.ALIGNMENT_BYTES);
    }

    private MemoryBlock allocate(MemoryTag tag, long capacityBytes) {
        long charge =
                capacityBytes >= NativeMemory.HUGE_PAGE_BYTES
                        ? (capacityBytes + NativeMemory.HUGE_PAGE_BYTES - 1 & -NativeMemory.HUGE_PAGE_BYTES)
                                + NativeMemory.HUGE_PAGE_BYTES
                        : capacityBytes + NativeMemory.ALIGNMENT_BYTES;
        if (!budget.tryReserve(tag, charge)) {
            trim();
            if (!budget.tryReserve(tag, charge)) {
                return null;
            }
        }
        try {
            MemoryBlock block = NativeMemory.allocate(capacityBytes);
            budget.release(tag, charge - block.rawBytes());
            return block;
        } catch (RuntimeException refused) {
            budget.release(tag, charge);
            throw refused;
        }
    }

    void give(MemoryTag tag, MemoryBlock block) {
        budget.release(tag, block.rawBytes());
        int bits = classBits(block.capacityBytes());
        if (!closed && bits <= MAX_CLASS_BITS && budget.tryReserve(MemoryTag.POOL, block.rawBytes())) {
            synchronized (free[bits]) {
                if ((free[bits].size() + 1) * block.capacityBytes() <= bytesPerClass) {
                    free[bits].addLast(block);
                    return;
                }
            }
            budget.release(MemoryTag.POOL, block.rawBytes());
        }
        NativeMemory.free(block);
    }

    /** Gives every kept block back to the system. */
    void trim() {
        for (int bits = MIN_CLASS_BITS; bits <= MAX_CLASS_BITS; bits++) {
            while (true) {
                MemoryBlock kept;
                synchronized (free[bits]) {
                    kept = free[bits].pollLast();
                }
                if (kept == null) {
                    break;
                }
                budget.release(MemoryTag.POOL, kept.rawBytes());
                NativeMemory.free(kept);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        trim();
    }
}
