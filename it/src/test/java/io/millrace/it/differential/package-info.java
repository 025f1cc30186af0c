/**
 * Random queries, asked of the engine and of DuckDB.
 *
 * <p>Read {@link io.millrace.it.differential.DifferentialTest}. A query is a small tree with two texts, one for each
 * dialect; {@link io.millrace.it.differential.QueryGenerator} draws trees whose answer SQL does not leave open, and
 * when the answers differ {@link io.millrace.it.differential.Shrinker} looks for a smaller tree for which they still
 * do.
 */
package io.millrace.it.differential;
