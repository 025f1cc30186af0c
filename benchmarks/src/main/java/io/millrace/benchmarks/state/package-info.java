/**
 * What keeping state costs: a keyed count with and without checkpoints, one checkpoint of many changed keys, and going
 * on from it: read {@link io.millrace.benchmarks.state.StateBenchmark} first. The same count beside another engine is
 * {@link io.millrace.benchmarks.state.PeerBenchmark}, which starts each in a process of its own.
 *
 * <p>The rows are made by {@link io.millrace.benchmarks.state.KeyedRows}, source and sink of a connector that exists
 * only here: a key of 16 bytes and a BIGINT come in, and what the count emits is added up, so that the answer is
 * checked without holding it.
 */
package io.millrace.benchmarks.state;
