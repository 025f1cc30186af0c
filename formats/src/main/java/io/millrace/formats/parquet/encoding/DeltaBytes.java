package io.millrace.formats.parquet.encoding;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;

/**
 * DELTA_BYTE_ARRAY: how much of the value before each one begins with, as deltas, then the rest of each as
 * DELTA_LENGTH_BYTE_ARRAY. Values are put together in buffers of their own.
 */
public final class DeltaBytes implements ViewDecoder, AutoCloseable {
    private static final int MAX_SLICE_BYTES = 1 << 30;

    private final Allocator allocator;
    private final ChunkLocation where;
    private final DeltaDecoder prefixes;
    private final DeltaLengthBytes suffixes;
    private Buffer scratch;
    private Buffer previous;
    private int previousLength;

    public DeltaBytes(Allocator allocator, ChunkLocation where) {
        this.allocator = allocator;
        this.where = where;
        this.prefixes = new DeltaDecoder(where);
        this.suffixes = new DeltaLengthBytes(allocator, where);
    }

    @Override
    public void start(ByteSlice values, int valueCount) {
        if (scratch == null) {
            scratch = allocator.allocate(MemoryTag.READ, 4L * FixedDecoder.SLICE);
        }
        previousLength = 0;
        prefixes.start(values.address(), values.end());
        long behind = prefixes.endAddress();
        prefixes.start(values.address(), values.end());
        suffixes.start(values, behind);
    }

    @Override
    public void next(int count, long views, ViewTarget target) {
        if (count == 0) {
            return;
        }
        long heads = scratch.address();
        prefixes.decode(count, heads, true);
        long tails = suffixes.nextLengths(count);
        int total = totalBytes(heads, tails, count);
        Buffer joined = allocator.allocate(MemoryTag.BATCH, (long) total + ByteSlice.PADDING_BYTES);
        int buffer = target.take(joined);
        long base = joined.address();
        long before = previous == null ? base : previous.address();
        long to = base;
        for (int i = 0; i < count; i++) {
            int head = Mem.getInt(heads + 4L * i);
            int tail = Mem.getInt(tails + 4L * i);
            Mem.copy(before, to, head);
            Mem.copy(suffixes.take(tail), to + head, tail);
            int length = head + tail;
            ViewTarget.put(views + 16L * i, to, length, buffer, (int) (to - base));
            before = to;
            previousLength = length;
            to += length;
        }
        keep(before);
    }

    /** Bytes of all values together, their lengths checked. */
    private int totalBytes(long heads, long tails, int count) {
        long total = 0;
        long before = previousLength;
        for (int i = 0; i < count; i++) {
            int head = Mem.getInt(heads + 4L * i);
            int tail = Mem.getInt(tails + 4L * i);
            if (head < 0 || head > before || tail < 0) {
                throw where.corrupt(
                        "a value shares " + head + " bytes of the " + before + " before it and adds " + tail);
            }
            before = (long) head + tail;
            total += before;
            if (total > MAX_SLICE_BYTES) {
                throw where.corrupt("expected at most " + MAX_SLICE_BYTES + " bytes in " + count + " values");
            }
        }
        return (int) total;
    }

    private void keep(long valueAddress) {
        if (previous == null || previous.capacityBytes() < previousLength) {
            Buffer grown = allocator.allocate(MemoryTag.READ, Math.max(64, previousLength));
            if (previous != null) {
                previous.release();
            }
            previous = grown;
        }
        Mem.copy(valueAddress, previous.address(), previousLength);
    }

    @Override
    public void close() {
        suffixes.close();
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
        if (previous != null) {
            previous.release();
            previous = null;
        }
    }
}
