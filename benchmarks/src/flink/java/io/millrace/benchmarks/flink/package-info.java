/**
 * The keyed count in Flink, in a process of its own: a cluster of one worker in it, state in RocksDB, incremental
 * checkpoints. Read {@link io.millrace.benchmarks.flink.FlinkSide} first; it says how Flink is set and why.
 *
 * <p>Compiled by {@code benchmarks/flink-peer} only, with Flink's own libraries: nothing here is on Millrace's class
 * path, and nothing of Millrace but {@code io.millrace.benchmarks.keyed} is on this one. What the job and the thread
 * that drives it have to tell each other goes through {@link io.millrace.benchmarks.flink.SharedRun}.
 */
package io.millrace.benchmarks.flink;
