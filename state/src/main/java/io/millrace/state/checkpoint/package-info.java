/**
 * Checkpoints: which files, together, are one state of a job. Read {@link io.millrace.state.checkpoint.CheckpointStore}
 * first, then {@link io.millrace.state.checkpoint.Manifest}.
 *
 * <p>A checkpoint is there when its manifest is. The manifest is published last, under a number that nothing else has
 * or will have; all files it names lie there, whole, before it does.
 */
package io.millrace.state.checkpoint;
