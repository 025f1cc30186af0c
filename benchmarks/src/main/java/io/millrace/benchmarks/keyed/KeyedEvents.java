package io.millrace.benchmarks.keyed;

/**
 * The row at each position: key and value. Before {@link #loadRows} every key comes once in turn, from there on as
 * chosen. Readers take blocks of {@link #BLOCK_ROWS} positions in turn. Immutable, thread-safe.
 */
public final class KeyedEvents {
    public static final int BLOCK_ROWS = 4096;
    public static final int KEY_BYTES = 16;

    private final KeyChoice choice;
    private final long loadRows;

    /**
     * @param loadRows positions that load all keys first; 0 for none
     */
    public KeyedEvents(KeyChoice choice, long loadRows) {
        this.choice = choice;
        this.loadRows = loadRows;
    }

    public int keys() {
        return choice.keys();
    }

    public long loadRows() {
        return loadRows;
    }

    /** From 0 to the number of keys. */
    public int key(long position) {
        return position < loadRows ? (int) (position % choice.keys()) : choice.key(position);
    }

    public static long value(long position) {
        return position & 1023;
    }

    /** The first eight bytes of a key, the first in the lowest bits. */
    public static long keyHead(int key) {
        return letters((int) (bits(key) >>> 32));
    }

    /** The other eight bytes of a key. */
    public static long keyTail(int key) {
        return letters((int) bits(key));
    }

    private static long bits(int key) {
        // Odd, so that no two keys get the same bits.
        return (key + 1L) * 0x9e3779b97f4a7c15L;
    }

    /** Eight characters from a to p, one for each four bits. */
    private static long letters(int bits) {
        long spread = bits & 0xffffffffL;
        spread = (spread | spread << 16) & 0x0000ffff0000ffffL;
        spread = (spread | spread << 8) & 0x00ff00ff00ff00ffL;
        spread = (spread | spread << 4) & 0x0f0f0f0f0f0f0f0fL;
        return spread + 0x6161616161616161L;
    }

    /** What one row (key, count, sum) adds to the checksum of an answer; the order of rows does not matter. */
    public static long mix(long keyHead, long keyTail, long count, long sum) {
        long h = keyHead * 0x9e3779b97f4a7c15L + keyTail;
        h = (h ^ h >>> 29) * 0xbf58476d1ce4e5b9L + count;
        h = (h ^ h >>> 32) * 0x94d049bb133111ebL + sum;
        return (h ^ h >>> 31) * 0x9e3779b97f4a7c15L;
    }
}
