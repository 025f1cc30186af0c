package io.millrace.memory.buffer;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.agrona.UnsafeApi;

/**
 * Raw memory by address: the one place in the engine that does it, so that it can be swapped. Nothing is checked here;
 * a caller holds the buffer the address lies in. Little endian, any alignment.
 */
public final class Mem {
    /** All of memory as one segment, for kernels of the Vector API: offsets are addresses. */
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final long BYTE_ARRAY_OFFSET = UnsafeApi.arrayBaseOffset(byte[].class);

    static {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalStateException("expected a little-endian machine, found " + ByteOrder.nativeOrder());
        }
    }

    private Mem() {}

    public static byte getByte(long address) {
        return UnsafeApi.getByte(address);
    }

    public static void putByte(long address, byte value) {
        UnsafeApi.putByte(address, value);
    }

    public static short getShort(long address) {
        return UnsafeApi.getShort(address);
    }

    public static void putShort(long address, short value) {
        UnsafeApi.putShort(address, value);
    }

    public static int getInt(long address) {
        return UnsafeApi.getInt(address);
    }

    public static void putInt(long address, int value) {
        UnsafeApi.putInt(address, value);
    }

    public static long getLong(long address) {
        return UnsafeApi.getLong(address);
    }

    public static void putLong(long address, long value) {
        UnsafeApi.putLong(address, value);
    }

    public static float getFloat(long address) {
        return UnsafeApi.getFloat(address);
    }

    public static void putFloat(long address, float value) {
        UnsafeApi.putFloat(address, value);
    }

    public static double getDouble(long address) {
        return UnsafeApi.getDouble(address);
    }

    public static void putDouble(long address, double value) {
        UnsafeApi.putDouble(address, value);
    }

    public static void copy(long fromAddress, long toAddress, long lengthBytes) {
        UnsafeApi.copyMemory(fromAddress, toAddress, lengthBytes);
    }

    public static void copyIn(byte[] from, int fromIndex, long toAddress, int lengthBytes) {
        UnsafeApi.copyMemory(from, BYTE_ARRAY_OFFSET + fromIndex, null, toAddress, lengthBytes);
    }

    public static void copyOut(long fromAddress, byte[] to, int toIndex, int lengthBytes) {
        UnsafeApi.copyMemory(null, fromAddress, to, BYTE_ARRAY_OFFSET + toIndex, lengthBytes);
    }

    public static void fill(long address, long lengthBytes, byte value) {
        UnsafeApi.setMemory(address, lengthBytes, value);
    }

    /** Copies at most a few dozen bytes without the call that {@link #copy} makes; the ranges do not overlap. */
    public static void copyShort(long fromAddress, long toAddress, int lengthBytes) {
        if (lengthBytes >= 8) {
            // The last word may lie over the one before it.
            int last = lengthBytes - 8;
            for (int i = 0; i < last; i += 8) {
                UnsafeApi.putLong(toAddress + i, UnsafeApi.getLong(fromAddress + i));
            }
            UnsafeApi.putLong(toAddress + last, UnsafeApi.getLong(fromAddress + last));
        } else {
            for (int i = 0; i < lengthBytes; i++) {
                UnsafeApi.putByte(toAddress + i, UnsafeApi.getByte(fromAddress + i));
            }
        }
    }

    /** Whether two ranges hold the same bytes. */
    public static boolean sameBytes(long addressA, long addressB, int lengthBytes) {
        int i = 0;
        for (; i + 8 <= lengthBytes; i += 8) {
            if (UnsafeApi.getLong(addressA + i) != UnsafeApi.getLong(addressB + i)) {
                return false;
            }
        }
        for (; i < lengthBytes; i++) {
            if (UnsafeApi.getByte(addressA + i) != UnsafeApi.getByte(addressB + i)) {
                return false;
            }
        }
        return true;
    }

    /** Bytes in unsigned lexicographic order; a prefix is smaller. */
    public static int compareBytes(long addressA, int lengthA, long addressB, int lengthB) {
        int common = Math.min(lengthA, lengthB);
        int i = 0;
        for (; i + 8 <= common; i += 8) {
            long a = UnsafeApi.getLong(addressA + i);
            long b = UnsafeApi.getLong(addressB + i);
            if (a != b) {
                return Long.compareUnsigned(Long.reverseBytes(a), Long.reverseBytes(b));
            }
        }
        for (; i < common; i++) {
            int difference = (UnsafeApi.getByte(addressA + i) & 0xff) - (UnsafeApi.getByte(addressB + i) & 0xff);
            if (difference != 0) {
                return difference;
            }
        }
        return Integer.compare(lengthA, lengthB);
    }

    /** Bit {@code index} of a bitmap whose lowest bit is the lowest bit of its first byte. */
    public static boolean getBit(long bitmapAddress, int index) {
        return (UnsafeApi.getByte(bitmapAddress + (index >> 3)) >>> (index & 7) & 1) != 0;
    }

    public static void setBit(long bitmapAddress, int index) {
        long at = bitmapAddress + (index >> 3);
        UnsafeApi.putByte(at, (byte) (UnsafeApi.getByte(at) | 1 << (index & 7)));
    }

    public static void clearBit(long bitmapAddress, int index) {
        long at = bitmapAddress + (index >> 3);
        UnsafeApi.putByte(at, (byte) (UnsafeApi.getByte(at) & ~(1 << (index & 7))));
    }

    /** Clears {@code count} bits from bit {@code from} on. */
    public static void clearBits(long bitmapAddress, int from, int count) {
        int i = from;
        int end = from + count;
        for (; i < end && (i & 7) != 0; i++) {
            clearBit(bitmapAddress, i);
        }
        int wholeBytes = (end - i) / 8;
        if (wholeBytes > 0) {
            UnsafeApi.setMemory(bitmapAddress + (i >> 3), wholeBytes, (byte) 0);
            i += wholeBytes * 8;
        }
        for (; i < end; i++) {
            clearBit(bitmapAddress, i);
        }
    }

    /** Bytes of a bitmap over this many rows, rounded up to whole longs. */
    public static long bitmapBytes(int rows) {
        return ((long) rows + 63) / 64 * 8;
    }

    /** How many of the first {@code rows} bits are set. */
    public static int countBits(long bitmapAddress, int rows) {
        int count = 0;
        int whole = rows & ~63;
        for (int i = 0; i < whole; i += 64) {
            count += Long.bitCount(UnsafeApi.getLong(bitmapAddress + (i >> 3)));
        }
        for (int i = whole; i < rows; i++) {
            count += getBit(bitmapAddress, i) ? 1 : 0;
        }
        return count;
    }
}
