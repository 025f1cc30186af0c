/**
 * Measurements: kernels, and whole queries beside their peers. {@code benchmarks/run} builds and starts one with the
 * flags of {@code ./millrace run}; what was found is in {@code benchmarks/RESULTS.md}.
 *
 * <p>Each says in its javadoc what it asks, of which data, and with which arguments; each checks its answers first.
 */
package io.millrace.benchmarks;
