package io.millrace.formats.parquet.encoding;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.memory.buffer.Mem;

/**
 * DELTA_BINARY_PACKED, decoded as a stream so that a few bytes that claim billions of values cost nothing.
 *
 * <pre>
 *   header      varint block size, varint miniblocks a block, varint value count, zigzag first value
 *   block       zigzag least delta, one byte of bit width a miniblock, then the miniblocks:
 *               (delta - least delta), packed in that width
 * </pre>
 */
final class DeltaDecoder {
    private static final int MAX_BLOCK_VALUES = 1 << 20;

    private final ChunkLocation where;
    private long at;
    private long end;
    private int miniblocks;
    private int miniblockValues;
    private long left;
    private boolean first;
    private long last;
    private long leastDelta;
    private long widths;
    private int miniblock;
    private int miniblockLeft;
    private int width;
    private long packed;
    private long packedIndex;

    DeltaDecoder(ChunkLocation where) {
        this.where = where;
    }

    void start(long address, long endAddress) {
        at = address;
        end = endAddress;
        long blockValues = varint();
        long count = varint();
        if (blockValues < 8
                || blockValues > MAX_BLOCK_VALUES
                || count < 1
                || count > blockValues
                || blockValues % count != 0
                || blockValues / count % 8 != 0) {
            throw where.corrupt("delta blocks of " + blockValues + " values in " + count + " miniblocks");
        }
        miniblocks = (int) count;
        miniblockValues = (int) (blockValues / count);
        left = varint();
        if (left < 0) {
            throw where.corrupt("a delta block of " + left + " values");
        }
        last = zigzag();
        first = true;
        miniblock = miniblocks;
        miniblockLeft = 0;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                throw where.corrupt("the deltas end too early");
            }
            byte b = Mem.getByte(at++);
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw where.corrupt("expected a number of at most 10 bytes");
    }

    private long zigzag() {
        long n = varint();
        return n >>> 1 ^ -(n & 1);
    }

    /** Values not yet given. */
    long left() {
        return left;
    }

    private void nextMiniblock() {
        if (miniblock == miniblocks) {
            leastDelta = zigzag();
            widths = at;
            if (end - at < miniblocks) {
                throw where.corrupt("the deltas end too early");
            }
            at += miniblocks;
            miniblock = 0;
        }
        width = Mem.getByte(widths + miniblock++) & 0xff;
        if (width > 64) {
            throw where.corrupt("expected a bit width of 0 to 64, found " + width);
        }
        long bytes = (long) miniblockValues / 8 * width;
        packed = at;
        packedIndex = 0;
        miniblockLeft = miniblockValues;
        if (bytes > end - at) {
            // The last miniblock may be cut short where its values are not needed.
            long needed = (Math.min(left, miniblockValues) * width + 7) / 8;
            if (needed > end - at) {
                throw where.corrupt("the deltas end too early");
            }
            bytes = end - at;
        }
        at += bytes;
    }

    /** Writes the next {@code count} values, as i64 or, when {@code narrow}, their low half as i32. */
    void decode(int count, long to, boolean narrow) {
        if (count > left) {
            throw where.corrupt("expected " + count + " further deltas, found " + left);
        }
        int step = narrow ? 4 : 8;
        int done = 0;
        if (first && count > 0) {
            store(to, last, narrow);
            first = false;
            left--;
            done = 1;
        }
        while (done < count) {
            if (miniblockLeft == 0) {
                nextMiniblock();
            }
            int n = Math.min(count - done, miniblockLeft);
            if (width == 0) {
                repeat(n, to + (long) step * done, narrow);
            } else {
                unpack(n, to + (long) step * done, narrow);
            }
            packedIndex += n;
            miniblockLeft -= n;
            left -= n;
            done += n;
        }
    }

    private static void store(long to, long value, boolean narrow) {
        if (narrow) {
            Mem.putInt(to, (int) value);
        } else {
            Mem.putLong(to, value);
        }
    }

    private void repeat(int count, long to, boolean narrow) {
        long value = last;
        long delta = leastDelta;
        for (int i = 0; i < count; i++) {
            value += delta;
            store(to + (narrow ? 4L : 8L) * i, value, narrow);
        }
        last = value;
    }

    private void unpack(int count, long to, boolean narrow) {
        long value = last;
        long delta = leastDelta;
        int w = width;
        long mask = w == 64 ? -1L : (1L << w) - 1;
        long bit = packedIndex * w;
        long from = packed;
        int step = narrow ? 4 : 8;
        long out = to;
        for (int i = 0; i < count; i++) {
            long byteAt = from + (bit >>> 3);
            int shift = (int) bit & 7;
            long bits = Mem.getLong(byteAt) >>> shift;
            if (shift + w > 64) {
                bits |= (Mem.getByte(byteAt + 8) & 0xffL) << 64 - shift;
            }
            value += delta + (bits & mask);
            store(out, value, narrow);
            out += step;
            bit += w;
        }
        last = value;
    }

    /** Passes over all values that are left and returns where the bytes behind them begin. */
    long endAddress() {
        if (first && left > 0) {
            first = false;
            left--;
        }
        left -= Math.min(left, miniblockLeft);
        miniblockLeft = 0;
        while (left > 0) {
            nextMiniblock();
            left -= Math.min(left, miniblockValues);
        }
        miniblockLeft = 0;
        // Miniblocks of the last block that hold no value have a width but no bytes.
        return at;
    }
}
