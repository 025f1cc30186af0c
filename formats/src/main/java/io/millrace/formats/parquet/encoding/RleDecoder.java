package io.millrace.formats.parquet.encoding;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.memory.buffer.Mem;

/**
 * The RLE / bit-packed hybrid: runs of one value, or of values packed in groups of eight. Used for levels, dictionary
 * indices and booleans. Restartable; fails with CORRUPT_DATA when asked for more than there is.
 *
 * <pre>
 *   run       varint header; header &amp; 1 == 0: header &gt;&gt; 1 times the value in ceil(width / 8) bytes
 *                            header &amp; 1 == 1: header &gt;&gt; 1 groups of 8 values, width bytes each
 * </pre>
 */
public final class RleDecoder {
    private final ChunkLocation where;
    private long at;
    private long end;
    private int width;
    private int left;
    private boolean packed;
    private int value;
    private long packedStart;
    private long packedIndex;

    public RleDecoder(ChunkLocation where) {
        this.where = where;
    }

    public void start(long address, long endAddress, int bitWidth) {
        if (bitWidth < 0 || bitWidth > 32) {
            throw where.corrupt("expected a bit width of 0 to 32, found " + bitWidth);
        }
        at = address;
        end = endAddress;
        width = bitWidth;
        left = 0;
    }

    private void nextRun() {
        do {
            long header = 0;
            for (int shift = 0; ; shift += 7) {
                if (at >= end || shift > 28) {
                    throw where.corrupt("a run of levels or indices ends too early");
                }
                byte b = Mem.getByte(at++);
                header |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    break;
                }
            }
            packed = (header & 1) != 0;
            if (packed) {
                startPacked(header >>> 1);
            } else {
                startRepeated((int) (header >>> 1 & 0x7fffffff));
            }
        } while (left == 0);
    }

    private void startPacked(long groups) {
        long wanted = groups * width;
        long bytes = Math.min(wanted, end - at);
        // The last group may be cut short where its values are not needed.
        long values = bytes == wanted ? groups * 8 : bytes * 8 / width;
        left = (int) Math.min(values, Integer.MAX_VALUE - 7);
        packedStart = at;
        packedIndex = 0;
        at += bytes;
    }

    private void startRepeated(int count) {
        int bytes = width + 7 >>> 3;
        if (end - at < bytes) {
            throw where.corrupt("a run of levels or indices ends too early");
        }
        int read = 0;
        for (int i = 0; i < bytes; i++) {
            read |= (Mem.getByte(at++) & 0xff) << 8 * i;
        }
        left = count;
        value = read;
    }

    /** Writes the next {@code count} values as i32. */
    public void decode(int count, long to) {
        if (width == 0) {
            Mem.fill(to, 4L * count, (byte) 0);
            return;
        }
        int done = 0;
        while (done < count) {
            if (left == 0) {
                nextRun();
            }
            int n = Math.min(left, count - done);
            if (packed) {
                BitUnpacker.unpack(packedStart, packedIndex, width, n, to + 4L * done);
                packedIndex += n;
            } else {
                fill(to + 4L * done, n, value);
            }
            left -= n;
            done += n;
        }
    }

    private static void fill(long to, int count, int value) {
        for (int i = 0; i < count; i++) {
            Mem.putInt(to + 4L * i, value);
        }
    }

    /**
     * Of a stream of single bits: writes the next {@code count} of them into a bitmap from bit {@code bit} on, all of
     * whose bits were set.
     *
     * @return how many are set
     */
    public int decodeBits(int count, long bitmap, int bit) {
        assert width == 1;
        int done = 0;
        int set = 0;
        while (done < count) {
            if (left == 0) {
                nextRun();
            }
            int n = Math.min(left, count - done);
            if (packed) {
                set += copyBits(packedStart, packedIndex, n, bitmap, bit + done);
                packedIndex += n;
            } else if (value == 0) {
                clearBits(bitmap, bit + done, n);
            } else if (value == 1) {
                set += n;
            } else {
                throw where.corrupt("expected a level of 0 or 1, found " + value);
            }
            left -= n;
            done += n;
        }
        return set;
    }

    private static int copyBits(long from, long fromBit, int count, long bitmap, int bit) {
        int set = 0;
        int done = 0;
        while (done < count) {
            long source = fromBit + done;
            int target = bit + done;
            int n = Math.min(count - done, Math.min(56, 64 - (target & 63)));
            long bits = Mem.getLong(from + (source >>> 3)) >>> (source & 7);
            long mask = (1L << n) - 1;
            set += Long.bitCount(bits & mask);
            long at = bitmap + (target >>> 6 << 3);
            Mem.putLong(at, Mem.getLong(at) & ~((~bits & mask) << (target & 63)));
            done += n;
        }
        return set;
    }

    private static void clearBits(long bitmap, int bit, int count) {
        int done = 0;
        while (done < count) {
            int target = bit + done;
            int n = Math.min(count - done, 64 - (target & 63));
            long mask = n == 64 ? -1L : (1L << n) - 1;
            long at = bitmap + (target >>> 6 << 3);
            Mem.putLong(at, Mem.getLong(at) & ~(mask << (target & 63)));
            done += n;
        }
    }

    /** Of a stream of single bits: passes over {@code count} of them; how many are set. */
    public int skipBits(int count) {
        assert width == 1;
        int done = 0;
        int set = 0;
        while (done < count) {
            if (left == 0) {
                nextRun();
            }
            int n = Math.min(left, count - done);
            if (packed) {
                set += countBits(packedStart, packedIndex, n);
                packedIndex += n;
            } else if (value == 1) {
                set += n;
            } else if (value != 0) {
                throw where.corrupt("expected a level of 0 or 1, found " + value);
            }
            left -= n;
            done += n;
        }
        return set;
    }

    private static int countBits(long from, long fromBit, int count) {
        int set = 0;
        for (int done = 0; done < count; ) {
            long source = fromBit + done;
            int n = Math.min(count - done, 56);
            long bits = Mem.getLong(from + (source >>> 3)) >>> (source & 7);
            set += Long.bitCount(bits & (1L << n) - 1);
            done += n;
        }
        return set;
    }

    /** Passes over {@code count} values. */
    public void skip(long count) {
        long toSkip = width == 0 ? 0 : count;
        while (toSkip > 0) {
            if (left == 0) {
                nextRun();
            }
            int n = (int) Math.min(left, toSkip);
            packedIndex += n;
            left -= n;
            toSkip -= n;
        }
    }
}
