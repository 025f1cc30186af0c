/**
 * Runs an operator graph: workers, tasks, exchanges, epoch markers, failure, and the seeded simulation of all of it.
 *
 * <p>Read {@link io.millrace.scheduler.job.Scheduler} for what the engine uses. Inside, from the bottom up: {@code
 * exchange} carries batches and control between tasks, {@code epoch} counts markers, {@code task} drives one chain of
 * operators, {@code worker} drives tasks on threads, {@code job} makes a graph into tasks and sees them through, {@code
 * simulation} does what {@code worker} does on one thread, in an order drawn from a seed.
 */
package io.millrace.scheduler;
