/** What the engine costs that has nothing to do. Read {@link io.millrace.benchmarks.idle.IdleJobBenchmark}. */
package io.millrace.benchmarks.idle;
