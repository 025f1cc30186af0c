/**
 * Measurements: JMH for kernels, whole queries beside their peers.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.benchmarks;
