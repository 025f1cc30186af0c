package io.millrace.operators.function;

import io.millrace.memory.buffer.Mem;

/** Where code points begin and end in UTF-8; bytes that are no UTF-8 count as characters of their own. */
final class Utf8 {
    private Utf8() {}

    /** Bytes of the character that begins at a byte index. */
    static int widthAt(Text text, int index) {
        int i = index + 1;
        while (i < text.length() && (text.byteAt(i) & 0xc0) == 0x80) {
            i++;
        }
        return i - index;
    }

    /** Where the character begins that ends before a byte index. */
    static int startBefore(Text text, int end) {
        int i = end - 1;
        while (i > 0 && (text.byteAt(i) & 0xc0) == 0x80) {
            i--;
        }
        return i;
    }

    /** Characters among the first bytes. */
    static int characters(Text text, int lengthBytes) {
        int count = 0;
        for (int i = 0; i < lengthBytes; i++) {
            count += (text.byteAt(i) & 0xc0) != 0x80 ? 1 : 0;
        }
        return count;
    }

    /** Whether a character of {@code text} is one of those in {@code set}. */
    static boolean contains(Text set, Text text, int index, int width) {
        for (int i = 0; i < set.length(); i += widthAt(set, i)) {
            if (widthAt(set, i) == width && Mem.sameBytes(set.address() + i, text.address() + index, width)) {
                return true;
            }
        }
        return false;
    }
}
