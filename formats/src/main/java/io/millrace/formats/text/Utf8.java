package io.millrace.formats.text;

import io.millrace.memory.buffer.Mem;

/** Checks that bytes are UTF-8 (Unicode, table 3-7). Stateless. */
public final class Utf8 {
    private static final long HIGHS = 0x8080808080808080L;

    private Utf8() {}

    /** Index of the first byte that is no part of well-formed UTF-8, or -1. */
    public static int firstBad(long address, int lengthBytes) {
        int i = 0;
        while (i < lengthBytes) {
            if (lengthBytes - i >= 8 && (Mem.getLong(address + i) & HIGHS) == 0) {
                i += 8;
                continue;
            }
            if (Mem.getByte(address + i) >= 0) {
                i++;
                continue;
            }
            int length = sequenceLength(address + i, lengthBytes - i);
            if (length == 0) {
                return i;
            }
            i += length;
        }
        return -1;
    }

    /** Bytes of the well-formed sequence of more than one byte that begins here, or 0. */
    private static int sequenceLength(long p, int left) {
        int b0 = Mem.getByte(p) & 0xff;
        int b1 = left > 1 ? Mem.getByte(p + 1) & 0xff : 0;
        if (b0 < 0xe0) {
            return b0 >= 0xc2 && (b1 & 0xc0) == 0x80 ? 2 : 0;
        }
        int b2 = left > 2 ? Mem.getByte(p + 2) : 0;
        if (b0 < 0xf0) {
            int low = b0 == 0xe0 ? 0xa0 : 0x80;
            int high = b0 == 0xed ? 0x9f : 0xbf;
            return b1 >= low && b1 <= high && (b2 & 0xc0) == 0x80 ? 3 : 0;
        }
        int b3 = left > 3 ? Mem.getByte(p + 3) : 0;
        int low = b0 == 0xf0 ? 0x90 : 0x80;
        int high = b0 == 0xf4 ? 0x8f : 0xbf;
        return b0 <= 0xf4 && b1 >= low && b1 <= high && (b2 & 0xc0) == 0x80 && (b3 & 0xc0) == 0x80 ? 4 : 0;
    }
}
