package io.millrace.formats.parquet.encoding;

import io.millrace.memory.buffer.Mem;

/**
 * Unpacks values of 1 to 32 bits, packed from the low end of each byte on, to i32. Reads up to 8 bytes past the last
 * packed one.
 *
 * <p>Loads whole words and shifts by constants of the loop; widths above 28 need a load a value.
 */
final class BitUnpacker {
    private BitUnpacker() {}

    /** Unpacks {@code count} values, the first of them at bit {@code index * width} of {@code from}. */
    static void unpack(long from, long index, int width, int count, long to) {
        int done = 0;
        int head = (int) (-index & 7);
        if (head != 0) {
            done = Math.min(head, count);
            unpackSingly(from, index, width, done, to);
        }
        int whole = count - done & ~7;
        if (whole > 0) {
            long at = from + (index + done >>> 3) * width;
            if (width <= 8) {
                unpack8(at, width, whole, to + 4L * done);
            } else if (width <= 15) {
                unpack4(at, width, whole, to + 4L * done);
            } else if (width == 16) {
                unpack16(at, whole, to + 4L * done);
            } else if (width <= 28) {
                unpack2(at, width, whole, to + 4L * done);
            } else {
                unpackSingly(at, 0, width, whole, to + 4L * done);
            }
            done += whole;
        }
        if (done < count) {
            unpackSingly(from, index + done, width, count - done, to + 4L * done);
        }
    }

    private static void unpackSingly(long from, long index, int width, int count, long to) {
        long mask = (1L << width) - 1;
        long bit = index * width;
        for (int i = 0; i < count; i++) {
            Mem.putInt(to + 4L * i, (int) (Mem.getLong(from + (bit >>> 3)) >>> (bit & 7) & mask));
            bit += width;
        }
    }

    private static void unpack8(long from, int width, int count, long to) {
        int mask = (1 << width) - 1;
        int w2 = 2 * width;
        int w3 = 3 * width;
        int w4 = 4 * width;
        int w5 = 5 * width;
        int w6 = 6 * width;
        int w7 = 7 * width;
        long at = from;
        for (int i = 0; i < count; i += 8) {
            long word = Mem.getLong(at);
            long out = to + 4L * i;
            Mem.putInt(out, (int) word & mask);
            Mem.putInt(out + 4, (int) (word >>> width) & mask);
            Mem.putInt(out + 8, (int) (word >>> w2) & mask);
            Mem.putInt(out + 12, (int) (word >>> w3) & mask);
            Mem.putInt(out + 16, (int) (word >>> w4) & mask);
            Mem.putInt(out + 20, (int) (word >>> w5) & mask);
            Mem.putInt(out + 24, (int) (word >>> w6) & mask);
            Mem.putInt(out + 28, (int) (word >>> w7) & mask);
            at += width;
        }
    }

    private static void unpack4(long from, int width, int count, long to) {
        int mask = (1 << width) - 1;
        int w2 = 2 * width;
        int w3 = 3 * width;
        int second = width >>> 1;
        int shift = (width & 1) << 2;
        long at = from;
        for (int i = 0; i < count; i += 8) {
            long low = Mem.getLong(at);
            long high = Mem.getLong(at + second) >>> shift;
            long out = to + 4L * i;
            Mem.putInt(out, (int) low & mask);
            Mem.putInt(out + 4, (int) (low >>> width) & mask);
            Mem.putInt(out + 8, (int) (low >>> w2) & mask);
            Mem.putInt(out + 12, (int) (low >>> w3) & mask);
            Mem.putInt(out + 16, (int) high & mask);
            Mem.putInt(out + 20, (int) (high >>> width) & mask);
            Mem.putInt(out + 24, (int) (high >>> w2) & mask);
            Mem.putInt(out + 28, (int) (high >>> w3) & mask);
            at += width;
        }
    }

    private static void unpack16(long from, int count, long to) {
        for (int i = 0; i < count; i += 4) {
            long word = Mem.getLong(from + 2L * i);
            long out = to + 4L * i;
            Mem.putInt(out, (int) word & 0xffff);
            Mem.putInt(out + 4, (int) word >>> 16);
            Mem.putInt(out + 8, (int) (word >>> 32) & 0xffff);
            Mem.putInt(out + 12, (int) (word >>> 48));
        }
    }

    private static void unpack2(long from, int width, int count, long to) {
        int mask = (1 << width) - 1;
        int w2 = 2 * width;
        int w4 = 4 * width;
        int w6 = 6 * width;
        long at = from;
        for (int i = 0; i < count; i += 8) {
            long out = to + 4L * i;
            long a = Mem.getLong(at);
            long b = Mem.getLong(at + (w2 >>> 3)) >>> (w2 & 7);
            long c = Mem.getLong(at + (w4 >>> 3)) >>> (w4 & 7);
            long d = Mem.getLong(at + (w6 >>> 3)) >>> (w6 & 7);
            Mem.putInt(out, (int) a & mask);
            Mem.putInt(out + 4, (int) (a >>> width) & mask);
            Mem.putInt(out + 8, (int) b & mask);
            Mem.putInt(out + 12, (int) (b >>> width) & mask);
            Mem.putInt(out + 16, (int) c & mask);
            Mem.putInt(out + 20, (int) (c >>> width) & mask);
            Mem.putInt(out + 24, (int) d & mask);
            Mem.putInt(out + 28, (int) (d >>> width) & mask);
            at += width;
        }
    }
}
