/**
 * How the tasks of a job together make a checkpoint. Read {@link
 * io.millrace.scheduler.checkpoint.CheckpointCoordinator}.
 *
 * <pre>
 *   supervising thread   a barrier is due: takes the next number, injects it
 *   each task            aligned on it, ends the epoch, marks its state, has its sink seal, sends it on; copies what was
 *                        marked between other work; tells what came of it
 *   I/O thread           all have told: writes the manifest, and once that is durable, commits the sinks
 * </pre>
 *
 * <p>One checkpoint is under way at a time. A task that has ended stands in all later ones as it was when it ended. One
 * that cannot be written is given up, and what was sealed for it goes into the next; the job goes on from the one
 * before.
 */
package io.millrace.scheduler.checkpoint;
