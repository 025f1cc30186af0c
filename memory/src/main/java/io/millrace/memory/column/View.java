package io.millrace.memory.column;

import io.millrace.memory.buffer.Mem;

/** Reads and writes Arrow's 16-byte binary views by address. */
public final class View {
    public static final int WIDTH_BYTES = 16;

    /** The longest value that lies within the view itself. */
    public static final int INLINE_BYTES = 12;

    private View() {}

    public static int length(long viewAddress) {
        return Mem.getInt(viewAddress);
    }

    /** Where the bytes lie, given the addresses of the column's data buffers. */
    public static long bytesAddress(long viewAddress, long[] dataAddresses) {
        return Mem.getInt(viewAddress) <= INLINE_BYTES
                ? viewAddress + 4
                : dataAddresses[Mem.getInt(viewAddress + 8)] + Mem.getInt(viewAddress + 12);
    }

    /** Writes a value of at most {@link #INLINE_BYTES} bytes, padded with zeros. */
    public static void putInline(long viewAddress, long fromAddress, int lengthBytes) {
        Mem.putLong(viewAddress, lengthBytes & 0xffffffffL);
        Mem.putLong(viewAddress + 8, 0);
        for (int i = 0; i < lengthBytes; i++) {
            Mem.putByte(viewAddress + 4 + i, Mem.getByte(fromAddress + i));
        }
    }

    /** Writes a view of bytes that lie at {@code offset} in data buffer {@code buffer}; longer than inline. */
    public static void putReference(long viewAddress, int lengthBytes, int prefix, int buffer, int offset) {
        Mem.putInt(viewAddress, lengthBytes);
        Mem.putInt(viewAddress + 4, prefix);
        Mem.putInt(viewAddress + 8, buffer);
        Mem.putInt(viewAddress + 12, offset);
    }

    /** Whether two views hold the same bytes. */
    public static boolean same(long viewA, long[] dataA, long viewB, long[] dataB) {
        long headA = Mem.getLong(viewA);
        if (headA != Mem.getLong(viewB)) {
            return false;
        }
        int length = (int) headA;
        return length <= INLINE_BYTES
                ? Mem.getLong(viewA + 8) == Mem.getLong(viewB + 8)
                : Mem.sameBytes(bytesAddress(viewA, dataA), bytesAddress(viewB, dataB), length);
    }

    /** Unsigned lexicographic order of the bytes. */
    public static int compare(long viewA, long[] dataA, long viewB, long[] dataB) {
        int prefixA = Integer.reverseBytes(Mem.getInt(viewA + 4));
        int prefixB = Integer.reverseBytes(Mem.getInt(viewB + 4));
        if (prefixA != prefixB) {
            return Integer.compareUnsigned(prefixA, prefixB);
        }
        return Mem.compareBytes(bytesAddress(viewA, dataA), length(viewA), bytesAddress(viewB, dataB), length(viewB));
    }
}
