/**
 * What need not be read is not, and nothing is left out that matters. Read {@link io.millrace.it.pruning.PruningTest}:
 * it runs SQL over Parquet files of DuckDB and of the engine's own, and counts what was read.
 *
 * <p>The oracle is the same condition as an expression, which no source can use.
 */
package io.millrace.it.pruning;
