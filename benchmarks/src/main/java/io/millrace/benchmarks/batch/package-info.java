/**
 * Whole queries over Parquet, Millrace and DuckDB in turn in one process.
 *
 * <p>Read {@link io.millrace.benchmarks.batch.BatchBenchmark}; {@link io.millrace.benchmarks.batch.BidFiles} makes the
 * data. Answers are compared before any time is shown. Results go to a JSON file with machine, JDK and commit.
 */
package io.millrace.benchmarks.batch;
