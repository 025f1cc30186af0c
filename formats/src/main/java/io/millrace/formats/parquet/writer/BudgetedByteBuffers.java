package io.millrace.formats.parquet.writer;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.bytes.ByteBufferAllocator;

/** Gives Parquet's encoders memory of the engine's budget. One thread; what was not released is freed by close. */
final class BudgetedByteBuffers implements ByteBufferAllocator, AutoCloseable {
    private final Allocator allocator;
    private final Map<Long, Buffer> out = new HashMap<>();

    BudgetedByteBuffers(Allocator allocator) {
        this.allocator = allocator;
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        Buffer buffer = allocator.allocate(MemoryTag.WRITE, Math.max(1, bytes));
        out.put(buffer.address(), buffer);
        return Mem.ALL.asSlice(buffer.address(), bytes).asByteBuffer();
    }

    @Override
    public void release(ByteBuffer buffer) {
        Buffer released = out.remove(java.lang.foreign.MemorySegment.ofBuffer(buffer.duplicate().clear()).address());
        if (released != null) {
            released.release();
        }
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    @Override
    public void close() {
        out.values().forEach(Buffer::release);
        out.clear();
    }
}
