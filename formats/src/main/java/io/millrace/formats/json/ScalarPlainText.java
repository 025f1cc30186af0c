package io.millrace.formats.json;

import io.millrace.memory.buffer.Mem;

/** Eight bytes at a time, as one word. */
final class ScalarPlainText implements PlainText {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long CONTROLS = 0x20 * ONES;

    @Override
    public long length(long from, long end) {
        boolean ascii = true;
        for (long p = from; ; p += 8) {
            long word = Mem.getLong(p);
            // Without high bits each difference flags its first hit and nothing before it, so the lowest flag is exact.
            long hit = ((word ^ QUOTES) - ONES | (word ^ BACKSLASHES) - ONES | word - CONTROLS | word) & HIGHS;
            if (hit != 0 && (word & HIGHS) != 0) {
                hit = exactHit(word);
                // With no hit the mask is all ones.
                ascii &= (word & HIGHS & (hit & -hit) - 1) == 0;
            }
            if (hit != 0 || p + 8 >= end) {
                long length = p - from + (hit == 0 ? 8 : Long.numberOfTrailingZeros(hit) >>> 3);
                return ascii ? length : ~length;
            }
        }
    }

    /** The lowest flag is exact, those above it may be borrows. */
    private static long exactHit(long word) {
        long quote = word ^ QUOTES;
        long backslash = word ^ BACKSLASHES;
        return (quote - ONES & ~quote | backslash - ONES & ~backslash | word - CONTROLS & ~word) & HIGHS;
    }
}
