package io.millrace.formats.parquet.encoding;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;

/** BYTE_STREAM_SPLIT: byte k of every value, for each k in turn. */
public final class StreamSplit implements FixedDecoder, AutoCloseable {
    private final int widthBytes;
    private final Allocator allocator;
    private final ChunkLocation where;
    private Buffer scratch;
    private long start;
    private long streamBytes;
    private long index;

    public StreamSplit(int widthBytes, Allocator allocator, ChunkLocation where) {
        this.widthBytes = widthBytes;
        this.allocator = allocator;
        this.where = where;
    }

    @Override
    public void start(ByteSlice values, int valueCount) {
        if (values.lengthBytes() % widthBytes != 0) {
            throw where.corrupt("expected a multiple of " + widthBytes + " bytes, found " + values.lengthBytes());
        }
        start = values.address();
        streamBytes = values.lengthBytes() / widthBytes;
        index = 0;
        if (scratch == null && streamBytes > 0) {
            scratch = allocator.allocate(MemoryTag.READ, (long) widthBytes * SLICE);
        }
    }

    @Override
    public long next(int count) {
        if (count > streamBytes - index) {
            throw where.corrupt("expected " + count + " further values, found " + (streamBytes - index));
        }
        if (count == 0) {
            return start;
        }
        long to = scratch.address();
        switch (widthBytes) {
            case 4 -> join4(start + index, streamBytes, count, to);
            case 8 -> join8(start + index, streamBytes, count, to);
            default -> {
                for (int k = 0; k < widthBytes; k++) {
                    long stream = start + k * streamBytes + index;
                    for (int i = 0; i < count; i++) {
                        Mem.putByte(to + (long) i * widthBytes + k, Mem.getByte(stream + i));
                    }
                }
            }
        }
        index += count;
        return to;
    }

    private static void join4(long from, long stride, int count, long to) {
        for (int i = 0; i < count; i++) {
            long at = from + i;
            Mem.putInt(
                    to + 4L * i,
                    Mem.getByte(at) & 0xff
                            | (Mem.getByte(at + stride) & 0xff) << 8
                            | (Mem.getByte(at + 2 * stride) & 0xff) << 16
                            | Mem.getByte(at + 3 * stride) << 24);
        }
    }

    private static void join8(long from, long stride, int count, long to) {
        join4Into8(from, stride, count, to);
        join4Into8(from + 4 * stride, stride, count, to + 4);
    }

    private static void join4Into8(long from, long stride, int count, long to) {
        for (int i = 0; i < count; i++) {
            long at = from + i;
            Mem.putInt(
                    to + 8L * i,
                    Mem.getByte(at) & 0xff
                            | (Mem.getByte(at + stride) & 0xff) << 8
                            | (Mem.getByte(at + 2 * stride) & 0xff) << 16
                            | Mem.getByte(at + 3 * stride) << 24);
        }
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.release();
            scratch = null;
        }
    }
}
