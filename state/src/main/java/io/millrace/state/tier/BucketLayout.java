package io.millrace.state.tier;

/**
 * Which bucket a key lies in: all rows of a run whose hashes begin with the same bits. An entry of a run, but for those
 * of its {@link RunFilter}, is
 *
 * <pre>
 *   key     i32 number of the run | i32 bucket: the first bits of the hash, then zeros; big-endian
 *   value   the {@linkplain io.millrace.state.table.Records records} of the rows, by the first half of their hashes
 * </pre>
 *
 * Runs as once were written have the bucket before the number.
 */
final class BucketLayout {
    /** Rows that a bucket has about: what is read to find one key. */
    private static final int ROWS = 64;

    /** The most bits of a bucket: its last four are always zeros. */
    private static final int MAX_BITS = 28;

    private BucketLayout() {}

    /** How many bits the buckets of so many rows had better have. */
    static int bitsFor(long rows) {
        return Math.min(MAX_BITS, Long.SIZE - Long.numberOfLeadingZeros(rows / ROWS));
    }

    /** The bits of a bucket that count. */
    static int maskOf(int bits) {
        return bits == 0 ? 0 : -1 << Integer.SIZE - bits;
    }

    /** The half of a hash that buckets are made of. */
    static int halfOf(long hash) {
        return (int) (hash >>> Integer.SIZE);
    }
}
