package io.millrace.benchmarks.state;

import java.nio.file.Path;

/**
 * What is asked.
 *
 * @param keys of the keyed count
 * @param runMillis that each run of it takes
 * @param rareMillis between checkpoints of one variant
 * @param oftenMillis between checkpoints of the other
 * @param repeats of each variant, in turn, and of each way to restore
 * @param dirtyKeys that one checkpoint takes, and a job goes on from
 * @param memoryBytes of the engine with the dirty keys
 * @param directory below which states and copies are kept while it runs
 */
record StateLoad(
        int keys,
        int runMillis,
        int rareMillis,
        int oftenMillis,
        int repeats,
        int dirtyKeys,
        long memoryBytes,
        Path directory) {}
