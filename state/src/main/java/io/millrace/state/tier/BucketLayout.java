package io.millrace.state.tier;

/**
 * Which bucket a key lies in: all rows of a run whose hashes begin with the same bits. An entry of a run is
 *
 * <pre>
 *   key     i32 number of the run | i32 bucket: the first bits of the hash, then zeros; big-endian
 *   value   the {@linkplain io.millrace.state.table.Records records} of the rows, by the first half of their hashes
 * </pre>
 *
 * but for those of its {@link RunFilter} and {@link RunIndex}: they come behind the buckets of a <em>segment</em>, some
 * neighbouring ones, so that they are made while the run is written, and have what no bucket ends with. Runs as once
 * were written have the bucket before the number.
 */
final class BucketLayout {
    /** Rows that a bucket has at the most, about: what is read to find one key. */
    private static final int ROWS = 32;

    /** The most bits of a bucket: its last four are always zeros. */
    private static final int MAX_BITS = 28;

    /** The fewest, however few the rows: with them others are merged by the same buckets, however many those have. */
    static final int MIN_BITS = 10;

    /** Of the bits of a bucket, those that do not matter for its segment. */
    private static final int BITS_IN_SEGMENT = 6;

    private BucketLayout() {}

    /** How many bits the buckets of so many rows had better have. */
    static int bitsFor(long rows) {
        return Math.clamp(Long.SIZE - Long.numberOfLeadingZeros(rows / ROWS), MIN_BITS, MAX_BITS);
    }

    /** The bits of a bucket that count. */
    static int maskOf(int bits) {
        return bits == 0 ? 0 : -1 << Integer.SIZE - bits;
    }

    /** The half of a hash that buckets are made of. */
    static int halfOf(long hash) {
        return (int) (hash >>> Integer.SIZE);
    }

    /** Of a run whose buckets have so many bits, those that say the segment. */
    static int segmentBits(int bits) {
        return Math.max(0, bits - BITS_IN_SEGMENT);
    }

    /** The segment of a bucket, or of a key by the half of its hash. */
    static int segmentOf(int half, int segmentBits) {
        return segmentBits == 0 ? 0 : half >>> Integer.SIZE - segmentBits;
    }

    /** The last number of a bucket that lies in a segment, as unsigned: it is none. */
    static int lastOf(int segment, int segmentBits) {
        return (int) ((segment + 1L << Integer.SIZE - segmentBits) - 1);
    }

    /** Whether an entry of a run is none of a bucket. */
    static boolean isPart(int bucket) {
        return (bucket & 0xF) != 0;
    }
}
