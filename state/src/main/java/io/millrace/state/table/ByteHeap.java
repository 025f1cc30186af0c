package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.MemoryTag;
import java.util.ArrayList;
import java.util.List;

/** Hands out pieces of blocks that never move, and frees them all at once. One thread. */
public final class ByteHeap implements AutoCloseable {
    private static final int FIRST_BLOCK_BYTES = 4 << 10;
    private static final int MAX_BLOCK_BYTES = 1 << 20;

    private final Allocator allocator;
    private final List<Buffer> blocks = new ArrayList<>();
    private long next;
    private long end;
    private long heldBytes;

    public ByteHeap(Allocator allocator) {
        this.allocator = allocator;
    }

    /** An 8-aligned piece of this many bytes, contents undefined; lives until the heap is closed. */
    public long allocate(int bytes) {
        long size = bytes + 7L & -8L;
        if (end - next < size) {
            long blockBytes =
                    Math.max(size, blocks.isEmpty() ? FIRST_BLOCK_BYTES : Math.min(MAX_BLOCK_BYTES, heldBytes));
            Buffer block = allocator.allocate(MemoryTag.STATE, blockBytes);
            blocks.add(block);
            next = block.address();
            end = next + block.capacityBytes();
            heldBytes += block.capacityBytes();
        }
        long at = next;
        next += size;
        return at;
    }

    /** Off-heap bytes held, used or not. */
    public long heldBytes() {
        return heldBytes;
    }

    @Override
    public void close() {
        blocks.forEach(Buffer::release);
        blocks.clear();
        next = 0;
        end = 0;
        heldBytes = 0;
    }
}
