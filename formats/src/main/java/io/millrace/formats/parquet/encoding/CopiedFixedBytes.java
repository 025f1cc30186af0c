package io.millrace.formats.parquet.encoding;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;

/** Values of a fixed length in an encoding that must be undone first, as views of a copy. */
public final class CopiedFixedBytes implements ViewDecoder {
    private final FixedDecoder values;
    private final int widthBytes;
    private final Allocator allocator;

    public CopiedFixedBytes(FixedDecoder values, int widthBytes, Allocator allocator) {
        this.values = values;
        this.widthBytes = widthBytes;
        this.allocator = allocator;
    }

    @Override
    public void start(ByteSlice page, int valueCount) {
        values.start(page, valueCount);
    }

    @Override
    public void next(int count, long views, ViewTarget target) {
        long from = values.next(count);
        long bytes = (long) count * widthBytes;
        Buffer copy = allocator.allocate(MemoryTag.BATCH, bytes + ByteSlice.PADDING_BYTES);
        Mem.copy(from, copy.address(), bytes);
        int buffer = target.take(copy);
        for (int i = 0; i < count; i++) {
            int offset = i * widthBytes;
            ViewTarget.put(views + 16L * i, copy.address() + offset, widthBytes, buffer, offset);
        }
    }
}
