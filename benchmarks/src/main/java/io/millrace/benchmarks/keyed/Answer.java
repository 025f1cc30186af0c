package io.millrace.benchmarks.keyed;

/**
 * All groups of a keyed count, added up.
 *
 * @param checksum the sum of {@link KeyedEvents#mix} over (key, count, sum)
 */
public record Answer(long keys, long count, long sum, long checksum) {
    /**
     * Counts again what readers made, without either engine.
     *
     * @param ends for each reader the next position that it would have made
     */
    public static Answer recount(KeyedEvents events, long[] ends) {
        long[] counts = new long[events.keys()];
        long[] sums = new long[events.keys()];
        long stride = (long) ends.length * KeyedEvents.BLOCK_ROWS;
        for (int reader = 0; reader < ends.length; reader++) {
            for (long from = (long) reader * KeyedEvents.BLOCK_ROWS; from < ends[reader]; from += stride) {
                long to = Math.min(from + KeyedEvents.BLOCK_ROWS, ends[reader]);
                for (long position = from; position < to; position++) {
                    int key = events.key(position);
                    counts[key]++;
                    sums[key] += KeyedEvents.value(position);
                }
            }
        }
        return of(counts, sums);
    }

    private static Answer of(long[] counts, long[] sums) {
        long keys = 0;
        long count = 0;
        long sum = 0;
        long checksum = 0;
        for (int key = 0; key < counts.length; key++) {
            if (counts[key] > 0) {
                keys++;
                count += counts[key];
                sum += sums[key];
                checksum += KeyedEvents.mix(KeyedEvents.keyHead(key), KeyedEvents.keyTail(key), counts[key], sums[key]);
            }
        }
        return new Answer(keys, count, sum, checksum);
    }
}
