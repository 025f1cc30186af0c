package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import java.util.ArrayList;
import java.util.List;

/** Row addresses in the order they came, in blocks, so that growing copies nothing. Read once, from the front. */
final class RowLog implements AutoCloseable {
    private static final long FIRST_BLOCK_BYTES = 1 << 10;
    private static final long MAX_BLOCK_BYTES = 512 << 10;

    private final Allocator allocator;
    private final List<Buffer> blocks = new ArrayList<>();
    private long next;
    private long end;
    private int readBlock;
    private long readOffset;

    RowLog(Allocator allocator) {
        this.allocator = allocator;
    }

    void add(long row) {
        if (next == end) {
            grow();
        }
        Mem.putLong(next, row);
        next += 8;
    }

    private void grow() {
        long bytes = blocks.isEmpty() ? FIRST_BLOCK_BYTES : Math.min(MAX_BLOCK_BYTES, 4 * usedBytes(blocks.size() - 1));
        Buffer block = allocator.allocate(MemoryTag.STATE, bytes);
        blocks.add(block);
        next = block.address();
        end = next + usedBytes(blocks.size() - 1);
    }

    /** Bytes of a full block that hold addresses. */
    private long usedBytes(int block) {
        return blocks.get(block).capacityBytes() & -8L;
    }

    /** The next row that was not read yet, or 0; what was read is freed by and by. */
    long poll() {
        while (readBlock < blocks.size()) {
            Buffer block = blocks.get(readBlock);
            boolean last = readBlock == blocks.size() - 1;
            long limit = last ? next - block.address() : usedBytes(readBlock);
            if (readOffset < limit) {
                long row = Mem.getLong(block.address() + readOffset);
                readOffset += 8;
                return row;
            }
            if (last) {
                return 0;
            }
            block.release();
            blocks.set(readBlock++, null);
            readOffset = 0;
        }
        return 0;
    }

    long heldBytes() {
        long bytes = 0;
        for (Buffer block : blocks) {
            bytes += block == null ? 0 : block.capacityBytes();
        }
        return bytes;
    }

    @Override
    public void close() {
        for (Buffer block : blocks) {
            if (block != null) {
                block.release();
            }
        }
        blocks.clear();
        next = 0;
        end = 0;
        readBlock = 0;
        readOffset = 0;
    }
}
