/**
 * What the engine costs that has nothing to do: an engine without a job, and a job on a topic that nobody writes to.
 * Read {@link io.millrace.benchmarks.idle.IdleJobBenchmark}.
 *
 * <p>A job without input still has its epochs, and asks the broker now and then whether the topic is still there.
 */
package io.millrace.benchmarks.idle;
