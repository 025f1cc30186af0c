package io.millrace.memory.batch;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;

/**
 * The rows of a batch that count: ascending i32 row indices, off-heap, counted like a buffer. Immutable once in a
 * batch.
 */
public final class Selection {
    private final Buffer indices;
    private final int count;

    /** Takes the buffer. */
    public Selection(Buffer indices, int count) {
        this.indices = indices;
        this.count = count;
    }

    /** Copies the indices; for tests and edges. */
    public static Selection of(Allocator allocator, int... rows) {
        Buffer buffer = allocator.allocate(MemoryTag.BATCH, 4L * Math.max(1, rows.length));
        for (int i = 0; i < rows.length; i++) {
            Mem.putInt(buffer.address() + 4L * i, rows[i]);
        }
        return new Selection(buffer, rows.length);
    }

    public int count() {
        return count;
    }

    /** Where the i32 indices lie. */
    public long address() {
        return indices.address();
    }

    public int row(int position) {
        return Mem.getInt(indices.address() + 4L * position);
    }

    public Selection retain() {
        indices.retain();
        return this;
    }

    public void release() {
        indices.release();
    }
}
