package io.millrace.formats.parquet.encoding;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.MemoryTag;

/** DELTA_BINARY_PACKED values of INT32 and INT64. */
public final class DeltaFixed implements FixedDecoder, AutoCloseable {
    private final boolean narrow;
    private final Allocator allocator;
    private final DeltaDecoder deltas;
    private Buffer scratch;

    public DeltaFixed(boolean narrow, Allocator allocator, ChunkLocation where) {
        this.narrow = narrow;
        this.allocator = allocator;
        this.deltas = new DeltaDecoder(where);
    }

    @Override
    public void start(ByteSlice values, int valueCount) {
        if (scratch == null) {
            scratch = allocator.allocate(MemoryTag.READ, 8L * SLICE);
        }
        deltas.start(values.address(), values.end());
    }

    @Override
    public long next(int count) {
        deltas.decode(count, scratch.address(), narrow);
        return scratch.address();
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
    }
}
