package io.millrace.state.table;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/**
 * Rows of numbers that are mostly small, in fewer bytes: of each word of eight bytes, little-endian, only those that
 * say something, its sign turned into its lowest bit.
 *
 * <pre>
 *   varint bytes of the row
 *   for each two words  i8 bytes of the first, and, times 16, of the second: 0 to 8 each
 *   then the bytes of all words, the lowest first, and those behind the last whole word as they are
 * </pre>
 */
final class PackedWords {
    /** More than one word takes packed. */
    private static final int MOST_A_WORD = 9;

    private PackedWords() {}

    /** Appends these bytes packed. */
    static void write(long address, int lengthBytes, StateOutput output) {
        int words = lengthBytes >>> 3;
        int tail = lengthBytes & 7;
        output.putVarint(lengthBytes);
        output.reserve((long) MOST_A_WORD * (words + 1) + tail);
        long counts = output.advance(words + 1 >>> 1);
        long start = output.address() + output.sizeBytes();
        long to = start;
        for (int i = 0; i < words; i++) {
            long word = Mem.getLong(address + 8L * i);
            long folded = word << 1 ^ word >> 63;
            int bytes = 8 - (Long.numberOfLeadingZeros(folded) >>> 3);
            long count = counts + (i >>> 1);
            Mem.putByte(count, (byte) ((i & 1) == 0 ? bytes : Mem.getByte(count) | bytes << 4));
            // The next word lies over what is too much.
            Mem.putLong(to, folded);
            to += bytes;
        }
        Mem.copyShort(address + 8L * words, to, tail);
        output.advance((int) (to + tail - start));
    }

    /** Unpacks what {@link #write} packed, behind its first number. */
    static void read(long address, int packedBytes, long to, int lengthBytes) {
        int words = lengthBytes >>> 3;
        int tail = lengthBytes & 7;
        long end = address + packedBytes;
        long from = address + (words + 1 >>> 1);
        for (int i = 0; i < words && from <= end; i++) {
            int counts = Mem.getByte(address + (i >>> 1));
            int bytes = (i & 1) == 0 ? counts & 15 : counts >>> 4 & 15;
            long folded = bytes > end - from ? 0 : word(from, bytes, end);
            Mem.putLong(to + 8L * i, folded >>> 1 ^ -(folded & 1));
            from += bytes;
        }
        if (from + tail != end) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    "a packed row of state: expected " + packedBytes + " bytes, found " + (from + tail - address));
        }
        Mem.copyShort(from, to + 8L * words, tail);
    }

    private static long word(long from, int bytes, long end) {
        if (bytes == 0) {
            return 0;
        }
        if (end - from >= 8) {
            return Mem.getLong(from) & -1L >>> 64 - 8 * bytes;
        }
        long word = 0;
        for (int i = 0; i < bytes; i++) {
            word |= (Mem.getByte(from + i) & 0xffL) << 8 * i;
        }
        return word;
    }
}
