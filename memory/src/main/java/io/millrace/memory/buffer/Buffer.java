package io.millrace.memory.buffer;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A piece of off-heap memory with a count of its holders. It begins with one; {@link #retain} adds one, {@link
 * #release} takes one away, and the last gives the memory back. The count is atomic; the bytes are not guarded.
 */
public final class Buffer {
    private static final AtomicIntegerFieldUpdater<Buffer> HOLDERS =
            AtomicIntegerFieldUpdater.newUpdater(Buffer.class, "holders");

    private final Allocator allocator;
    private final MemoryTag tag;
    private final MemoryBlock block;
    private volatile int holders = 1;

    Buffer(Allocator allocator, MemoryTag tag, MemoryBlock block) {
        this.allocator = allocator;
        this.tag = tag;
        this.block = block;
    }

    /** First byte; a multiple of 64. */
    public long address() {
        assert holders > 0 : "use after release of a buffer of " + allocator.owner();
        return block.address();
    }

    /** At least what was asked for. */
    public long capacityBytes() {
        return block.capacityBytes();
    }

    public Buffer retain() {
        int before = HOLDERS.getAndIncrement(this);
        if (before <= 0) {
            throw new IllegalStateException("retain after release: owner=" + allocator.owner() + " tag=" + tag);
        }
        return this;
    }

    public void release() {
        int after = HOLDERS.decrementAndGet(this);
        if (after == 0) {
            allocator.free(this, tag, block);
        } else if (after < 0) {
            throw new IllegalStateException("released too often: owner=" + allocator.owner() + " tag=" + tag);
        }
    }
}
