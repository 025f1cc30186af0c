package io.millrace.state.tier;

import io.millrace.state.checkpoint.CheckpointFile;

/**
 * A run as a checkpoint has it.
 *
 * @param number of the run among those of its task
 * @param bits of the hash in a bucket
 * @param rows in it, parts of others or not
 * @param changed whether it may hold rows with changes that nobody has been told of
 * @param isByBucket whether its entries are by bucket, then number, as once was written, and not the other way round
 * @param file its copy
 */
public record RestoredRun(long number, int bits, long rows, boolean changed, boolean isByBucket, CheckpointFile file) {}
