/**
 * Jobs: an operator graph from submission to its end.
 *
 * <p>Read {@link io.millrace.scheduler.job.Scheduler}, then {@link io.millrace.scheduler.job.Job}. A scheduler is
 * shared by all jobs of an engine; each job has a supervising thread of its own, which may block: it starts the nodes,
 * injects epoch markers, and completes or aborts what the sinks prepared. The methods of both classes may be called
 * from any thread.
 */
package io.millrace.scheduler.job;
