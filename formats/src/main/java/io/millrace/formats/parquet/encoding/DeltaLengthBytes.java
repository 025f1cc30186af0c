package io.millrace.formats.parquet.encoding;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;

/** DELTA_LENGTH_BYTE_ARRAY: all lengths as deltas, then all bytes; views point into the page. */
public final class DeltaLengthBytes implements ViewDecoder, AutoCloseable {
    private final Allocator allocator;
    private final ChunkLocation where;
    private final DeltaDecoder lengths;
    private Buffer scratch;
    private ByteSlice page;
    private long at;

    public DeltaLengthBytes(Allocator allocator, ChunkLocation where) {
        this.allocator = allocator;
        this.where = where;
        this.lengths = new DeltaDecoder(where);
    }

    @Override
    public void start(ByteSlice values, int valueCount) {
        start(values, values.address());
    }

    /** As {@link #start(ByteSlice, int)}, where the lengths begin further on in the page. */
    void start(ByteSlice values, long lengthsAddress) {
        if (scratch == null) {
            scratch = allocator.allocate(MemoryTag.READ, 4L * FixedDecoder.SLICE);
        }
        page = values;
        lengths.start(lengthsAddress, values.end());
        at = lengths.endAddress();
        lengths.start(lengthsAddress, values.end());
    }

    @Override
    public void next(int count, long views, ViewTarget target) {
        long sizes = nextLengths(count);
        int buffer = target.indexOf(page.holder());
        long base = page.holder().address();
        for (int i = 0; i < count; i++) {
            int length = Mem.getInt(sizes + 4L * i);
            long from = take(length);
            ViewTarget.put(views + 16L * i, from, length, buffer, (int) (from - base));
        }
    }

    /** Lengths of the next values as i32, unchecked. */
    long nextLengths(int count) {
        lengths.decode(count, scratch.address(), true);
        return scratch.address();
    }

    /** Where the next value's bytes lie. */
    long take(int length) {
        if (length < 0 || length > page.end() - at) {
            throw where.corrupt("a value of " + length + " bytes with " + (page.end() - at) + " left in the page");
        }
        long from = at;
        at += length;
        return from;
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
    }
}
