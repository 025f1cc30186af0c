package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands out pieces of blocks that never move. What is freed is handed out again for pieces of the same size; the blocks
 * go all at once. One thread.
 */
public final class ByteHeap implements AutoCloseable {
    private static final int FIRST_BLOCK_BYTES = 4 << 10;
    private static final int MAX_BLOCK_BYTES = 1 << 20;

    /** Pieces up to this size are multiples of 8 bytes; of larger ones there are four sizes between powers of two. */
    private static final int FINE_BYTES = 1 << 10;

    private static final int FINE_CLASSES = FINE_BYTES / 8;
    private static final int CLASSES = FINE_CLASSES + 4 * 22;

    private final Allocator allocator;
    private final List<Buffer> blocks = new ArrayList<>();
    private long next;
    private long end;
    private long heldBytes;
    private long[] freed;
    private int freePieces;

    public ByteHeap(Allocator allocator) {
        this.allocator = allocator;
    }

    /** An 8-aligned piece of this many bytes, contents undefined; lives until it is freed or the heap is closed. */
    public long allocate(int bytes) {
        long size = rounded(bytes);
        if (freePieces > 0) {
            int sizeClass = sizeClass(size);
            long piece = freed[sizeClass];
            if (piece != 0) {
                freed[sizeClass] = Mem.getLong(piece);
                freePieces--;
                return piece;
            }
        }
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

    /** Takes a piece back that was allocated with this many bytes; its first 8 bytes are overwritten. */
    public void free(long piece, int bytes) {
        if (freed == null) {
            freed = new long[CLASSES];
        }
        int sizeClass = sizeClass(rounded(bytes));
        Mem.putLong(piece, freed[sizeClass]);
        freed[sizeClass] = piece;
        freePieces++;
    }

    private static long rounded(int bytes) {
        if (bytes <= FINE_BYTES) {
            return Math.max(8, bytes + 7L & -8L);
        }
        long step = Integer.highestOneBit(bytes - 1) >> 2;
        return (bytes + step - 1) / step * step;
    }

    private static int sizeClass(long size) {
        if (size <= FINE_BYTES) {
            return (int) (size >> 3) - 1;
        }
        int log = 63 - Long.numberOfLeadingZeros(size);
        return FINE_CLASSES + 4 * (log - 10) + (int) (size >> (log - 2) & 3);
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
        freed = null;
        freePieces = 0;
    }
}
