/**
 * How fast Parquet pages become columns, beside parquet-java's own column reader over the same bytes in memory. Read
 * {@link io.millrace.benchmarks.parquet.ParquetDecodeBenchmark}.
 */
package io.millrace.benchmarks.parquet;
