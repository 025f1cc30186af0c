package io.millrace.formats.parquet.encoding;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.View;

/** Values of a fixed length in an encoding of byte arrays. */
public final class FixedFromViews implements FixedDecoder, AutoCloseable {
    private final DeltaBytes bytes;
    private final int widthBytes;
    private final Allocator allocator;
    private final ChunkLocation where;
    private final ViewTarget target = new ViewTarget();
    private Buffer views;
    private Buffer scratch;

    public FixedFromViews(int widthBytes, Allocator allocator, ChunkLocation where) {
        this.bytes = new DeltaBytes(allocator, where);
        this.widthBytes = widthBytes;
        this.allocator = allocator;
        this.where = where;
    }

    @Override
    public void start(ByteSlice values, int valueCount) {
        bytes.start(values, valueCount);
    }

    @Override
    public long next(int count) {
        if (views == null) {
            views = allocator.allocate(MemoryTag.READ, 16L * SLICE);
        }
        try {
            bytes.next(count, views.address(), target);
            for (int i = 0; i < count; i++) {
                int length = View.length(views.address() + 16L * i);
                if (length != widthBytes) {
                    throw where.corrupt("expected values of " + widthBytes + " bytes, found one of " + length);
                }
            }
            // Only now are the widths known to be those of bytes that are there.
            if (scratch == null) {
                scratch = allocator.allocate(MemoryTag.READ, (long) widthBytes * SLICE);
            }
            long[] data = target.addresses();
            for (int i = 0; i < count; i++) {
                long view = views.address() + 16L * i;
                Mem.copy(View.bytesAddress(view, data), scratch.address() + (long) i * widthBytes, widthBytes);
            }
            return scratch.address();
        } finally {
            target.release();
        }
    }

    @Override
    public void close() {
        bytes.close();
        if (views != null) {
            views.release();
            views = null;
        }
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
    }
}
