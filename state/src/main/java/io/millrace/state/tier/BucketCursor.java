package io.millrace.state.tier;

import io.millrace.memory.buffer.Allocator;

/** Goes over the buckets of one run, in order. One thread. */
interface BucketCursor extends AutoCloseable {
    /** Goes to the first bucket. */
    void seekToFirst();

    /** Whether there is a bucket here; there is none behind the last. */
    boolean isValid();

    /** The bucket here. */
    int bucket();

    void next();

    /** Where the records of the bucket here lie until the next move or fetch, {@link #length} bytes. */
    long fetch();

    /** Bytes that were fetched last. */
    int length();

    @Override
    void close();

    /** A cursor that is nowhere yet: as the run's index says where it has one, else as RocksDB reads it. */
    static BucketCursor of(StateTier tier, Allocator allocator, TierRun run) {
        return run.index() == null ? BucketReader.ofAll(tier, allocator, run) : new IndexedBuckets(run);
    }
}
