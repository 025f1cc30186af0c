/**
 * Epochs: markers that are injected at the sources in-band, and counted until every task has passed them.
 *
 * <p>Read {@link io.millrace.scheduler.epoch.EpochCoordinator}. One coordinator a job runs on the job's supervising
 * thread; it meets each task at an {@link io.millrace.scheduler.epoch.EpochPort}: a ring of markers towards each
 * source, and a counter back. A task aligns a marker over all its input channels; a channel that has ended counts as
 * arrived, and a task that has ended has passed every epoch.
 *
 * <p>A marker that names a checkpoint is a barrier. It takes the same way; when all tasks have passed it, every one has
 * seen it between the same rows. What is done at it is told in {@code io.millrace.scheduler.checkpoint}.
 */
package io.millrace.scheduler.epoch;
