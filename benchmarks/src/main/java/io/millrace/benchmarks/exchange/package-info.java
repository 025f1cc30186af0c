/**
 * What it costs to move batches: through exchanges between workers, and along a chain of operators on one. Read {@link
 * io.millrace.benchmarks.exchange.ExchangeBenchmark}, which says how to run it.
 */
package io.millrace.benchmarks.exchange;
