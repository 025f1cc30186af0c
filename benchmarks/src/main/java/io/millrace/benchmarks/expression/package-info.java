/**
 * What expressions cost a row, interpreted and compiled, over one worker's batches in memory.
 *
 * <p>Read {@link io.millrace.benchmarks.expression.ExpressionBenchmark}: each case checks its answer against a plain
 * loop before a time is printed, and both evaluators take turns in each round.
 */
package io.millrace.benchmarks.expression;
