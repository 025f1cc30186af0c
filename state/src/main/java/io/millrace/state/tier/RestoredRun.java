package io.millrace.state.tier;

import io.millrace.state.checkpoint.CheckpointFile;

/**
 * A run as a checkpoint has it.
 *
 * @param number of the run among those of its table and task
 * @param bits of the hash in a bucket
 * @param rows in it, parts of others or not
 * @param changed whether it may hold rows with changes that nobody has been told of
 * @param file its copy
 */
public record RestoredRun(long number, int bits, long rows, boolean changed, CheckpointFile file) {}
